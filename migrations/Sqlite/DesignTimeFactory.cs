using ErrorHub.Storage;
using ErrorHub.Storage.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ErrorHub.Migrations.Sqlite;

/// <summary>Lets <c>dotnet ef</c> build the model without a running server or database.</summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ErrorHubDbContext>
{
    /// <inheritdoc/>
    public ErrorHubDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ErrorHubDbContext>();
        SqliteStorage.Configure(options, "Data Source=design-time.db");
        return new ErrorHubDbContext(options.Options);
    }
}

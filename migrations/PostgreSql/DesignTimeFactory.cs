using ErrorHub.Storage;
using ErrorHub.Storage.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace ErrorHub.Migrations.PostgreSql;

/// <summary>Lets <c>dotnet ef</c> build the model without a running server or database.</summary>
public sealed class DesignTimeFactory : IDesignTimeDbContextFactory<ErrorHubDbContext>
{
    /// <inheritdoc/>
    public ErrorHubDbContext CreateDbContext(string[] args)
    {
        var options = new DbContextOptionsBuilder<ErrorHubDbContext>();
        PostgreSqlStorage.Configure(options, "Host=localhost;Database=design_time");
        return new ErrorHubDbContext(options.Options);
    }
}

using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace ErrorHub.EndToEnd.Tests.Hosting;

/// <summary>What a new user gets: nothing set.</summary>
public sealed class SqliteInstallation : Installation
{
    public override async Task<DbConnection> OpenDatabaseAsync(CancellationToken cancellationToken)
    {
        // Not pooled: the file is deleted with its folder.
        var connection = new SqliteConnection($"Data Source={Path.Combine(DataDirectory, "errorhub.db")};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}

using System.Data.Common;
using Npgsql;

namespace ErrorHub.EndToEnd.Tests.Hosting;

/// <summary>A database of its own in the cluster of <c>ERRORHUB_TEST_POSTGRES</c>.</summary>
public sealed class PostgreSqlInstallation : Installation
{
    private readonly string _database = $"errorhub_e2e_{Guid.NewGuid():n}";
    private readonly string _connectionString;

    public PostgreSqlInstallation()
    {
        _connectionString = new NpgsqlConnectionStringBuilder(Admin) { Database = _database }.ConnectionString;
        Settings["ConnectionStrings__ErrorHub"] = _connectionString;
        using var connection = new NpgsqlConnection($"{Admin};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand($"CREATE DATABASE {_database}", connection);
        command.ExecuteNonQuery();
    }

    private static string Admin => Environment.GetEnvironmentVariable("ERRORHUB_TEST_POSTGRES")
        ?? throw new InvalidOperationException("ERRORHUB_TEST_POSTGRES must name a PostgreSQL superuser's database; tests/run sets it.");

    public override async Task<DbConnection> OpenDatabaseAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection($"{_connectionString};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public override async ValueTask DisposeAsync()
    {
        await ExecuteAsync($"DROP DATABASE {_database} WITH (FORCE)");
        await base.DisposeAsync();
    }

    /// <summary>Runs SQL as the superuser, outside of any installation's database.</summary>
    internal static async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection($"{Admin};Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}

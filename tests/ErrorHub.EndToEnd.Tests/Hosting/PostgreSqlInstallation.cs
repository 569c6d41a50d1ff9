using System.Data.Common;
using Npgsql;

namespace ErrorHub.EndToEnd.Tests.Hosting;

/// <summary>A database of its own in the cluster of <c>ERRORHUB_TEST_POSTGRES</c>.</summary>
public sealed class PostgreSqlInstallation : Installation
{
    private readonly string _database = $"errorhub_e2e_{Guid.NewGuid():n}";
    private readonly string _admin;
    private readonly string _connectionString;

    public PostgreSqlInstallation()
    {
        _admin = Environment.GetEnvironmentVariable("ERRORHUB_TEST_POSTGRES")
            ?? throw new InvalidOperationException("ERRORHUB_TEST_POSTGRES must name a PostgreSQL superuser's database; tests/run sets it.");
        _connectionString = new NpgsqlConnectionStringBuilder(_admin) { Database = _database }.ConnectionString;
        Settings["ConnectionStrings__ErrorHub"] = _connectionString;
        Execute($"CREATE DATABASE {_database}");
    }

    public override async Task<DbConnection> OpenDatabaseAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection($"{_connectionString};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    public override async ValueTask DisposeAsync()
    {
        Execute($"DROP DATABASE {_database} WITH (FORCE)");
        await base.DisposeAsync();
    }

    private void Execute(string sql)
    {
        using var connection = new NpgsqlConnection($"{_admin};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}

using System.Data.Common;
using Npgsql;

namespace ErrorHub.Benchmarks.Servers;

/// <summary>A database of its own in the cluster of <c>ERRORHUB_TEST_POSTGRES</c>.</summary>
internal sealed class PostgreSqlBenchDatabase : BenchDatabase
{
    private readonly string _name = $"errorhub_bench_{Guid.NewGuid():n}";
    private readonly string _admin;

    public PostgreSqlBenchDatabase()
    {
        _admin = Environment.GetEnvironmentVariable("ERRORHUB_TEST_POSTGRES")
            ?? throw new BenchmarkException("ERRORHUB_TEST_POSTGRES must name a PostgreSQL superuser's database; tests/run sets it");
        Execute($"CREATE DATABASE {_name}");
    }

    public override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string> { ["ConnectionStrings__ErrorHub"] = RawConnection };

    public override string RawConnection => new NpgsqlConnectionStringBuilder(_admin) { Database = _name }.ConnectionString;

    // Notes of the journal live for a second and autovacuum gives back their room within minutes; on SQLite free pages are not counted either.
    public override long Size() => Number("VACUUM count_journal", "CHECKPOINT", "SELECT pg_database_size(current_database())");

    public override void Dispose()
    {
        Execute($"DROP DATABASE {_name} WITH (FORCE)");
        base.Dispose();
    }

    protected override DbConnection Open()
    {
        var connection = new NpgsqlConnection($"{RawConnection};Pooling=false");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using var connection = new NpgsqlConnection($"{_admin};Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }
}

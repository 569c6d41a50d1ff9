using Microsoft.Data.Sqlite;

namespace ErrorHub.Benchmarks.Raw;

/// <summary>One prepared insert, durable through a power cut as ErrorHub's are. The id is a key: a store must find what it keeps.</summary>
internal sealed class RawSqliteStore : IRawStore
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _commit;

    public RawSqliteStore(string connectionString)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        // Page size and checkpoints as ErrorHub has them, which suit bodies of this size better than the defaults do.
        Command("""
            PRAGMA page_size = 8192;
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = FULL;
            PRAGMA wal_autocheckpoint = 4000;
            CREATE TABLE raw (id BLOB NOT NULL PRIMARY KEY, at INTEGER NOT NULL, body BLOB NOT NULL);
            """).ExecuteNonQuery();
        (_begin, _commit) = (Command("BEGIN IMMEDIATE"), Command("COMMIT"));
        _insert = Command("INSERT INTO raw (id, at, body) VALUES ($1, $2, $3)");
        for (var i = 1; i <= 3; i++)
            _insert.Parameters.Add(new SqliteParameter($"${i}", null));
    }

    public Task WriteAsync(IReadOnlyList<RawRow> rows)
    {
        _begin.ExecuteNonQuery();
        foreach (var row in rows)
        {
            _insert.Parameters[0].Value = row.Id.ToByteArray(bigEndian: true);
            _insert.Parameters[1].Value = row.At.UtcTicks;
            _insert.Parameters[2].Value = row.Body;
            _insert.ExecuteNonQuery();
        }

        _commit.ExecuteNonQuery();
        return Task.CompletedTask;
    }

    public void Dispose() => _connection.Dispose();

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this file.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}

using Npgsql;
using NpgsqlTypes;

namespace ErrorHub.Benchmarks.Raw;

/// <summary>One COPY a batch. The id is a key: a store must find what it keeps.</summary>
internal sealed class RawPostgreSqlStore : IRawStore
{
    private readonly NpgsqlConnection _connection;

    public RawPostgreSqlStore(string connectionString)
    {
        _connection = new NpgsqlConnection(connectionString);
        _connection.Open();
        // EXTERNAL: the bodies are compressed, to try it again would only cost time.
        using var create = new NpgsqlCommand("""
            CREATE TABLE raw (id uuid PRIMARY KEY, at timestamptz NOT NULL, body bytea NOT NULL);
            ALTER TABLE raw ALTER body SET STORAGE EXTERNAL;
            """, _connection);
        create.ExecuteNonQuery();
    }

    public async Task WriteAsync(IReadOnlyList<RawRow> rows)
    {
        await using var copy = await _connection.BeginBinaryImportAsync("COPY raw (id, at, body) FROM STDIN (FORMAT BINARY)");
        foreach (var row in rows)
        {
            await copy.StartRowAsync();
            await copy.WriteAsync(row.Id, NpgsqlDbType.Uuid);
            await copy.WriteAsync(row.At, NpgsqlDbType.TimestampTz);
            await copy.WriteAsync(row.Body, NpgsqlDbType.Bytea);
        }

        // A COPY alone is a transaction of its own: complete is committed.
        await copy.CompleteAsync();
    }

    public void Dispose() => _connection.Dispose();
}

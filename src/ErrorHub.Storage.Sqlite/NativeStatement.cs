using System.Buffers;
using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;
using static SQLitePCL.raw;

namespace ErrorHub.Storage.Sqlite;

/// <summary>
/// A prepared statement of the writer, with parameters <c>$1</c>, <c>$2</c> …, that speaks to SQLite itself. A command of ADO.NET
/// looks every parameter up by its name, boxes its value and makes a reader, for each of the dozen rows an event touches: that
/// was half of the writer's time (benchmark ingest/capacity). Only for use inside a transaction, whose BEGIN waits for the lock.
/// </summary>
internal sealed class NativeStatement : IDisposable
{
    private const int StackBytes = 1024;
    private const int IdBytes = 16;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    // Where $1, $2 … are: SQLite numbers them in the order in which the text mentions them first.
    private readonly int[] _positions;

    public NativeStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle!;
        Check(sqlite3_prepare_v3(_database, sql, SQLITE_PREPARE_PERSISTENT, out _statement));
        _positions = new int[sqlite3_bind_parameter_count(_statement)];
        for (var i = 0; i < _positions.Length; i++)
            _positions[i] = sqlite3_bind_parameter_index(_statement, $"${i + 1}");
    }

    /// <summary>Runs it.</summary>
    /// <returns>Rows inserted, updated or deleted.</returns>
    public int Run(params ReadOnlySpan<SqliteValue> values)
    {
        Bind(values);
        var result = sqlite3_step(_statement);
        sqlite3_reset(_statement);
        Check(result);
        return sqlite3_changes(_database);
    }

    /// <summary>Runs it and stops at its first row; disposed before the next use.</summary>
    public Row First(params ReadOnlySpan<SqliteValue> values)
    {
        Bind(values);
        var result = sqlite3_step(_statement);
        if (result is not (SQLITE_ROW or SQLITE_DONE))
            sqlite3_reset(_statement);

        Check(result);
        return new Row(_statement, result == SQLITE_ROW);
    }

    public void Dispose() => _statement.Dispose();

    private void Bind(ReadOnlySpan<SqliteValue> values)
    {
        for (var i = 0; i < values.Length; i++)
            Check(Bind(_positions[i], values[i]));
    }

    // SQLite copies what it is given.
    private int Bind(int parameter, in SqliteValue value)
    {
        switch (value.Kind)
        {
            case SqliteValueKind.Number:
                return sqlite3_bind_int64(_statement, parameter, value.Number);
            case SqliteValueKind.Text:
                return BindText(parameter, value.Text!);
            case SqliteValueKind.Bytes:
                return sqlite3_bind_blob(_statement, parameter, value.Bytes.Span);
            case SqliteValueKind.Id:
                Span<byte> id = stackalloc byte[IdBytes];
                value.Id.TryWriteBytes(id, bigEndian: true, out _);
                return sqlite3_bind_blob(_statement, parameter, id);
            default:
                return sqlite3_bind_null(_statement, parameter);
        }
    }

    private int BindText(int parameter, string text)
    {
        // An empty span has no address, and no address binds NULL.
        if (text.Length == 0)
            return sqlite3_bind_text(_statement, parameter, text);

        var maxBytes = Encoding.UTF8.GetMaxByteCount(text.Length);
        var rented = maxBytes > StackBytes ? ArrayPool<byte>.Shared.Rent(maxBytes) : null;
        Span<byte> utf8 = rented ?? stackalloc byte[StackBytes];
        var result = sqlite3_bind_text(_statement, parameter, utf8[..Encoding.UTF8.GetBytes(text, utf8)]);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);

        return result;
    }

    private void Check(int result)
    {
        if (result is not (SQLITE_OK or SQLITE_ROW or SQLITE_DONE))
            SqliteException.ThrowExceptionForRC(result, _database);
    }

    /// <summary>A row, if there was one.</summary>
    internal readonly ref struct Row(sqlite3_stmt statement, bool exists)
    {
        public bool Exists => exists;

        public long Number(int column) => sqlite3_column_int64(statement, column);

        public Guid Id(int column) => new(sqlite3_column_blob(statement, column), bigEndian: true);

        // A statement left in the middle would keep its snapshot, and with it the log from being checkpointed.
        public void Dispose() => sqlite3_reset(statement);
    }
}

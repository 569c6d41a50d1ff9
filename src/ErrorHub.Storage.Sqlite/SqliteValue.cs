namespace ErrorHub.Storage.Sqlite;

/// <summary>
/// A parameter's value, made by conversion from what the columns hold: a value type, so that a row of seventeen columns leaves
/// nothing for the garbage collector. The types are those of <see cref="SqliteModelCustomizer"/>: times as microseconds, ids as
/// big-endian bytes.
/// </summary>
internal readonly struct SqliteValue
{
    private SqliteValue(SqliteValueKind kind) => Kind = kind;

    public SqliteValueKind Kind { get; }

    public long Number { get; private init; }

    public string? Text { get; private init; }

    public ReadOnlyMemory<byte> Bytes { get; private init; }

    public Guid Id { get; private init; }

    public static implicit operator SqliteValue(long value) => new(SqliteValueKind.Number) { Number = value };

    public static implicit operator SqliteValue(bool? value) => value is { } known ? (known ? 1 : 0) : default(SqliteValue);

    public static implicit operator SqliteValue(DateTimeOffset value) => SqliteTime.ToMicroseconds(value);

    public static implicit operator SqliteValue(DateTimeOffset? value) => value is { } known ? known : default(SqliteValue);

    public static implicit operator SqliteValue(string? value) => value is null ? default : new(SqliteValueKind.Text) { Text = value };

    public static implicit operator SqliteValue(byte[]? value) => value is null ? default : new(SqliteValueKind.Bytes) { Bytes = value };

    public static implicit operator SqliteValue(ReadOnlyMemory<byte> value) => new(SqliteValueKind.Bytes) { Bytes = value };

    public static implicit operator SqliteValue(Guid value) => new(SqliteValueKind.Id) { Id = value };

    public static implicit operator SqliteValue(Guid? value) => value is { } known ? known : default(SqliteValue);
}

internal enum SqliteValueKind : byte
{
    Null,
    Number,
    Text,
    Bytes,
    Id,
}

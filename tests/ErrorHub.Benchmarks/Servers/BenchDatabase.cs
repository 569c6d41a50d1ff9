using System.Data.Common;

namespace ErrorHub.Benchmarks.Servers;

internal enum DatabaseKind
{
    Sqlite,
    PostgreSql,
}

/// <summary>An empty database and a directory, for one server. Gone at the end.</summary>
internal abstract class BenchDatabase : IDisposable
{
    /// <summary>On the same disk for every server of a run.</summary>
    public string DataDirectory { get; } = Directory.CreateTempSubdirectory("errorhub-bench-").FullName;

    /// <summary>ErrorHub's settings for it.</summary>
    public abstract IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>The raw baseline's argument for it.</summary>
    public abstract string RawConnection { get; }

    public static BenchDatabase Create(DatabaseKind kind) => kind == DatabaseKind.Sqlite ? new SqliteBenchDatabase() : new PostgreSqlBenchDatabase();

    /// <summary>Bytes that its tables and indexes take, after what the log still holds is written to them.</summary>
    public abstract long Size();

    /// <summary>Events whose rows are stored, and events that the issues' counters show.</summary>
    public (long Rows, long Counted) CountEvents()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT (SELECT count(*) FROM events), (SELECT coalesce(sum(event_count), 0) FROM issues)";
        using var reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), Convert.ToInt64(reader.GetValue(1), System.Globalization.CultureInfo.InvariantCulture));
    }

    public virtual void Dispose() => Directory.Delete(DataDirectory, recursive: true);

    protected abstract DbConnection Open();

    protected long Number(params ReadOnlySpan<string> statements)
    {
        using var connection = Open();
        long number = 0;
        foreach (var statement in statements)
        {
            using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of the benchmarks.
            command.CommandText = statement;
#pragma warning restore CA2100
            number = command.ExecuteScalar() is long value ? value : 0;
        }

        return number;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using ErrorHub.Ingest;
using Npgsql;
using static ErrorHub.Storage.PostgreSql.SqlCommands;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>Makes partitions: ahead of time by the upkeep, and by the writer when an event needs one that is not there.</summary>
internal sealed class EventPartitions
{
    // Two processes may want the same partition. A lock of this one database is enough: nothing but the making of tables hangs on it.
    private const string OneAtATime = "SELECT pg_advisory_xact_lock(7201)";

    private const string FindTables = """
        SELECT c.relname FROM pg_class c
        WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY($1)
        """;

    // What this process has seen to exist: a batch normally needs one look into this set and no round trip.
    private readonly ConcurrentDictionary<EventPartition, bool> _known = new();

    /// <summary>Sees to it that every event has a partition to go to.</summary>
    public Task EnsureAsync(NpgsqlConnection connection, IEnumerable<ProcessedEvent> events, CancellationToken cancellationToken) =>
        EnsureAsync(connection, events.Select(e => EventPartition.Of(e.RetentionDays, e.ReceivedAt)), cancellationToken);

    /// <summary>Makes the partitions that are missing, in a transaction of its own.</summary>
    public async Task EnsureAsync(
        NpgsqlConnection connection, IEnumerable<EventPartition> partitions, CancellationToken cancellationToken)
    {
        var unknown = partitions.Distinct().Where(partition => !_known.ContainsKey(partition)).ToList();
        if (unknown.Count == 0)
            return;

        await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
        {
            await ExecuteAsync(connection, OneAtATime, cancellationToken);
            var names = unknown.Select(p => p.Table).Concat(unknown.Select(p => p.ClassTable)).Distinct().ToArray();
            var existing = await ExistingAsync(connection, names, cancellationToken);
            foreach (var partition in unknown.OrderBy(p => p.RetentionDays).ThenBy(p => p.Day))
            {
                if (existing.Add(partition.ClassTable))
                    await ExecuteAsync(connection, CreateClass(partition), cancellationToken);

                if (existing.Add(partition.Table))
                    await ExecuteAsync(connection, CreateDay(partition), cancellationToken);
            }

            await transaction.CommitAsync(cancellationToken);
        }

        foreach (var partition in unknown)
            _known[partition] = true;
    }

    /// <summary>Forgets what is known, after a partition turned out to be gone.</summary>
    public void Forget() => _known.Clear();

    // A retention class is new a few times in the life of an installation, so PARTITION OF and its lock on events will do.
    private static string CreateClass(EventPartition p) => string.Create(CultureInfo.InvariantCulture, $"""
        CREATE TABLE {p.ClassTable} PARTITION OF events FOR VALUES IN ({p.RetentionDays}) PARTITION BY RANGE (received_at)
        """);

    // Not PARTITION OF: that would lock out readers and writers of the class until it gets its turn; ATTACH lets both go on.
    private static string CreateDay(EventPartition p) => string.Create(CultureInfo.InvariantCulture, $"""
        CREATE TABLE {p.Table} (LIKE {p.ClassTable} INCLUDING ALL);
        ALTER TABLE {p.ClassTable} ATTACH PARTITION {p.Table} FOR VALUES FROM ('{p.From:yyyy-MM-dd}Z') TO ('{p.To:yyyy-MM-dd}Z');
        """);

    private static async Task<HashSet<string>> ExistingAsync(
        NpgsqlConnection connection, string[] names, CancellationToken cancellationToken)
    {
        var existing = new HashSet<string>();
        await using var command = connection.Command(FindTables, Value(names));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            existing.Add(reader.GetString(0));

        return existing;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

using System.Runtime.InteropServices;
using ErrorHub.Ingest;
using Npgsql;
using static ErrorHub.Storage.PostgreSql.SqlCommands;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>The events themselves: their ids, which make them unique, and their rows.</summary>
internal static class EventRows
{
    // A 200 means "on disk": whoever switched that off for the whole server gets it back here; stricter settings stay. And all that a
    // batch reads it finds by key: until the first ANALYZE of a young database the planner thinks its tables empty and reads them
    // whole instead, batch after batch, and its plans are kept. One plan for all batches: they differ in length only.
    private const string Settings = """
        SELECT
            set_config('synchronous_commit', CASE setting WHEN 'off' THEN 'on' ELSE setting END, true),
            set_config('enable_seqscan', 'off', true),
            set_config('plan_cache_mode', 'force_generic_plan', true)
        FROM current_setting('synchronous_commit') AS setting
        """;

    // A batch that is counted later, whole and in one round trip: ids, rows, and the note of what to count, which says whose ids were free.
    private const string InsertNoted = """
        WITH stored AS (
            INSERT INTO event_keys (project_id, event_id, received_at, id, retention_days)
            SELECT * FROM unnest($1, $2, $3, $4, $5) AS k (project_id, event_id, received_at, id, retention_days)
            WHERE EXISTS (SELECT FROM projects p WHERE p.id = k.project_id)
            ORDER BY k.project_id, k.event_id
            ON CONFLICT (project_id, event_id) DO NOTHING
            RETURNING id
        ), note AS (
            INSERT INTO count_journal (note, stored)
            SELECT $6, coalesce(array_agg(id), '{}') FROM stored
        ), rows AS (
            INSERT INTO events (project_id, received_at, id, retention_days, event_id, hash, timestamp, level, platform, title,
                environment, release, user_hash, trace_id, codec, body, body_bytes)
            SELECT * FROM unnest($7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)
                AS e (project_id, received_at, id, retention_days, event_id, hash, timestamp, level, platform, title,
                    environment, release, user_hash, trace_id, codec, body, body_bytes)
            WHERE e.id IN (SELECT id FROM stored)
        )
        SELECT id FROM stored
        """;

    private const string FindProjects = "SELECT id FROM projects WHERE id = ANY($1)";

    // Issues of a project are made by one writer at a time: whoever holds the project's row sees what the one before has made. So a
    // fault that starts in two processes at once becomes one issue, and numbers have no gaps.
    private const string LockProjects = "SELECT id FROM projects WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

    // Of two writers with the same event one waits here for the other's commit, then finds the id taken. Only what this returns is
    // stored and counted. In the order of the keys, so that both wait in the same order.
    private const string InsertKeys = """
        INSERT INTO event_keys (project_id, event_id, received_at, id, retention_days)
        SELECT * FROM unnest($1, $2, $3, $4, $5) AS k (project_id, event_id, received_at, id, retention_days)
        WHERE EXISTS (SELECT FROM projects p WHERE p.id = k.project_id)
        ORDER BY k.project_id, k.event_id
        ON CONFLICT (project_id, event_id) DO NOTHING
        RETURNING project_id, event_id
        """;

    private const string FindKeys = """
        SELECT project_id, event_id, id FROM event_keys
        WHERE (project_id, event_id) IN (SELECT * FROM unnest($1, $2))
        """;

    // Not COPY, which is a shade cheaper for the server, but takes two round trips of its own: this goes with the rest of the batch.
    private const string InsertEvents = """
        INSERT INTO events (project_id, received_at, id, retention_days, event_id, hash, timestamp, level, platform, title,
            environment, release, user_hash, trace_id, codec, body, body_bytes)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """;

    /// <summary>Adds what takes the ids of the events that have a project.</summary>
    /// <param name="start">The first statements of a transaction.</param>
    /// <param name="batch">The events.</param>
    /// <param name="locked">Projects to lock, in which the batch may make issues.</param>
    public static void AddReservation(NpgsqlBatch start, EventBatch batch, IReadOnlySet<long> locked)
    {
        AddSettings(start);
        AddLock(start, locked);
        start.Add(FindProjects, Value(batch.Events.Select(e => e.ProjectId).Where(id => !locked.Contains(id)).Distinct().ToArray()));
        start.Add(InsertKeys, KeysOf(batch));
    }

    /// <summary>Adds how the transaction goes about its work.</summary>
    public static void AddSettings(NpgsqlBatch start) => start.Add(Settings);

    /// <summary>Adds what locks projects in which issues may be made.</summary>
    public static void AddLock(NpgsqlBatch start, IReadOnlySet<long> projects) => start.Add(LockProjects, Value(projects.ToArray()));

    /// <summary>Adds what stores a whole batch and notes down what is to be counted.</summary>
    /// <param name="whole">The statements of the transaction.</param>
    /// <param name="batch">The events.</param>
    /// <param name="issueOf">The issue of a hash.</param>
    public static void AddNoted(NpgsqlBatch whole, EventBatch batch, Func<FingerprintKey, Guid> issueOf)
    {
        var note = JournalledBatch.Write(
            batch.Events.Select((e, i) => new JournalledEvent(e, issueOf(FingerprintKey.Of(e)), batch.IsKept(i))));
        var kept = batch.Candidates.Where(batch.IsKept).ToList();
        whole.Add(InsertNoted, [.. KeysOf(batch), Value(note), .. RowsOf(batch, kept)]);
    }

    /// <summary>Reads whose ids <see cref="AddNoted"/> has taken, up to the next statement's result.</summary>
    public static async Task ReadNotedAsync(NpgsqlDataReader reader, EventBatch batch, CancellationToken cancellationToken)
    {
        var positions = batch.Candidates.ToDictionary(i => batch.Events[i].Id);
        while (await reader.ReadAsync(cancellationToken))
            batch.MarkStored(positions[reader.GetGuid(0)]);

        await reader.NextResultAsync(cancellationToken);
    }

    /// <summary>Reads what <see cref="AddReservation"/> did, up to the next statement's result.</summary>
    /// <returns>Positions of the events whose ids were taken before.</returns>
    public static async Task<IReadOnlyCollection<int>> ReadReservationAsync(
        NpgsqlDataReader reader, EventBatch batch, CancellationToken cancellationToken)
    {
        var projects = new HashSet<long>();
        for (var list = 0; list < 2; list++)
        {
            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                projects.Add(reader.GetInt64(0));
        }

        batch.LeaveOutAllBut(projects);
        var positions = batch.Candidates.ToDictionary(i => (batch.Events[i].ProjectId, batch.Events[i].EventId.Value));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            positions.Remove((reader.GetInt64(0), reader.GetGuid(1)), out var position);
            batch.MarkStored(position);
        }

        await reader.NextResultAsync(cancellationToken);
        return positions.Values;
    }

    /// <summary>Tells repeats of the same write from other events with the same id.</summary>
    /// <returns>Positions of those whose id is not taken at all: their project is gone.</returns>
    public static async Task<IReadOnlyList<int>> MarkTakenAsync(
        NpgsqlConnection connection, EventBatch batch, IReadOnlyCollection<int> taken, CancellationToken cancellationToken)
    {
        if (taken.Count == 0)
            return [];

        var keys = taken.Select(KeyOf).Distinct().ToList();
        var ids = new Dictionary<(long, Guid), Guid>();
        await using (var command = connection.Command(FindKeys, Column(keys, k => k.ProjectId), Column(keys, k => k.EventId)))
        {
            await using var found = await command.ExecuteReaderAsync(cancellationToken);
            while (await found.ReadAsync(cancellationToken))
                ids.Add((found.GetInt64(0), found.GetGuid(1)), found.GetGuid(2));
        }

        var missing = new List<int>();
        foreach (var position in taken)
        {
            if (ids.TryGetValue(KeyOf(position), out var id))
                batch.MarkTaken(position, id);
            else
                missing.Add(position);
        }

        return missing;

        (long ProjectId, Guid EventId) KeyOf(int position) => (batch.Events[position].ProjectId, batch.Events[position].EventId.Value);
    }

    /// <summary>Adds the rows of the events that are kept.</summary>
    public static void AddInsert(NpgsqlBatch end, EventBatch batch)
    {
        var kept = Enumerable.Range(0, batch.Events.Count).Where(batch.IsKept).ToList();
        if (kept.Count == 0)
            return;

        end.Add(InsertEvents, RowsOf(batch, kept));
    }

    private static NpgsqlParameter[] KeysOf(EventBatch batch)
    {
        var events = batch.Candidates.Select(i => batch.Events[i]).ToList();
        return
        [
            Column(events, e => e.ProjectId),
            Column(events, e => e.EventId.Value),
            Column(events, e => e.ReceivedAt.UtcDateTime),
            Column(events, e => e.Id),
            Column(events, e => e.RetentionDays),
        ];
    }

    private static NpgsqlParameter[] RowsOf(EventBatch batch, List<int> positions)
    {
        return
        [
            Of(e => e.ProjectId),
            Of(e => e.ReceivedAt.UtcDateTime),
            Of(e => e.Id),
            Of(e => e.RetentionDays),
            Of(e => e.EventId.Value),
            Of(e => e.Grouping.Hash.Value),
            Of(e => e.Timestamp.UtcDateTime),
            Of(e => (short)e.Level),
            Of(e => e.Platform),
            Of(e => e.Heading.Title),
            Of(e => e.Environment),
            Of(e => e.Release),
            Of(e => e.UserHash),
            Of(e => e.TraceId),
            Of(e => (short)e.Codec),
            Of(e => ArrayOf(e.Body)),
            Of(e => e.BodyBytes),
        ];

        NpgsqlParameter Of<T>(Func<ProcessedEvent, T> column) => Column(positions, i => column(batch.Events[i]));
    }

    private static byte[] ArrayOf(ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Count == segment.Array!.Length ? segment.Array : bytes.ToArray();
}

using Npgsql;
using NpgsqlTypes;
using static ErrorHub.Storage.PostgreSql.SqlCommands;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>The events themselves: their ids, which make them unique, and their rows.</summary>
internal static class EventRows
{
    // A 200 means "on disk". Whoever switched that off for the whole server gets it back here; stricter settings stay.
    private const string CommitToDisk =
        "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'";

    // All that a batch reads it finds by key. Until the first ANALYZE of a young database the planner thinks its tables empty and
    // reads them whole instead, batch after batch, and its plans are kept. One plan for all batches: they differ in length only.
    private const string PlanByKey =
        "SELECT set_config('enable_seqscan', 'off', true), set_config('plan_cache_mode', 'force_generic_plan', true)";

    private const string FindProjects = "SELECT id FROM projects WHERE id = ANY($1)";

    // Of two writers with the same event one waits here for the other's commit, then finds the id taken. Only what this returns is
    // stored and counted. The rows come sorted, so that both wait in the same order.
    private const string InsertKeys = """
        INSERT INTO event_keys (project_id, event_id, received_at, id, retention_days)
        SELECT * FROM unnest($1, $2, $3, $4, $5)
        ON CONFLICT (project_id, event_id) DO NOTHING
        RETURNING project_id, event_id
        """;

    private const string FindKeys = """
        SELECT project_id, event_id, id FROM event_keys
        WHERE (project_id, event_id) IN (SELECT * FROM unnest($1, $2))
        """;

    // The keys were just deduplicated, so the rows can go in by COPY, which knows no ON CONFLICT and is the fastest way in.
    private const string CopyEvents = """
        COPY events (project_id, received_at, id, retention_days, event_id, issue_id, timestamp, level, platform, title,
            environment, release, user_hash, trace_id, codec, body, body_bytes)
        FROM STDIN (FORMAT BINARY)
        """;

    /// <summary>Leaves out what has no project, and takes the ids of the rest.</summary>
    public static async Task ReserveIdsAsync(NpgsqlConnection connection, EventBatch batch, CancellationToken cancellationToken)
    {
        await using (var first = new NpgsqlBatch(connection))
        {
            first.Add(CommitToDisk);
            first.Add(PlanByKey);
            first.Add(FindProjects, Value(batch.Events.Select(e => e.ProjectId).Distinct().ToArray()));
            await using var reader = await first.ExecuteReaderAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            await reader.NextResultAsync(cancellationToken);
            var projects = new HashSet<long>();
            while (await reader.ReadAsync(cancellationToken))
                projects.Add(reader.GetInt64(0));

            batch.LeaveOutAllBut(projects);
        }

        if (batch.Candidates.Count == 0)
            return;

        var events = batch.Candidates.Select(i => batch.Events[i]).ToList();
        await using var command = connection.Command(
            InsertKeys,
            Column(events, e => e.ProjectId),
            Column(events, e => e.EventId.Value),
            Column(events, e => e.ReceivedAt.UtcDateTime),
            Column(events, e => e.Id),
            Column(events, e => e.RetentionDays));
        var positions = batch.Candidates.ToDictionary(i => (batch.Events[i].ProjectId, batch.Events[i].EventId.Value));
        await using (var inserted = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await inserted.ReadAsync(cancellationToken))
            {
                positions.Remove((inserted.GetInt64(0), inserted.GetGuid(1)), out var position);
                batch.MarkStored(position);
            }
        }

        await MarkTakenAsync(connection, batch, positions, cancellationToken);
    }

    private static async Task MarkTakenAsync(
        NpgsqlConnection connection, EventBatch batch, Dictionary<(long ProjectId, Guid EventId), int> taken,
        CancellationToken cancellationToken)
    {
        if (taken.Count == 0)
            return;

        var keys = taken.Keys.ToList();
        await using var command = connection.Command(FindKeys, Column(keys, k => k.ProjectId), Column(keys, k => k.EventId));
        await using var found = await command.ExecuteReaderAsync(cancellationToken);
        while (await found.ReadAsync(cancellationToken))
            batch.MarkTaken(taken[(found.GetInt64(0), found.GetGuid(1))], found.GetGuid(2));
    }

    /// <summary>Inserts the rows of the stored events.</summary>
    public static async Task CopyAsync(NpgsqlConnection connection, EventBatch batch, CancellationToken cancellationToken)
    {
        if (!batch.Stored.Any())
            return;

        await using var copy = await connection.BeginBinaryImportAsync(CopyEvents, cancellationToken);
        for (var i = 0; i < batch.Events.Count; i++)
        {
            if (!batch.IsKept(i))
                continue;

            var (e, result) = (batch.Events[i], batch.Results[i]);
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(e.ProjectId, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(e.ReceivedAt.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync(e.Id, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(e.RetentionDays, NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync(e.EventId.Value, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(result.IssueId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(e.Timestamp.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await copy.WriteAsync((short)e.Level, NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync(e.Platform, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(e.Heading.Title, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(e.Environment, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync(e.Release, NpgsqlDbType.Varchar, cancellationToken);
            await WriteOrNullAsync(copy, e.UserHash, NpgsqlDbType.Bytea, cancellationToken);
            await WriteOrNullAsync(copy, e.TraceId, NpgsqlDbType.Varchar, cancellationToken);
            await copy.WriteAsync((short)e.Codec, NpgsqlDbType.Smallint, cancellationToken);
            await copy.WriteAsync(e.Body, NpgsqlDbType.Bytea, cancellationToken);
            await copy.WriteAsync(e.BodyBytes, NpgsqlDbType.Integer, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    private static Task WriteOrNullAsync<T>(
        NpgsqlBinaryImporter copy, T? value, NpgsqlDbType type, CancellationToken cancellationToken)
        where T : class =>
        value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, type, cancellationToken);
}

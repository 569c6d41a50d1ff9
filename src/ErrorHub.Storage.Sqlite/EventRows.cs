using Microsoft.Data.Sqlite;

namespace ErrorHub.Storage.Sqlite;

/// <summary>The events themselves: their ids, which make them unique, and their rows.</summary>
internal sealed class EventRows(SqliteConnection connection) : IDisposable
{
    private readonly NativeStatement _findProject = new(connection, "SELECT 1 FROM projects WHERE id = $1");

    // Only what this inserts is stored and counted.
    private readonly NativeStatement _insertKey = new(connection, """
        INSERT INTO event_keys (project_id, event_id, received_at, id, retention_days)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (project_id, event_id) DO NOTHING
        """);

    private readonly NativeStatement _findKey = new(
        connection, "SELECT id FROM event_keys WHERE project_id = $1 AND event_id = $2");

    private readonly NativeStatement _insertEvent = new(connection, """
        INSERT INTO events (project_id, received_at, id, retention_days, event_id, hash, timestamp, level, platform, title,
            environment, release, user_hash, trace_id, codec, body, body_bytes)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        """);

    /// <summary>Leaves out what has no project, and takes the ids of the rest.</summary>
    public void ReserveIds(EventBatch batch)
    {
        batch.LeaveOutAllBut(batch.Events.Select(e => e.ProjectId).Distinct().Where(Exists).ToHashSet());
        foreach (var position in batch.Candidates)
        {
            var e = batch.Events[position];
            if (_insertKey.Run(e.ProjectId, e.EventId.Value, e.ReceivedAt, e.Id, e.RetentionDays) == 1)
                batch.MarkStored(position);
            else
                batch.MarkTaken(position, FindKey(e.ProjectId, e.EventId.Value));
        }
    }

    /// <summary>Inserts the rows of the stored events.</summary>
    public void Insert(EventBatch batch)
    {
        for (var i = 0; i < batch.Events.Count; i++)
        {
            if (!batch.IsKept(i))
                continue;

            var e = batch.Events[i];
            _insertEvent.Run(
                e.ProjectId, e.ReceivedAt, e.Id, e.RetentionDays, e.EventId.Value, e.Grouping.Hash.Value, e.Timestamp, (short)e.Level,
                e.Platform, e.Heading.Title, e.Environment, e.Release, e.UserHash, e.TraceId, (short)e.Codec, e.Body,
                e.BodyBytes);
        }
    }

    public void Dispose()
    {
        _findProject.Dispose();
        _insertKey.Dispose();
        _findKey.Dispose();
        _insertEvent.Dispose();
    }

    private Guid FindKey(long project, Guid eventId)
    {
        using var row = _findKey.First(project, eventId);
        return row.Id(0);
    }

    private bool Exists(long project)
    {
        using var row = _findProject.First(project);
        return row.Exists;
    }
}

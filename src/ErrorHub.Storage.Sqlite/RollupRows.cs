using Microsoft.Data.Sqlite;

namespace ErrorHub.Storage.Sqlite;

/// <summary>The rollups: one statement for each row a batch touches.</summary>
internal sealed class RollupRows(SqliteConnection connection) : IDisposable
{
    private readonly NativeStatement _addTag = new(connection, """
        INSERT INTO issue_tags (project_id, issue_id, key, value, events, first_seen, last_seen)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (project_id, issue_id, key, value) DO UPDATE SET
            events = events + excluded.events,
            first_seen = min(first_seen, excluded.first_seen),
            last_seen = max(last_seen, excluded.last_seen)
        """);

    private readonly NativeStatement _addIssueHour = new(connection, """
        INSERT INTO issue_hours (project_id, issue_id, hour, environment, release, events)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (project_id, issue_id, hour, environment, release) DO UPDATE SET events = events + excluded.events
        """);

    private readonly NativeStatement _addRelease = new(connection, """
        INSERT INTO releases (project_id, version, first_seen, last_seen)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (project_id, version) DO UPDATE SET
            first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
        """);

    private readonly NativeStatement _addEnvironment = new(connection, """
        INSERT INTO environments (project_id, name, first_seen, last_seen)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (project_id, name) DO UPDATE SET
            first_seen = min(first_seen, excluded.first_seen), last_seen = max(last_seen, excluded.last_seen)
        """);

    private readonly NativeStatement _addOutcome = new(connection, """
        INSERT INTO outcome_hours (project_id, hour, outcome, reason, category, quantity)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (project_id, hour, outcome, reason, category) DO UPDATE SET quantity = quantity + excluded.quantity
        """);

    public void Add(BatchChanges changes)
    {
        foreach (var (key, seen) in changes.Tags)
            _addTag.Run(key.ProjectId, key.IssueId, key.Key, key.Value, seen.Events, seen.First, seen.Newest);

        foreach (var (key, events) in changes.Hours)
            _addIssueHour.Run(key.ProjectId, key.IssueId, key.Hour, key.Environment, key.Release, events);

        foreach (var (key, seen) in changes.Releases)
            _addRelease.Run(key.ProjectId, key.Name, seen.First, seen.Newest);

        foreach (var (key, seen) in changes.Environments)
            _addEnvironment.Run(key.ProjectId, key.Name, seen.First, seen.Newest);

        foreach (var (key, quantity) in changes.Outcomes)
            _addOutcome.Run(key.ProjectId, key.Hour, (short)key.Outcome, key.Reason, key.Category, quantity);
    }

    public void Dispose()
    {
        foreach (var statement in (NativeStatement[])[_addTag, _addIssueHour, _addRelease, _addEnvironment, _addOutcome])
            statement.Dispose();
    }
}

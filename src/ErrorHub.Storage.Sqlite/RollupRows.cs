using ErrorHub.Privacy;
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

    private readonly NativeStatement _findRemovalPath = new(
        connection, "SELECT 1 FROM removal_paths WHERE project_id = $1 AND rule = $2 AND path = $3");

    private readonly NativeStatement _addRemovalPath = new(connection, """
        INSERT INTO removal_paths (project_id, rule, path, first_seen)
        SELECT $1, $2, $3, $4 WHERE (SELECT count(*) FROM removal_paths WHERE project_id = $1) < $5
        """);

    private readonly NativeStatement _addRemovals = new(connection, """
        INSERT INTO removal_days (project_id, day, rule, path, removals)
        VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (project_id, day, rule, path) DO UPDATE SET removals = removals + excluded.removals
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

        foreach (var (key, removals) in changes.Removals)
            _addRemovals.Run(key.ProjectId, key.Day, key.Rule, HasRoomFor(key) ? key.Path : RemovalCount.OtherPaths, removals);
    }

    public void Dispose()
    {
        foreach (var statement in (NativeStatement[])[_addTag, _addIssueHour, _addRelease, _addEnvironment, _addOutcome, _findRemovalPath, _addRemovalPath, _addRemovals])
            statement.Dispose();
    }

    private bool HasRoomFor(RemovalKey key)
    {
        if (key.Path == RemovalCount.OtherPaths)
            return true;

        using (var known = _findRemovalPath.First(key.ProjectId, key.Rule, key.Path))
        {
            if (known.Exists)
                return true;
        }

        return _addRemovalPath.Run(key.ProjectId, key.Rule, key.Path, key.Day, RemovalPath.MaxPerProject) == 1;
    }
}

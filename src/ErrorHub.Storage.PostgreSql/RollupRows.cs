using ErrorHub.Privacy;
using Npgsql;
using static ErrorHub.Storage.PostgreSql.SqlCommands;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>The rollups. Two batches that touch the same row add up instead of overwriting each other.</summary>
internal static class RollupRows
{
    private const string InsertTags = """
        INSERT INTO issue_tags (project_id, issue_id, key, value, events, first_seen, last_seen)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (project_id, issue_id, key, value) DO UPDATE SET
            events = issue_tags.events + EXCLUDED.events,
            first_seen = least(issue_tags.first_seen, EXCLUDED.first_seen),
            last_seen = greatest(issue_tags.last_seen, EXCLUDED.last_seen)
        """;

    private const string InsertIssueHours = """
        INSERT INTO issue_hours (project_id, issue_id, hour, environment, release, events)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        ON CONFLICT (project_id, issue_id, hour, environment, release) DO UPDATE SET events = issue_hours.events + EXCLUDED.events
        """;

    private const string InsertReleases = """
        INSERT INTO releases (project_id, version, first_seen, last_seen)
        SELECT * FROM unnest($1, $2, $3, $4)
        ON CONFLICT (project_id, version) DO UPDATE SET
            first_seen = least(releases.first_seen, EXCLUDED.first_seen),
            last_seen = greatest(releases.last_seen, EXCLUDED.last_seen)
        """;

    private const string InsertEnvironments = """
        INSERT INTO environments (project_id, name, first_seen, last_seen)
        SELECT * FROM unnest($1, $2, $3, $4)
        ON CONFLICT (project_id, name) DO UPDATE SET
            first_seen = least(environments.first_seen, EXCLUDED.first_seen),
            last_seen = greatest(environments.last_seen, EXCLUDED.last_seen)
        """;

    private const string InsertOutcomes = """
        INSERT INTO outcome_hours (project_id, hour, outcome, reason, category, quantity)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6)
        ON CONFLICT (project_id, hour, outcome, reason, category) DO UPDATE SET quantity = outcome_hours.quantity + EXCLUDED.quantity
        """;

    // The room that is left goes to the first of the new ones. Another writer may be taking it at the same moment: then there are a few more.
    private const string InsertRemovalPaths = """
        INSERT INTO removal_paths (project_id, rule, path, first_seen)
        SELECT project_id, rule, path, first_seen FROM (
            SELECT n.*, row_number() OVER (PARTITION BY n.project_id ORDER BY n.rule, n.path) AS place
            FROM unnest($1, $2, $3, $4) AS n (project_id, rule, path, first_seen)
            WHERE NOT EXISTS (SELECT FROM removal_paths p WHERE p.project_id = n.project_id AND p.rule = n.rule AND p.path = n.path)) n
        WHERE place + (SELECT count(*) FROM removal_paths p WHERE p.project_id = n.project_id) <= $5
        ORDER BY project_id, rule, path
        ON CONFLICT (project_id, rule, path) DO NOTHING
        """;

    private const string InsertRemovals = """
        INSERT INTO removal_days (project_id, day, rule, path, removals)
        SELECT r.project_id, r.day, r.rule, coalesce(p.path, $6), sum(r.removals)
        FROM unnest($1, $2, $3, $4, $5) AS r (project_id, day, rule, path, removals)
        LEFT JOIN removal_paths p ON p.project_id = r.project_id AND p.rule = r.rule AND p.path = r.path
        GROUP BY 1, 2, 3, 4
        ORDER BY 1, 2, 3, 4
        ON CONFLICT (project_id, day, rule, path) DO UPDATE SET removals = removal_days.removals + EXCLUDED.removals
        """;

    /// <summary>Adds to <paramref name="batch"/> what counts the changes.</summary>
    public static void Add(BatchChanges changes, NpgsqlBatch batch)
    {
        if (changes.Tags is { Count: > 0 } tags)
        {
            batch.Add(
                InsertTags, Column(tags, t => t.Key.ProjectId), Column(tags, t => t.Key.IssueId), Column(tags, t => t.Key.Key),
                Column(tags, t => t.Key.Value), Column(tags, t => t.Value.Events), Column(tags, t => t.Value.First.UtcDateTime),
                Column(tags, t => t.Value.Newest.UtcDateTime));
        }

        if (changes.Hours is { Count: > 0 } hours)
        {
            batch.Add(
                InsertIssueHours, Column(hours, h => h.Key.ProjectId), Column(hours, h => h.Key.IssueId),
                Column(hours, h => h.Key.Hour.UtcDateTime), Column(hours, h => h.Key.Environment), Column(hours, h => h.Key.Release),
                Column(hours, h => h.Value));
        }

        AddNames(batch, InsertReleases, changes.Releases);
        AddNames(batch, InsertEnvironments, changes.Environments);
        AddOutcomes(changes, batch);
        AddRemovals(changes, batch);
    }

    /// <summary>Adds to <paramref name="batch"/> what counts the outcomes alone.</summary>
    public static void AddOutcomes(BatchChanges changes, NpgsqlBatch batch)
    {
        if (changes.Outcomes is { Count: > 0 } outcomes)
        {
            batch.Add(
                InsertOutcomes, Column(outcomes, o => o.Key.ProjectId), Column(outcomes, o => o.Key.Hour.UtcDateTime),
                Column(outcomes, o => (short)o.Key.Outcome), Column(outcomes, o => o.Key.Reason),
                Column(outcomes, o => o.Key.Category), Column(outcomes, o => o.Value));
        }
    }

    private static void AddRemovals(BatchChanges changes, NpgsqlBatch batch)
    {
        if (changes.Removals is not { Count: > 0 } removals)
            return;

        var paths = removals.Select(r => r.Key).Where(r => r.Path != RemovalCount.OtherPaths)
            .GroupBy(r => (r.ProjectId, r.Rule, r.Path), (key, days) => (key.ProjectId, key.Rule, key.Path, FirstSeen: days.Min(d => d.Day))).ToList();
        batch.Add(
            InsertRemovalPaths, Column(paths, p => p.ProjectId), Column(paths, p => p.Rule), Column(paths, p => p.Path),
            Column(paths, p => p.FirstSeen.UtcDateTime), Value((long)RemovalPath.MaxPerProject));
        batch.Add(
            InsertRemovals, Column(removals, r => r.Key.ProjectId), Column(removals, r => r.Key.Day.UtcDateTime),
            Column(removals, r => r.Key.Rule), Column(removals, r => r.Key.Path), Column(removals, r => r.Value),
            Value(RemovalCount.OtherPaths));
    }

    private static void AddNames(NpgsqlBatch batch, string sql, IReadOnlyList<KeyValuePair<NameKey, Sightings>> names)
    {
        if (names.Count > 0)
        {
            batch.Add(
                sql, Column(names, n => n.Key.ProjectId), Column(names, n => n.Key.Name), Column(names, n => n.Value.First.UtcDateTime),
                Column(names, n => n.Value.Newest.UtcDateTime));
        }
    }
}

using ErrorHub.Issues;
using ErrorHub.Stats;
using Npgsql;
using static ErrorHub.Storage.PostgreSql.SqlCommands;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>Between finding an issue and locking its row, someone deleted or merged it; the batch starts again.</summary>
internal sealed class IssueVanishedException() : Exception("An issue was deleted while a batch was being written.");

/// <summary>Issues: from hash to issue, new ones with their numbers, and what a batch changes about each.</summary>
internal static class IssueRows
{
    // A hash whose issue is gone counts as unknown; the insert below points it to the new one.
    private const string FindFingerprints = """
        SELECT f.project_id, f.hash, f.issue_id
        FROM unnest($1, $2) AS k (project_id, hash)
        JOIN issue_fingerprints f ON f.project_id = k.project_id AND f.hash = k.hash
        JOIN issues i ON i.project_id = f.project_id AND i.id = f.issue_id
        """;

    // Issues of a project are made one writer at a time: whoever holds the project's row looks again, and sees what the one
    // before has made. So a fault that starts in two processes at once becomes one issue, and numbers have no gaps.
    private const string LockProjects = "SELECT id FROM projects WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE";

    private const string ReserveNumbers = """
        UPDATE projects p
        SET next_issue_number = p.next_issue_number + n.issues, first_event_at = coalesce(p.first_event_at, n.first_event_at)
        FROM unnest($1, $2, $3) AS n (id, issues, first_event_at)
        WHERE p.id = n.id
        RETURNING p.id, p.next_issue_number - n.issues
        """;

    // FOR NO KEY UPDATE after the sort: rows are locked in key order, as by every other writer.
    private const string LockIssues = """
        SELECT i.project_id, i.id, i.status, i.status_changed_at, i.user_count
        FROM unnest($1, $2) AS k (project_id, id)
        JOIN issues i ON i.project_id = k.project_id AND i.id = k.id
        ORDER BY i.project_id, i.id
        FOR NO KEY UPDATE OF i
        """;

    private const string InsertFingerprints = """
        INSERT INTO issue_fingerprints (project_id, hash, version, issue_id)
        SELECT * FROM unnest($1, $2, $3, $4)
        ON CONFLICT (project_id, hash) DO UPDATE SET version = EXCLUDED.version, issue_id = EXCLUDED.issue_id
        """;

    // The distinct users of an issue are counted by the rows this really inserts.
    private const string InsertUsers = """
        INSERT INTO issue_users (project_id, issue_id, user_hash)
        SELECT * FROM unnest($1, $2, $3)
        ON CONFLICT DO NOTHING
        RETURNING issue_id
        """;

    private const string InsertIssues = """
        INSERT INTO issues (project_id, id, number, title, culprit, type, value, filename, function, level, platform, logger,
            handled, status, substatus, status_changed_at, regressions, first_seen, last_seen, event_count, user_count,
            first_release, last_release, last_environment, kept_count, grouping_version, grouping_variant, grouping_why)
        SELECT project_id, id, number, title, culprit, type, value, filename, function, level, platform, logger,
            handled, 0, 0, first_seen, 0, first_seen, last_seen, event_count, user_count,
            first_release, last_release, last_environment, kept_count, grouping_version, grouping_variant, grouping_why
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
            AS n (project_id, id, number, title, culprit, type, value, filename, function, level, platform, logger, handled,
                first_seen, last_seen, event_count, user_count, first_release, last_release, last_environment,
                kept_count, grouping_version, grouping_variant, grouping_why)
        """;

    // Counts are added, never written: other processes add theirs. The heading is that of the newest event by receive time,
    // which is not always this batch's (the spool replays old ones). A regression: 0 unresolved, 2 regressed (see Issue.cs).
    private const string UpdateIssues = """
        UPDATE issues i
        SET event_count = i.event_count + n.event_count,
            kept_count = i.kept_count + n.kept_count,
            user_count = i.user_count + n.user_count,
            first_seen = least(i.first_seen, n.first_seen),
            first_release = CASE WHEN n.first_seen < i.first_seen THEN n.first_release ELSE i.first_release END,
            last_seen = greatest(i.last_seen, n.last_seen),
            title = CASE WHEN n.last_seen >= i.last_seen THEN n.title ELSE i.title END,
            culprit = CASE WHEN n.last_seen >= i.last_seen THEN n.culprit ELSE i.culprit END,
            type = CASE WHEN n.last_seen >= i.last_seen THEN n.type ELSE i.type END,
            value = CASE WHEN n.last_seen >= i.last_seen THEN n.value ELSE i.value END,
            filename = CASE WHEN n.last_seen >= i.last_seen THEN n.filename ELSE i.filename END,
            function = CASE WHEN n.last_seen >= i.last_seen THEN n.function ELSE i.function END,
            level = CASE WHEN n.last_seen >= i.last_seen THEN n.level ELSE i.level END,
            platform = CASE WHEN n.last_seen >= i.last_seen THEN n.platform ELSE i.platform END,
            logger = CASE WHEN n.last_seen >= i.last_seen THEN n.logger ELSE i.logger END,
            handled = CASE WHEN n.last_seen >= i.last_seen THEN n.handled ELSE i.handled END,
            last_release = CASE WHEN n.last_seen >= i.last_seen THEN n.last_release ELSE i.last_release END,
            last_environment = CASE WHEN n.last_seen >= i.last_seen THEN n.last_environment ELSE i.last_environment END,
            status = CASE WHEN n.regressed THEN 0 ELSE i.status END,
            substatus = CASE WHEN n.regressed THEN 2 ELSE i.substatus END,
            status_changed_at = coalesce(n.regressed_at, i.status_changed_at),
            regressions = i.regressions + n.regressed::int
        FROM (
            SELECT *, regressed_at IS NOT NULL AS regressed
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
                AS n (project_id, id, title, culprit, type, value, filename, function, level, platform, logger, handled,
                    first_seen, last_seen, event_count, user_count, first_release, last_release, last_environment, kept_count,
                    regressed_at)
        ) n
        WHERE i.project_id = n.project_id AND i.id = n.id
        """;

    private const string InsertTransitions = """
        INSERT INTO issue_transitions (project_id, id, issue_id, kind, at, event_id, release)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        """;

    /// <summary>The issue of every hash in the batch: known ones locked, new ones numbered, with their hashes inserted.</summary>
    public static async Task<IReadOnlyDictionary<FingerprintKey, KnownIssue>> ResolveAsync(
        NpgsqlConnection connection, EventBatch batch, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var keys = batch.Fingerprints;
        if (keys.Count == 0)
            return new Dictionary<FingerprintKey, KnownIssue>();

        var ids = new Dictionary<FingerprintKey, Guid>();
        await FindAsync(connection, keys, ids, cancellationToken);
        var issues = new Dictionary<FingerprintKey, KnownIssue>();
        if (Unknown(keys, ids) is { Count: > 0 } missing)
        {
            await LockProjectsAsync(connection, missing, cancellationToken);
            await FindAsync(connection, missing, ids, cancellationToken);
            if (Unknown(missing, ids) is { Count: > 0 } unknown)
                await CreateAsync(connection, batch, unknown, issues, now, cancellationToken);
        }

        await LockAsync(connection, ids, issues, cancellationToken);
        return issues;
    }

    /// <summary>Counts the users of the issues, then adds to <paramref name="batch"/> what inserts and updates the issues and their history.</summary>
    public static async Task ApplyAsync(
        NpgsqlConnection connection, BatchChanges changes, NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var issues = changes.Issues;
        if (issues.Count == 0)
            return;

        await AddUsersAsync(connection, changes, issues, cancellationToken);
        if (issues.Where(i => i.Issue.IsNew).ToList() is { Count: > 0 } created)
            AddInsert(batch, created);

        if (issues.Where(i => !i.Issue.IsNew).ToList() is { Count: > 0 } updated)
            AddUpdate(batch, updated);

        if (changes.Transitions is { Count: > 0 } transitions)
            AddTransitions(batch, transitions);
    }

    private static List<FingerprintKey> Unknown(IReadOnlyList<FingerprintKey> keys, Dictionary<FingerprintKey, Guid> ids) =>
        [.. keys.Where(key => !ids.ContainsKey(key))];

    private static async Task FindAsync(
        NpgsqlConnection connection, IReadOnlyList<FingerprintKey> keys, Dictionary<FingerprintKey, Guid> ids,
        CancellationToken cancellationToken)
    {
        await using var command = connection.Command(FindFingerprints, Column(keys, k => k.ProjectId), Column(keys, k => k.Hash));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            ids[FingerprintKey.Of(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1))] = reader.GetGuid(2);
    }

    private static async Task LockProjectsAsync(
        NpgsqlConnection connection, List<FingerprintKey> missing, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(LockProjects, Value(missing.Select(k => k.ProjectId).Distinct().ToArray()));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task CreateAsync(
        NpgsqlConnection connection, EventBatch batch, List<FingerprintKey> unknown,
        Dictionary<FingerprintKey, KnownIssue> issues, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var projects = unknown.GroupBy(k => k.ProjectId).Select(g => (
            Id: g.Key,
            Issues: (long)g.Count(),
            FirstEventAt: batch.Stored.Where(e => e.ProjectId == g.Key).Min(e => e.ReceivedAt))).ToList();
        var next = new Dictionary<long, long>();
        await using (var command = connection.Command(
            ReserveNumbers, Column(projects, p => p.Id), Column(projects, p => p.Issues), Column(projects, p => p.FirstEventAt.UtcDateTime)))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                next[reader.GetInt64(0)] = reader.GetInt64(1);
        }

        // Numbers follow the order of arrival, as people expect of them.
        var firsts = batch.Stored.DistinctBy(FingerprintKey.Of).ToDictionary(FingerprintKey.Of);
        var wanted = unknown.ToHashSet();
        foreach (var key in firsts.Keys.Where(wanted.Contains))
            issues[key] = KnownIssue.New(key.ProjectId, next[key.ProjectId]++, now);

        await using var insert = connection.Command(
            InsertFingerprints,
            Column(unknown, k => k.ProjectId),
            Column(unknown, k => k.Hash),
            Column(unknown, k => firsts[k].Grouping.Hash.Version),
            Column(unknown, k => issues[k].Id));
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task LockAsync(
        NpgsqlConnection connection, Dictionary<FingerprintKey, Guid> ids, Dictionary<FingerprintKey, KnownIssue> issues,
        CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
            return;

        var rows = ids.Select(pair => (pair.Key.ProjectId, pair.Value)).Distinct().ToList();
        var known = new Dictionary<Guid, KnownIssue>();
        await using (var command = connection.Command(LockIssues, Column(rows, r => r.ProjectId), Column(rows, r => r.Value)))
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                var issue = new KnownIssue(
                    reader.GetInt64(0), reader.GetGuid(1), 0, (IssueStatus)reader.GetInt16(2), reader.GetFieldValue<DateTimeOffset>(3),
                    reader.GetInt64(4));
                known.Add(issue.Id, issue);
            }
        }

        foreach (var (key, id) in ids)
            issues[key] = known.TryGetValue(id, out var issue) ? issue : throw new IssueVanishedException();
    }

    private static async Task AddUsersAsync(
        NpgsqlConnection connection, BatchChanges changes, IReadOnlyList<IssueChange> issues, CancellationToken cancellationToken)
    {
        var users = changes.Users;
        if (users.Count == 0)
            return;

        var byId = issues.ToDictionary(i => i.Issue.Id);
        var few = users.Where(u => byId[u.IssueId].Issue.UserCount < UserSketch.MaxExactUsers).ToList();
        if (few.Count > 0)
            await InsertUsersAsync(connection, few, byId, cancellationToken);

        foreach (var many in users.Except(few).GroupBy(u => u.IssueId))
        {
            var issue = byId[many.Key];
            issue.NewUsers = await IssueUserSketches.AddAsync(
                connection, issue.Issue, many.Select(u => Convert.FromHexString(u.UserHash)), cancellationToken);
        }
    }

    private static async Task InsertUsersAsync(
        NpgsqlConnection connection, List<IssueUserKey> users, Dictionary<Guid, IssueChange> byId, CancellationToken cancellationToken)
    {
        await using var command = connection.Command(
            InsertUsers,
            Column(users, u => u.ProjectId),
            Column(users, u => u.IssueId),
            Column(users, u => Convert.FromHexString(u.UserHash)));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            byId[reader.GetGuid(0)].NewUsers++;
    }

    private static void AddInsert(NpgsqlBatch batch, List<IssueChange> created) => batch.Add(
        InsertIssues,
        [
            Column(created, i => i.Issue.ProjectId),
            Column(created, i => i.Issue.Id),
            Column(created, i => i.Issue.Number),
            .. Heading(created),
            .. Counts(created),
            Column(created, i => i.Newest.Grouping.Hash.Version),
            Column(created, i => i.Newest.Grouping.Variant),
            Column(created, i => StoredText.JoinLines(i.Newest.Grouping.Why)),
        ]);

    private static void AddUpdate(NpgsqlBatch batch, List<IssueChange> updated) => batch.Add(
        UpdateIssues,
        [
            Column(updated, i => i.Issue.ProjectId),
            Column(updated, i => i.Issue.Id),
            .. Heading(updated),
            .. Counts(updated),
            Column(updated, i => i.Regressed ? i.Transition?.At.UtcDateTime : null),
        ]);

    private static NpgsqlParameter[] Heading(List<IssueChange> issues) =>
    [
        Column(issues, i => i.Newest.Heading.Title),
        Column(issues, i => i.Newest.Heading.Culprit),
        Column(issues, i => i.Newest.Heading.Type),
        Column(issues, i => i.Newest.Heading.Value),
        Column(issues, i => i.Newest.Heading.Filename),
        Column(issues, i => i.Newest.Heading.Function),
        Column(issues, i => (short)i.Newest.Level),
        Column(issues, i => i.Newest.Platform),
        Column(issues, i => i.Newest.Logger),
        Column(issues, i => i.Newest.Handled),
    ];

    private static NpgsqlParameter[] Counts(List<IssueChange> issues) =>
    [
        Column(issues, i => i.Oldest.ReceivedAt.UtcDateTime),
        Column(issues, i => i.Newest.ReceivedAt.UtcDateTime),
        Column(issues, i => i.Events),
        Column(issues, i => i.NewUsers),
        Column(issues, i => i.Oldest.Release),
        Column(issues, i => i.Newest.Release),
        Column(issues, i => i.Newest.Environment),
        Column(issues, i => i.Kept),
    ];

    private static void AddTransitions(NpgsqlBatch batch, IReadOnlyList<IssueTransition> transitions) => batch.Add(
        InsertTransitions,
        Column(transitions, t => t.ProjectId),
        Column(transitions, t => t.Id),
        Column(transitions, t => t.IssueId),
        Column(transitions, t => (short)t.Kind),
        Column(transitions, t => t.At.UtcDateTime),
        Column(transitions, t => t.EventId),
        Column(transitions, t => t.Release));
}

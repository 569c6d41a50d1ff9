using ErrorHub.Issues;
using ErrorHub.Stats;
using Npgsql;
using static ErrorHub.Storage.PostgreSql.SqlCommands;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>A hash that this process knew is unknown to the database, because its issue was deleted or merged; the batch starts again.</summary>
internal sealed class IssueVanishedException() : Exception("An issue was deleted while a batch was being written.");

/// <summary>Issues: from hash to issue, new ones with their numbers, and what a batch changes about each.</summary>
internal static class IssueRows
{
    // A hash whose issue is gone counts as unknown; the insert below points it to the new one. FOR NO KEY UPDATE after the sort:
    // rows are locked in key order, as by every other writer.
    private const string FindAndLock = """
        SELECT f.project_id, f.hash, i.id, i.status, i.status_changed_at, i.user_count
        FROM unnest($1, $2) AS k (project_id, hash)
        JOIN issue_fingerprints f ON f.project_id = k.project_id AND f.hash = k.hash
        JOIN issues i ON i.project_id = f.project_id AND i.id = f.issue_id
        ORDER BY i.project_id, i.id
        FOR NO KEY UPDATE OF i
        """;

    private const string ReserveNumbers = """
        UPDATE projects p
        SET next_issue_number = p.next_issue_number + n.issues, first_event_at = coalesce(p.first_event_at, n.first_event_at)
        FROM unnest($1, $2, $3) AS n (id, issues, first_event_at)
        WHERE p.id = n.id
        RETURNING p.id, p.next_issue_number - n.issues
        """;

    private const string InsertFingerprints = """
        INSERT INTO issue_fingerprints (project_id, hash, version, issue_id)
        SELECT * FROM unnest($1, $2, $3, $4)
        ON CONFLICT (project_id, hash) DO UPDATE SET version = EXCLUDED.version, issue_id = EXCLUDED.issue_id
        """;

    private const string InsertIssues = """
        INSERT INTO issues (project_id, id, number, title, culprit, type, value, filename, function, level, platform, logger,
            handled, status, substatus, status_changed_at, regressions, first_seen, last_seen, event_count, user_count,
            first_release, last_release, last_environment, kept_count, grouping_version, grouping_variant, grouping_why,
            last_seen_minute)
        SELECT project_id, id, number, title, culprit, type, value, filename, function, level, platform, logger,
            handled, 0, 0, first_seen, 0, first_seen, last_seen, event_count, user_count,
            first_release, last_release, last_environment, kept_count, grouping_version, grouping_variant, grouping_why,
            floor(extract(epoch FROM last_seen) / 60)
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)
            AS n (project_id, id, number, title, culprit, type, value, filename, function, level, platform, logger, handled,
                first_seen, last_seen, event_count, user_count, first_release, last_release, last_environment,
                kept_count, grouping_version, grouping_variant, grouping_why)
        """;

    // Counts are added, never written: other processes add theirs. The heading is that of the newest event by receive time,
    // which is not always this batch's (the spool replays old ones). A regression: 0 unresolved, 2 regressed (see Issue.cs).
    // The distinct users of an issue are counted by the rows this really inserts; those of new issues are counted before.
    private const string UpdateIssues = """
        WITH seen AS (
            INSERT INTO issue_users (project_id, issue_id, user_hash)
            SELECT * FROM unnest($22, $23, $24)
            ON CONFLICT DO NOTHING
            RETURNING project_id, issue_id
        )
        UPDATE issues i
        SET event_count = i.event_count + n.event_count,
            kept_count = i.kept_count + n.kept_count,
            user_count = i.user_count + n.user_count + coalesce(n.new_users, 0),
            first_seen = least(i.first_seen, n.first_seen),
            first_release = CASE WHEN n.first_seen < i.first_seen THEN n.first_release ELSE i.first_release END,
            last_seen = greatest(i.last_seen, n.last_seen),
            last_seen_minute = floor(extract(epoch FROM greatest(i.last_seen, n.last_seen)) / 60),
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
            LEFT JOIN (SELECT project_id, issue_id AS id, count(*) AS new_users FROM seen GROUP BY project_id, issue_id) u
                USING (project_id, id)
        ) n
        WHERE i.project_id = n.project_id AND i.id = n.id
        """;

    private const string InsertTransitions = """
        INSERT INTO issue_transitions (project_id, id, issue_id, kind, at, event_id, release)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)
        """;

    /// <summary>Adds what finds and locks the issues of hashes.</summary>
    public static void AddFind(NpgsqlBatch batch, IReadOnlyList<FingerprintKey> keys) =>
        batch.Add(FindAndLock, Column(keys, k => k.ProjectId), Column(keys, k => k.Hash));

    /// <summary>Reads what <see cref="AddFind"/> has found.</summary>
    public static async Task<Dictionary<FingerprintKey, KnownIssue>> ReadFoundAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        var issues = new Dictionary<FingerprintKey, KnownIssue>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var key = FingerprintKey.Of(reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
            issues[key] = new KnownIssue(
                key.ProjectId, reader.GetGuid(2), 0, (IssueStatus)reader.GetInt16(3), reader.GetFieldValue<DateTimeOffset>(4),
                reader.GetInt64(5));
        }

        return issues;
    }

    /// <summary>Makes the issues that <paramref name="issues"/> lacks, with their hashes. Their projects are locked.</summary>
    public static async Task CreateMissingAsync(
        NpgsqlConnection connection, EventBatch batch, Dictionary<FingerprintKey, KnownIssue> issues, IReadOnlySet<long> lockedProjects,
        DateTimeOffset now, CancellationToken cancellationToken)
    {
        var unknown = batch.StoredFingerprints.Where(key => !issues.ContainsKey(key)).ToList();
        if (unknown.Count == 0)
            return;

        if (!unknown.TrueForAll(key => lockedProjects.Contains(key.ProjectId)))
            throw new IssueVanishedException();

        await CreateAsync(connection, batch, unknown, issues, now, cancellationToken);
    }

    /// <summary>Adds to <paramref name="batch"/> what inserts and updates the issues, their users and their history.</summary>
    public static async Task ApplyAsync(
        NpgsqlConnection connection, BatchChanges changes, NpgsqlBatch batch, CancellationToken cancellationToken)
    {
        var issues = changes.Issues;
        if (issues.Count == 0)
            return;

        var users = await CountUsersAsync(connection, changes, issues, cancellationToken);
        if (issues.Where(i => i.Issue.IsNew).ToList() is { Count: > 0 } created)
            AddInsert(batch, created);

        AddUpdate(batch, [.. issues.Where(i => !i.Issue.IsNew)], users);
        if (changes.Transitions is { Count: > 0 } transitions)
            AddTransitions(batch, transitions);
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

    /// <summary>Counts the users of new issues and of those with very many.</summary>
    /// <returns>The users that are counted by their rows.</returns>
    private static async Task<List<IssueUserKey>> CountUsersAsync(
        NpgsqlConnection connection, BatchChanges changes, IReadOnlyList<IssueChange> issues, CancellationToken cancellationToken)
    {
        var byId = issues.ToDictionary(i => i.Issue.Id);
        var users = new List<IssueUserKey>();
        foreach (var ofIssue in changes.Users.GroupBy(u => u.IssueId))
        {
            var issue = byId[ofIssue.Key];
            if (issue.Issue.UserCount < UserSketch.MaxExactUsers)
                users.AddRange(ofIssue);
            else
                issue.NewUsers = await IssueUserSketches.AddAsync(
                    connection, issue.Issue, ofIssue.Select(u => u.UserHash), cancellationToken);

            if (issue.Issue.IsNew)
                issue.NewUsers = ofIssue.Count();
        }

        return users;
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

    private static void AddUpdate(NpgsqlBatch batch, List<IssueChange> updated, List<IssueUserKey> users) => batch.Add(
        UpdateIssues,
        [
            Column(updated, i => i.Issue.ProjectId),
            Column(updated, i => i.Issue.Id),
            .. Heading(updated),
            .. Counts(updated),
            Column(updated, i => i.Regressed ? i.Transition?.At.UtcDateTime : null),
            Column(users, u => u.ProjectId),
            Column(users, u => u.IssueId),
            Column(users, u => u.UserHash),
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

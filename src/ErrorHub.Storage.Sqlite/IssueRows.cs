using ErrorHub.Issues;
using ErrorHub.Stats;
using Microsoft.Data.Sqlite;

namespace ErrorHub.Storage.Sqlite;

/// <summary>Issues: from hash to issue, new ones with their numbers, and what a batch changes about each.</summary>
internal sealed class IssueRows(SqliteConnection connection) : IDisposable
{
    // A hash whose issue is gone counts as unknown; the insert below points it to the new one.
    private readonly NativeStatement _find = new(connection, """
        SELECT i.id, i.status, i.status_changed_at, i.user_count
        FROM issue_fingerprints f JOIN issues i ON i.project_id = f.project_id AND i.id = f.issue_id
        WHERE f.project_id = $1 AND f.hash = $2
        """);

    private readonly NativeStatement _reserveNumber = new(connection, """
        UPDATE projects SET next_issue_number = next_issue_number + 1, first_event_at = coalesce(first_event_at, $2)
        WHERE id = $1
        RETURNING next_issue_number - 1
        """);

    private readonly NativeStatement _insertFingerprint = new(connection, """
        INSERT INTO issue_fingerprints (project_id, hash, version, issue_id)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (project_id, hash) DO UPDATE SET version = excluded.version, issue_id = excluded.issue_id
        """);

    // The distinct users of an issue are counted by the rows this really inserts.
    private readonly NativeStatement _insertUser = new(connection, """
        INSERT INTO issue_users (project_id, issue_id, user_hash) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING
        """);

    private readonly SqliteStatement _listUsers = new(
        connection, "SELECT user_hash FROM issue_users WHERE project_id = $1 AND issue_id = $2", 2);

    private readonly SqliteStatement _findSketch = new(
        connection, "SELECT sketch FROM issue_user_sketches WHERE project_id = $1 AND issue_id = $2", 2);

    private readonly SqliteStatement _putSketch = new(connection, """
        INSERT INTO issue_user_sketches (project_id, issue_id, sketch) VALUES ($1, $2, $3)
        ON CONFLICT (project_id, issue_id) DO UPDATE SET sketch = excluded.sketch
        """, 3);

    private readonly NativeStatement _insertIssue = new(connection, """
        INSERT INTO issues (project_id, id, title, culprit, type, value, filename, function, level, platform, logger, handled,
            first_seen, last_seen, last_seen_minute, event_count, user_count, first_release, last_release, last_environment,
            kept_count, number, grouping_version, grouping_variant, grouping_why, status, substatus, status_changed_at, regressions)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14 / 60000000, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24,
            0, 0, $13, 0)
        """);

    // The heading is that of the newest event by receive time, which is not always this batch's (the spool replays old ones).
    // A regression ($21): 0 unresolved, 2 regressed (see Issue.cs).
    private readonly NativeStatement _updateIssue = new(connection, """
        UPDATE issues SET
            title = CASE WHEN $14 >= last_seen THEN $3 ELSE title END,
            culprit = CASE WHEN $14 >= last_seen THEN $4 ELSE culprit END,
            type = CASE WHEN $14 >= last_seen THEN $5 ELSE type END,
            value = CASE WHEN $14 >= last_seen THEN $6 ELSE value END,
            filename = CASE WHEN $14 >= last_seen THEN $7 ELSE filename END,
            function = CASE WHEN $14 >= last_seen THEN $8 ELSE function END,
            level = CASE WHEN $14 >= last_seen THEN $9 ELSE level END,
            platform = CASE WHEN $14 >= last_seen THEN $10 ELSE platform END,
            logger = CASE WHEN $14 >= last_seen THEN $11 ELSE logger END,
            handled = CASE WHEN $14 >= last_seen THEN $12 ELSE handled END,
            first_release = CASE WHEN $13 < first_seen THEN $17 ELSE first_release END,
            last_release = CASE WHEN $14 >= last_seen THEN $18 ELSE last_release END,
            last_environment = CASE WHEN $14 >= last_seen THEN $19 ELSE last_environment END,
            first_seen = min(first_seen, $13),
            last_seen = max(last_seen, $14),
            last_seen_minute = max(last_seen, $14) / 60000000,
            event_count = event_count + $15,
            kept_count = kept_count + $20,
            user_count = user_count + $16,
            status = CASE WHEN $21 IS NULL THEN status ELSE 0 END,
            substatus = CASE WHEN $21 IS NULL THEN substatus ELSE 2 END,
            status_changed_at = coalesce($21, status_changed_at),
            regressions = regressions + ($21 IS NOT NULL)
        WHERE project_id = $1 AND id = $2
        """);

    private readonly NativeStatement _insertTransition = new(connection, """
        INSERT INTO issue_transitions (project_id, id, issue_id, kind, at, event_id, release)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """);

    /// <summary>The issue of every hash in the batch; new ones numbered in the order of arrival, with their hashes inserted.</summary>
    public IReadOnlyDictionary<FingerprintKey, KnownIssue> Resolve(EventBatch batch, DateTimeOffset now)
    {
        var issues = new Dictionary<FingerprintKey, KnownIssue>();
        foreach (var e in batch.Stored)
        {
            var key = FingerprintKey.Of(e);
            if (issues.ContainsKey(key))
                continue;

            if (Find(key) is not { } issue)
            {
                issue = KnownIssue.New(key.ProjectId, ReserveNumber(key.ProjectId, e.ReceivedAt), now);
                _insertFingerprint.Run(key.ProjectId, key.Hash, e.Grouping.Hash.Version, issue.Id);
            }

            issues.Add(key, issue);
        }

        return issues;
    }

    /// <summary>Inserts and updates the issues, their users and their history.</summary>
    public void Apply(BatchChanges changes)
    {
        var issues = changes.Issues;
        var byId = issues.ToDictionary(i => i.Issue.Id);
        foreach (var users in changes.Users.GroupBy(u => u.IssueId))
        {
            var issue = byId[users.Key];
            issue.NewUsers = issue.Issue.UserCount < UserSketch.MaxExactUsers ? Insert(users) : AddToSketch(issue.Issue, users);
        }

        foreach (var issue in issues)
        {
            if (issue.Issue.IsNew)
            {
                var grouping = issue.Newest.Grouping;
                _insertIssue.Run(
                    [.. Columns(issue), issue.Issue.Number, grouping.Hash.Version, grouping.Variant, StoredText.JoinLines(grouping.Why)]);
            }
            else
            {
                _updateIssue.Run([.. Columns(issue), issue.Regressed ? issue.Transition?.At : null]);
            }
        }

        foreach (var t in changes.Transitions)
            _insertTransition.Run(t.ProjectId, t.Id, t.IssueId, (short)t.Kind, t.At, t.EventId, t.Release);
    }

    public void Dispose()
    {
        foreach (var statement in (IDisposable[])
            [
                _find, _reserveNumber, _insertFingerprint, _insertUser, _listUsers, _findSketch, _putSketch, _insertIssue, _updateIssue,
                _insertTransition,
            ])
            statement.Dispose();
    }

    private long Insert(IEnumerable<IssueUserKey> users) =>
        users.Sum(user => _insertUser.Run(user.ProjectId, user.IssueId, user.UserHash));

    private long AddToSketch(KnownIssue issue, IEnumerable<IssueUserKey> users)
    {
        var sketch = FindSketch(issue);
        foreach (var user in users)
            sketch.Add(user.UserHash);

        _putSketch.Run(issue.ProjectId, issue.Id, sketch.Bytes);
        return Math.Max(0, sketch.Count() - issue.UserCount);
    }

    // The first time it is made of the rows there are.
    private UserSketch FindSketch(KnownIssue issue)
    {
        using (var found = _findSketch.Read(issue.ProjectId, issue.Id))
        {
            if (found.Read())
                return UserSketch.Of(found.GetFieldValue<byte[]>(0));
        }

        var sketch = new UserSketch();
        using var users = _listUsers.Read(issue.ProjectId, issue.Id);
        while (users.Read())
            sketch.Add(users.GetFieldValue<byte[]>(0));

        return sketch;
    }

    private static SqliteValue[] Columns(IssueChange i) =>
    [
        i.Issue.ProjectId, i.Issue.Id, i.Newest.Heading.Title, i.Newest.Heading.Culprit, i.Newest.Heading.Type,
        i.Newest.Heading.Value, i.Newest.Heading.Filename, i.Newest.Heading.Function, (short)i.Newest.Level, i.Newest.Platform,
        i.Newest.Logger, i.Newest.Handled, i.Oldest.ReceivedAt, i.Newest.ReceivedAt, i.Events, i.NewUsers, i.Oldest.Release,
        i.Newest.Release, i.Newest.Environment, i.Kept,
    ];

    private KnownIssue? Find(FingerprintKey key)
    {
        using var row = _find.First(key.ProjectId, key.Hash);
        return row.Exists
            ? new KnownIssue(
                key.ProjectId, row.Id(0), 0, (IssueStatus)row.Number(1), SqliteTime.FromMicroseconds(row.Number(2)),
                row.Number(3))
            : null;
    }

    private long ReserveNumber(long project, DateTimeOffset firstEventAt)
    {
        using var row = _reserveNumber.First(project, firstEventAt);
        return row.Number(0);
    }
}

using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Grouping.Rules;
using ErrorHub.Issues;
using ErrorHub.Normalization;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using ErrorHub.Tags;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>What changes about an issue.</summary>
/// <param name="Texts">Its texts; null when they stay.</param>
/// <param name="Tags">Values of tags and what takes their place.</param>
/// <param name="IsAll">False when there may be more such tags.</param>
internal sealed record IssueRescrub(IssueTexts? Texts, IReadOnlyList<(string Key, string Value, string Becomes)> Tags, bool IsAll);

/// <summary>The texts of a project's issues: titles, culprits, what search looks at, and the values of tags with their counts.</summary>
internal sealed class RescrubIssues(ErrorHubDbContext db, long projectId, ScrubbingPolicy policy, GroupingRules rules)
{
    // Of one step, which holds the issue's lock, and on SQLite the file's: some 50 ms.
    private const int MaxTags = 500;

    /// <summary>The issue behind a key; null behind the last.</summary>
    public Task<Issue?> NextAsync(Guid after, CancellationToken cancellationToken) =>
        db.Issues.AsNoTracking().Where(i => i.ProjectId == projectId && i.Id.CompareTo(after) > 0).OrderBy(i => i.Id).FirstOrDefaultAsync(cancellationToken);

    /// <summary>Works out what changes. Its newest event, if that is stored, is scrubbed already.</summary>
    public async Task<IssueRescrub> ReadAsync(Issue issue, CancellationToken cancellationToken)
    {
        var before = new IssueTexts(
            new EventHeading(issue.Type, issue.Value, issue.Title, issue.Culprit, issue.Filename, issue.Function), issue.Logger, issue.GroupingWhy.Split('\n'));
        var after = Fit(await NewestAsync(issue, cancellationToken) ?? Rescrubbing.Scrub(before, policy));
        var isSame = after.Heading == before.Heading && after.Logger == before.Logger && after.Why.SequenceEqual(before.Why);

        var tags = new List<(string, string, string)>();
        var rows = db.IssueTags.AsNoTracking().Where(t => t.ProjectId == projectId && t.IssueId == issue.Id).Select(t => new { t.Key, t.Value });
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var becomes = ScrubTag(row.Key, row.Value);
            if (becomes != row.Value)
                tags.Add((row.Key, row.Value, becomes));

            if (tags.Count == MaxTags)
                break;
        }

        return new IssueRescrub(isSame ? null : after, tags, IsAll: tags.Count < MaxTags);
    }

    /// <summary>Writes what changes, with the lock of whoever counts events of the issue.</summary>
    /// <returns>True when anything changed.</returns>
    public async Task<bool> WriteAsync(Issue issue, IssueRescrub change, CancellationToken cancellationToken)
    {
        if (change is { Texts: null, Tags.Count: 0 } || !await db.LockIssuesAsync(projectId, [issue.Id], cancellationToken))
            return false;

        if (change.Texts is { } texts)
        {
            var (heading, logger, why) = (texts.Heading, texts.Logger, StoredText.JoinLines(texts.Why));
            // An event that came in between was scrubbed by the new rules, and the issue shows that one.
            await db.Issues.Where(i => i.ProjectId == projectId && i.Id == issue.Id && i.LastSeen == issue.LastSeen).ExecuteUpdateAsync(
                set => set.SetProperty(i => i.Title, heading.Title).SetProperty(i => i.Culprit, heading.Culprit).SetProperty(i => i.Type, heading.Type)
                    .SetProperty(i => i.Value, heading.Value).SetProperty(i => i.Filename, heading.Filename).SetProperty(i => i.Function, heading.Function)
                    .SetProperty(i => i.Logger, logger),
                cancellationToken);
            // That one stays as it was made, whatever came since.
            await db.Issues.Where(i => i.ProjectId == projectId && i.Id == issue.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.GroupingWhy, why), cancellationToken);
        }

        foreach (var (key, value, becomes) in change.Tags)
            await MoveAsync(issue.Id, key, value, becomes, cancellationToken);

        return true;
    }

    private async Task<IssueTexts?> NewestAsync(Issue issue, CancellationToken cancellationToken)
    {
        var place = await IssueEvents.FindAsync(db, AccessScope.System, issue.Id, cancellationToken) is { } events ? await events.LastAsync(cancellationToken) : null;
        // Of a storm the newest may not be kept; then an older one says less than the issue does.
        if (place?.ReceivedAt != issue.LastSeen)
            return null;

        return await new EventBodies(db, projectId).ReadAsync(place.ReceivedAt, place.Id, cancellationToken) is { } e ? Rescrubbing.TextsOf(e, rules) : null;
    }

    // What is cut off must not make it another one at the next step, which would begin anew for ever.
    private string ScrubTag(string key, string value)
    {
        var once = StoredText.FitTag(key, Rescrubbing.ScrubTag(key, value, policy)).Value;
        return StoredText.FitTag(key, Rescrubbing.ScrubTag(key, once, policy)).Value == once ? once : TextScrubber.Filtered;
    }

    // What several values become adds up.
    private async Task MoveAsync(Guid issueId, string key, string value, string becomes, CancellationToken cancellationToken)
    {
        var ofKey = db.IssueTags.Where(t => t.ProjectId == projectId && t.IssueId == issueId && t.Key == key);
        if (await ofKey.AsNoTracking().FirstOrDefaultAsync(t => t.Value == value, cancellationToken) is not { } old)
            return;

        var (events, first, last) = (old.Events, old.FirstSeen, old.LastSeen);
        var found = await ofKey.Where(t => t.Value == becomes).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.Events, t => t.Events + events)
                .SetProperty(t => t.FirstSeen, t => t.FirstSeen < first ? t.FirstSeen : first)
                .SetProperty(t => t.LastSeen, t => t.LastSeen > last ? t.LastSeen : last),
            cancellationToken);
        await ofKey.Where(t => t.Value == value).ExecuteDeleteAsync(cancellationToken);
        if (found > 0)
            return;

        db.IssueTags.Add(new IssueTag { ProjectId = projectId, IssueId = issueId, Key = key, Value = becomes, Events = events, FirstSeen = first, LastSeen = last });
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }

    private static IssueTexts Fit(IssueTexts texts) => new(StoredText.Fit(texts.Heading), StoredText.FitLogger(texts.Logger), StoredText.JoinLines(texts.Why).Split('\n'));
}

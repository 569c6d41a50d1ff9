using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Stats;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>One issue by id; null when the caller sees no such issue.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue.</param>
public sealed record GetIssue(AccessScope Scope, Guid IssueId) : IRequest<IssueDetails?>;

/// <summary>An issue's page without its events.</summary>
/// <param name="Row">What lists show, with counts over all time.</param>
/// <param name="GroupingVersion">Version of the grouping algorithm that made it.</param>
/// <param name="GroupingVariant">Which rule spoke.</param>
/// <param name="GroupingWhy">What contributed, in order.</param>
/// <param name="Last30Days">Events of the last 30 days, oldest day first, UTC days, 30 numbers.</param>
/// <param name="Tags">Tags with their most frequent values.</param>
/// <param name="History">Newest first.</param>
/// <param name="Environments">Environments it was seen in.</param>
/// <param name="Hashes">How many hashes lead to it.</param>
public sealed record IssueDetails(
    IssueRow Row, short GroupingVersion, string GroupingVariant, IReadOnlyList<string> GroupingWhy,
    IReadOnlyList<long> Last30Days, IReadOnlyList<TagSummary> Tags, IReadOnlyList<IssueHistoryEntry> History,
    IReadOnlyList<string> Environments, int Hashes = 1);

/// <summary>A tag of an issue.</summary>
/// <param name="Key">The tag.</param>
/// <param name="Events">Events that carry it.</param>
/// <param name="DistinctValues">How many values it has.</param>
/// <param name="TopValues">The most frequent, at most 10.</param>
public sealed record TagSummary(string Key, long Events, int DistinctValues, IReadOnlyList<TagValue> TopValues);

/// <summary>One value of a tag.</summary>
/// <param name="Value">The value.</param>
/// <param name="Events">Events that carry it.</param>
/// <param name="FirstSeen">First seen.</param>
/// <param name="LastSeen">Last seen.</param>
public sealed record TagValue(string Value, long Events, DateTimeOffset FirstSeen, DateTimeOffset LastSeen);

/// <summary>One step of an issue's history.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When.</param>
/// <param name="UserName">Who; null when an event did it.</param>
/// <param name="EventId">The SDK's id of that event, 32 hex digits; null when a person did it.</param>
/// <param name="Release">Release of that event.</param>
/// <param name="Of">Short id of the merged issue whose step it is; null when it is the issue's own.</param>
/// <param name="Other">Short id of the other issue of a merge; else null.</param>
public sealed record IssueHistoryEntry(
    IssueTransitionKind Kind, DateTimeOffset At, string? UserName, string? EventId, string? Release, string? Of = null, string? Other = null);

internal sealed class GetIssueHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<GetIssue, IssueDetails?>
{
    private const int Days = 30;
    private const int MaxTags = 100;
    private const int TopValues = 10;
    private const int MaxHistory = 100;
    private const int MaxEnvironments = 50;

    public async Task<IssueDetails?> Handle(GetIssue request, CancellationToken cancellationToken)
    {
        var found = await db.Projects.VisibleTo(request.Scope)
            .Join(db.Issues.AsNoTracking().Where(i => i.Id == request.IssueId), p => p.Id, i => i.ProjectId,
                (p, i) => new { Issue = i, Project = new ProjectName(p.Id, p.Slug, p.Name) })
            .FirstOrDefaultAsync(cancellationToken);
        if (found is null)
            return null;

        var issue = found.Issue;
        var now = time.GetUtcNow();
        var projects = new Dictionary<long, ProjectName> { [issue.ProjectId] = found.Project };
        var rows = await new IssueRows(db, now).ReadAsync([issue], projects, null, null, cancellationToken);
        return new IssueDetails(
            rows[0], issue.GroupingVersion, issue.GroupingVariant, issue.GroupingWhy.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            await DaysAsync(issue, now, cancellationToken), await TagsAsync(issue, cancellationToken),
            await HistoryAsync(issue, found.Project.Slug, cancellationToken), await EnvironmentsAsync(issue, cancellationToken),
            await db.IssueFingerprints.CountAsync(f => f.ProjectId == issue.ProjectId && f.IssueId == issue.Id, cancellationToken));
    }

    private async Task<long[]> DaysAsync(Issue issue, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        var first = today.AddDays(1 - Days);
        var hours = await db.HoursSince(first, null)
            .Where(h => h.ProjectId == issue.ProjectId && h.IssueId == issue.Id)
            .GroupBy(h => h.Hour)
            .Select(g => new { Hour = g.Key, Events = g.Sum(h => h.Events) })
            .ToListAsync(cancellationToken);
        var days = new long[Days];
        foreach (var hour in hours)
            days[Math.Min((hour.Hour - first).Days, Days - 1)] += hour.Events;

        return days;
    }

    private async Task<List<TagSummary>> TagsAsync(Issue issue, CancellationToken cancellationToken)
    {
        var tags = db.IssueTags.AsNoTracking().Where(t => t.ProjectId == issue.ProjectId && t.IssueId == issue.Id);
        var keys = await tags.GroupBy(t => t.Key)
            .Select(g => new { Key = g.Key, Events = g.Sum(t => t.Events), Values = g.Count() })
            .OrderBy(g => g.Key)
            .Take(MaxTags)
            .ToListAsync(cancellationToken);
        var top = await tags.Select(t => t.Key).Distinct()
            .SelectMany(key => tags.Where(t => t.Key == key).OrderByDescending(t => t.Events).ThenBy(t => t.Value).Take(TopValues))
            .ToListAsync(cancellationToken);
        var values = top.ToLookup(t => t.Key, t => new TagValue(t.Value, t.Events, t.FirstSeen, t.LastSeen));
        return
        [
            .. keys.Select(k => new TagSummary(k.Key, k.Events, k.Values, [.. values[k.Key].OrderByDescending(v => v.Events)])),
        ];
    }

    private async Task<List<IssueHistoryEntry>> HistoryAsync(Issue issue, string slug, CancellationToken cancellationToken)
    {
        // Named in a list, so that the index of their ids finds them.
        var merged = await db.IssueRedirects.AsNoTracking()
            .Where(r => r.ProjectId == issue.ProjectId && r.TargetId == issue.Id)
            .ToDictionaryAsync(r => r.IssueId, r => r.Number, cancellationToken);
        Guid[] ids = [issue.Id, .. merged.Keys];
        var steps = await db.IssueTransitions.AsNoTracking()
            .Where(t => t.ProjectId == issue.ProjectId && ids.Contains(t.IssueId))
            .OrderByDescending(t => t.Id)
            .Take(MaxHistory)
            .Select(t => new { Step = t, UserName = db.Users.Where(u => u.Id == t.UserId).Select(u => u.Name).FirstOrDefault() })
            .ToListAsync(cancellationToken);
        return steps.ConvertAll(s => new IssueHistoryEntry(
            s.Step.Kind, s.Step.At, s.UserName, s.Step.EventId?.ToString("N"), s.Step.Release,
            merged.TryGetValue(s.Step.IssueId, out var number) ? IssueShortId.Of(slug, number) : null,
            s.Step.OtherNumber is { } other ? IssueShortId.Of(slug, other) : null));
    }

    private Task<List<string>> EnvironmentsAsync(Issue issue, CancellationToken cancellationToken) => db.IssueHours
        .AsNoTracking()
        .Where(h => h.ProjectId == issue.ProjectId && h.IssueId == issue.Id && h.Environment != "")
        .Select(h => h.Environment)
        .Distinct()
        .OrderBy(name => name)
        .Take(MaxEnvironments)
        .ToListAsync(cancellationToken);
}

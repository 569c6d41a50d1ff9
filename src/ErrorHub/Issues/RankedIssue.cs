using ErrorHub.Protocol.Events;
using ErrorHub.Stats;
using ErrorHub.Storage;

namespace ErrorHub.Issues;

/// <summary>An issue with its place in a list's order: <see cref="Score"/>, then <see cref="At"/>, then the id.</summary>
internal sealed class RankedIssue
{
    public required Issue Issue { get; init; }

    public required long Score { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>The orders of an issue list as SQL can compute them, and keyset paging over them.</summary>
internal static class IssueRanking
{
    /// <summary>Gives each issue its place. Counted orders count the rollup rows in <paramref name="window"/>; null for all time.</summary>
    public static IQueryable<RankedIssue> Rank(
        this IQueryable<Issue> issues, IssueSort sort, IQueryable<IssueHour>? window, IQueryable<IssueHour> lastDay) => sort switch
        {
            IssueSort.LastSeen => issues.Select(i => new RankedIssue { Issue = i, Score = i.LastSeenMinute, At = i.LastSeen }),
            IssueSort.FirstSeen => issues.Select(i => new RankedIssue { Issue = i, Score = 0, At = i.FirstSeen }),
            // IssueSeverity.Of once more, as a CASE expression.
            IssueSort.Severity => issues.Select(i => new RankedIssue
            {
                Issue = i,
                Score = i.Level == SentryLevel.Fatal ? 80
                    : i.Level == SentryLevel.Error ? (i.Handled == false ? 60 : 50)
                    : i.Level == SentryLevel.Warning ? 30
                    : i.Level == SentryLevel.Info ? 10
                    : 5,
                At = i.LastSeen,
            }),
            IssueSort.Users => issues.Select(i => new RankedIssue { Issue = i, Score = i.UserCount, At = i.LastSeen }),
            IssueSort.Events when window is null =>
                issues.Select(i => new RankedIssue { Issue = i, Score = i.EventCount, At = i.LastSeen }),
            IssueSort.Events => issues.RankByCount(window),
            IssueSort.Trends => issues.RankByCount(lastDay),
            _ => throw new ArgumentOutOfRangeException(nameof(sort), sort, null),
        };

    /// <summary>The rows from the cursor on, nearest first: descending forwards, ascending backwards.</summary>
    public static IQueryable<RankedIssue> From(this IQueryable<RankedIssue> issues, IssueSort sort, PageCursor? cursor)
    {
        var byTime = sort == IssueSort.FirstSeen;
        if (cursor is not { } edge)
            return byTime ? issues.NewestFirst() : issues.WorstFirst();

        return (byTime, edge.Backwards) switch
        {
            (true, false) => issues
                .Where(r => r.At < edge.At || (r.At == edge.At && r.Issue.Id.CompareTo(edge.Id) < 0))
                .NewestFirst(),
            (true, true) => issues
                .Where(r => r.At > edge.At || (r.At == edge.At && r.Issue.Id.CompareTo(edge.Id) > 0))
                .OrderBy(r => r.At).ThenBy(r => r.Issue.Id),
            (false, false) => issues
                .Where(r => r.Score < edge.Score
                    || (r.Score == edge.Score && (r.At < edge.At || (r.At == edge.At && r.Issue.Id.CompareTo(edge.Id) < 0))))
                .WorstFirst(),
            (false, true) => issues
                .Where(r => r.Score > edge.Score
                    || (r.Score == edge.Score && (r.At > edge.At || (r.At == edge.At && r.Issue.Id.CompareTo(edge.Id) > 0))))
                .OrderBy(r => r.Score).ThenBy(r => r.At).ThenBy(r => r.Issue.Id),
        };
    }

    private static IQueryable<RankedIssue> RankByCount(this IQueryable<Issue> issues, IQueryable<IssueHour> hours) =>
        issues.Select(i => new RankedIssue
        {
            Issue = i,
            Score = hours.Where(h => h.ProjectId == i.ProjectId && h.IssueId == i.Id).Sum(h => h.Events),
            At = i.LastSeen,
        });

    private static IOrderedQueryable<RankedIssue> NewestFirst(this IQueryable<RankedIssue> issues) =>
        issues.OrderByDescending(r => r.At).ThenByDescending(r => r.Issue.Id);

    private static IOrderedQueryable<RankedIssue> WorstFirst(this IQueryable<RankedIssue> issues) =>
        issues.OrderByDescending(r => r.Score).ThenByDescending(r => r.At).ThenByDescending(r => r.Issue.Id);
}

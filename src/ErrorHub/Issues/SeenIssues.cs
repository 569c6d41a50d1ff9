using ErrorHub.Stats;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>What a list of issues, and its totals, are about.</summary>
internal static class SeenIssues
{
    /// <summary>The issues of projects that were seen since a time, and in an environment; null for any.</summary>
    public static IQueryable<Issue> IssuesSeen(this ErrorHubDbContext db, long[] projectIds, string? environment, DateTimeOffset? since)
    {
        // One project is compared, not looked up in a list: only then does the index give the order too.
        var issues = db.Issues.AsNoTracking();
        if (projectIds is [var projectId])
            issues = issues.Where(i => i.ProjectId == projectId);
        else
            issues = issues.Where(i => projectIds.Contains(i.ProjectId));

        if (since is { } from)
        {
            var minute = Issue.MinuteOf(from);
            issues = issues.Where(i => i.LastSeenMinute >= minute && i.LastSeen >= from);
        }

        if (environment is null)
            return issues;

        var hours = db.HoursSince(since, environment);
        return issues.Where(i => hours.Any(h => h.ProjectId == i.ProjectId && h.IssueId == i.Id));
    }
}

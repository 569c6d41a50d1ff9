using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Stats;

/// <summary>Reads event counts of a page's issues from the rollups: one query for all rows, never one per row.</summary>
internal static class IssueCounts
{
    /// <summary>The hour a time is in.</summary>
    public static DateTimeOffset HourOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);

    /// <summary>The day a time is in, UTC.</summary>
    public static DateTimeOffset DayOf(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerDay), TimeSpan.Zero);

    /// <summary>Rollup rows since an hour, in one environment or all.</summary>
    public static IQueryable<IssueHour> HoursSince(this ErrorHubDbContext db, DateTimeOffset? from, string? environment)
    {
        var hours = db.IssueHours.AsNoTracking();
        if (from is { } time)
        {
            var hour = HourOf(time);
            hours = hours.Where(h => h.Hour >= hour);
        }

        return environment is null ? hours : hours.Where(h => h.Environment == environment);
    }

    /// <summary>The rows of these issues alone.</summary>
    public static IQueryable<IssueHour> OfIssues(
        this IQueryable<IssueHour> hours, IReadOnlyCollection<long> projectIds, IReadOnlyCollection<Guid> issueIds) =>
        hours.Where(h => projectIds.Contains(h.ProjectId) && issueIds.Contains(h.IssueId));

    /// <summary>Events by issue; issues without any are missing.</summary>
    public static Task<Dictionary<Guid, long>> SumByIssueAsync(this IQueryable<IssueHour> hours, CancellationToken cancellationToken) =>
        hours.GroupBy(h => h.IssueId)
            .Select(g => new { IssueId = g.Key, Events = g.Sum(h => h.Events) })
            .ToDictionaryAsync(g => g.IssueId, g => g.Events, cancellationToken);

    /// <summary>Events by issue in each of the last 24 hours, oldest first; issues without any are missing.</summary>
    public static async Task<Dictionary<Guid, long[]>> Last24HoursAsync(
        this IQueryable<IssueHour> hours, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var first = HourOf(now).AddHours(-23);
        var sums = await hours.Where(h => h.Hour >= first)
            .GroupBy(h => new { h.IssueId, h.Hour })
            .Select(g => new { g.Key.IssueId, g.Key.Hour, Events = g.Sum(h => h.Events) })
            .ToListAsync(cancellationToken);
        var counts = new Dictionary<Guid, long[]>();
        foreach (var sum in sums)
        {
            if (!counts.TryGetValue(sum.IssueId, out var series))
                counts[sum.IssueId] = series = new long[24];

            // Another process's clock may already be in the next hour.
            var hour = (int)Math.Min((sum.Hour - first).TotalHours, 23);
            series[hour] += sum.Events;
        }

        return counts;
    }
}

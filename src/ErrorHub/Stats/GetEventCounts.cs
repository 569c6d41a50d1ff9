using ErrorHub.Accounts;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Stats;

/// <summary>What happened in a period up to now, beside the period before it.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectIds">Only these projects; empty for all the caller sees.</param>
/// <param name="Environment">Only events of this environment; null for all.</param>
/// <param name="Period">How far back; 1 hour to 90 days.</param>
public sealed record GetEventCounts(AccessScope Scope, IReadOnlyList<long> ProjectIds, string? Environment, TimeSpan Period)
    : IRequest<EventCounts>;

/// <summary>The answer.</summary>
/// <param name="Start">Start of the first bucket.</param>
/// <param name="Interval">Length of a bucket: an hour up to two days, else a day.</param>
/// <param name="Buckets">Events by bucket, oldest first; the last one is running.</param>
/// <param name="Events">Events of the period.</param>
/// <param name="New">Issues seen for the first time.</param>
/// <param name="Regressed">Issues that came back after being resolved.</param>
public sealed record EventCounts(
    DateTimeOffset Start, TimeSpan Interval, IReadOnlyList<long> Buckets, PeriodCount Events, PeriodCount New, PeriodCount Regressed);

/// <summary>A number of a period and of the one before.</summary>
/// <param name="Now">In the period.</param>
/// <param name="Before">In the period before, of the same length.</param>
public readonly record struct PeriodCount(long Now, long Before);

internal sealed class GetEventCountsHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<GetEventCounts, EventCounts>
{
    private static readonly TimeSpan MinPeriod = TimeSpan.FromHours(1);
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromDays(90);

    public async Task<EventCounts> Handle(GetEventCounts request, CancellationToken cancellationToken)
    {
        var period = request.Period < MinPeriod ? MinPeriod : request.Period > MaxPeriod ? MaxPeriod : request.Period;
        var interval = period <= TimeSpan.FromDays(2) ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var now = time.GetUtcNow();
        var buckets = (int)Math.Ceiling(period / interval);
        var start = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % interval.Ticks), TimeSpan.Zero) - ((buckets - 1) * interval);
        var before = start - (buckets * interval);

        var projects = await IssueRows.ProjectsAsync(db.Projects.VisibleTo(request.Scope), request.ProjectIds, cancellationToken);
        long[] projectIds = [.. projects.Keys];
        var environment = string.IsNullOrEmpty(request.Environment) ? null : request.Environment;

        var hours = await db.HoursSince(before, environment)
            .Where(h => projectIds.Contains(h.ProjectId))
            .GroupBy(h => h.Hour)
            .Select(g => new { Hour = g.Key, Events = g.Sum(h => h.Events) })
            .ToListAsync(cancellationToken);
        var series = new long[buckets];
        foreach (var hour in hours.Where(h => h.Hour >= start))
            series[Math.Min((int)((hour.Hour - start) / interval), buckets - 1)] += hour.Events;

        var events = new PeriodCount(series.Sum(), hours.Where(h => h.Hour < start).Sum(h => h.Events));
        var created = await CountAsync(IssueTransitionKind.Created, projectIds, environment, before, start, cancellationToken);
        var regressed = await CountAsync(IssueTransitionKind.Regressed, projectIds, environment, before, start, cancellationToken);
        return new EventCounts(start, interval, series, events, created, regressed);
    }

    private async Task<PeriodCount> CountAsync(
        IssueTransitionKind kind, long[] projectIds, string? environment, DateTimeOffset before, DateTimeOffset start,
        CancellationToken cancellationToken)
    {
        // A step is written after its event was received, so its key is never older: the key finds them by the index.
        var firstId = TimeOrderedId.LowerBound(before);
        var steps = db.IssueTransitions.AsNoTracking()
            .Where(t => projectIds.Contains(t.ProjectId) && t.Id.CompareTo(firstId) >= 0 && t.Kind == kind && t.At >= before);
        if (environment is not null)
        {
            var hours = db.HoursSince(before, environment);
            // The hours of an issue that was merged are those of the one it is part of.
            steps = steps.Where(t => hours.Any(h => h.ProjectId == t.ProjectId && h.IssueId == t.IssueId)
                || db.IssueRedirects.Any(r => r.ProjectId == t.ProjectId && r.IssueId == t.IssueId
                    && hours.Any(h => h.ProjectId == r.ProjectId && h.IssueId == r.TargetId)));
        }

        var all = await steps.LongCountAsync(cancellationToken);
        var inPeriod = await steps.LongCountAsync(t => t.At >= start, cancellationToken);
        return new PeriodCount(inPeriod, all - inPeriod);
    }
}

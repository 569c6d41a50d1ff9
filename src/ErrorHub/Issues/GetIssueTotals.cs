using ErrorHub.Accounts;
using ErrorHub.Ingest;
using ErrorHub.Projects;
using ErrorHub.Stats;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>What stands over a list of issues: how many are in each state, and the events behind them.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectIds">Only these projects; empty for all the caller sees. Foreign ids match nothing.</param>
/// <param name="Environment">Only what was seen in this environment; null for all.</param>
/// <param name="Period">Only issues seen in this time up to now; null for all, the events are then those of 90 days.</param>
public sealed record GetIssueTotals(AccessScope Scope, IReadOnlyList<long> ProjectIds, string? Environment, TimeSpan? Period)
    : IRequest<IssueTotals>;

/// <summary>Counts of a set of issues.</summary>
/// <param name="Unresolved">Issues that need someone.</param>
/// <param name="New">Of these, first seen less than a week ago and not yet triaged.</param>
/// <param name="Regressed">Of these, back after being resolved.</param>
/// <param name="Archived">Known and left alone.</param>
/// <param name="Resolved">Fixed.</param>
/// <param name="Events">Events accepted in the period.</param>
/// <param name="Series">The same in equal steps, oldest first, the last one still running.</param>
/// <param name="Step">Length of a step: an hour, or whole days.</param>
public sealed record IssueTotals(
    long Unresolved, long New, long Regressed, long Archived, long Resolved, long Events, IReadOnlyList<long> Series, TimeSpan Step)
{
    /// <summary>Issues in any state.</summary>
    public long All => Unresolved + Archived + Resolved;
}

internal sealed class GetIssueTotalsHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<GetIssueTotals, IssueTotals>
{
    private static readonly TimeSpan LongestSeries = TimeSpan.FromDays(90);

    public async Task<IssueTotals> Handle(GetIssueTotals request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var environment = string.IsNullOrEmpty(request.Environment) ? null : request.Environment;
        var projects = await IssueRows.ProjectsAsync(db.Projects.VisibleTo(request.Scope), request.ProjectIds, cancellationToken);
        var projectIds = projects.Keys.ToArray();

        var issues = db.IssuesSeen(projectIds, environment, now - request.Period);
        var newSince = now - IssueStates.NewFor;
        var states = await issues
            .GroupBy(i => new { i.Status, i.Substatus, IsYoung = i.FirstSeen >= newSince })
            .Select(g => new { g.Key.Status, g.Key.Substatus, g.Key.IsYoung, Count = g.LongCount() })
            .ToListAsync(cancellationToken);
        var (series, step, inPeriod) = await SeriesAsync(projectIds, environment, request.Period ?? LongestSeries, now, cancellationToken);

        return new IssueTotals(
            states.Where(s => s.Status == IssueStatus.Unresolved).Sum(s => s.Count),
            states.Where(s => s is { Status: IssueStatus.Unresolved, Substatus: IssueSubstatus.New, IsYoung: true }).Sum(s => s.Count),
            states.Where(s => s is { Status: IssueStatus.Unresolved, Substatus: IssueSubstatus.Regressed }).Sum(s => s.Count),
            states.Where(s => s.Status == IssueStatus.Archived).Sum(s => s.Count),
            states.Where(s => s.Status == IssueStatus.Resolved).Sum(s => s.Count),
            series[^inPeriod..].Sum(), series, step);
    }

    private async Task<(long[] Series, TimeSpan Step, int InPeriod)> SeriesAsync(
        long[] projectIds, string? environment, TimeSpan period, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var step = period <= TimeSpan.FromDays(2) ? TimeSpan.FromHours(1) : TimeSpan.FromDays(1);
        var running = StartOf(now, step);
        var inPeriod = (int)((running - StartOf(now - period, step)) / step) + 1;
        // A chart of two bars says nothing: an hour is shown among the day around it.
        var steps = Math.Max(inPeriod, step == TimeSpan.FromHours(1) ? 24 : 7);
        var first = running - ((steps - 1) * step);

        // Of all environments the outcomes know the sum in a row or two per hour; one environment is only in the issues' rollups.
        var hours = environment is null
            ? db.OutcomeHours.AsNoTracking()
                .Where(o => projectIds.Contains(o.ProjectId) && o.Hour >= first && o.Outcome == Outcome.Accepted)
                .Where(o => o.Category == "error" || o.Category == "default")
                .GroupBy(o => o.Hour)
                .Select(g => new { Hour = g.Key, Events = g.Sum(o => o.Quantity) })
            : db.HoursSince(first, environment)
                .Where(h => projectIds.Contains(h.ProjectId))
                .GroupBy(h => h.Hour)
                .Select(g => new { Hour = g.Key, Events = g.Sum(h => h.Events) });
        var series = new long[steps];
        foreach (var hour in await hours.ToListAsync(cancellationToken))
            series[Math.Clamp((int)((hour.Hour - first) / step), 0, steps - 1)] += hour.Events;

        return (series, step, inPeriod);
    }

    private static DateTimeOffset StartOf(DateTimeOffset time, TimeSpan step) =>
        new(time.UtcTicks - (time.UtcTicks % step.Ticks), TimeSpan.Zero);
}

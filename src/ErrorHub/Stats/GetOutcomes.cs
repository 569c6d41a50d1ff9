using ErrorHub.Accounts;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Stats;

/// <summary>What outcomes are grouped by.</summary>
[Flags]
public enum OutcomeGrouping
{
    /// <summary>One total.</summary>
    None = 0,

    /// <summary>By outcome.</summary>
    Outcome = 1,

    /// <summary>By reason.</summary>
    Reason = 2,

    /// <summary>By data category.</summary>
    Category = 4,

    /// <summary>By project.</summary>
    Project = 8,
}

/// <summary>Where received items ended, over time.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectIds">Only these projects; empty for all the caller sees.</param>
/// <param name="From">Start; rounded down to a whole interval.</param>
/// <param name="Until">End, not included.</param>
/// <param name="Interval">A whole number of hours.</param>
/// <param name="GroupBy">What to tell apart.</param>
/// <param name="Categories">Only these data categories; empty for all.</param>
/// <param name="Outcomes">Only these outcomes; empty for all.</param>
public sealed record GetOutcomes(
    AccessScope Scope, IReadOnlyList<long> ProjectIds, DateTimeOffset From, DateTimeOffset Until, TimeSpan Interval,
    OutcomeGrouping GroupBy, IReadOnlyList<string> Categories, IReadOnlyList<Outcome> Outcomes) : IRequest<OutcomeStats>;

/// <summary>Sums by group and interval.</summary>
/// <param name="Intervals">Start of each interval.</param>
/// <param name="Groups">The groups, largest first.</param>
public sealed record OutcomeStats(IReadOnlyList<DateTimeOffset> Intervals, IReadOnlyList<OutcomeGroup> Groups);

/// <summary>One group; what was not grouped by is null.</summary>
/// <param name="Outcome">Outcome.</param>
/// <param name="Reason">Reason; empty for accepted.</param>
/// <param name="Category">Data category.</param>
/// <param name="ProjectId">Project.</param>
/// <param name="Total">Sum over all intervals.</param>
/// <param name="Series">Sum of each interval.</param>
public sealed record OutcomeGroup(
    Outcome? Outcome, string? Reason, string? Category, long? ProjectId, long Total, IReadOnlyList<long> Series);

internal sealed class GetOutcomesHandler(ErrorHubDbContext db) : IRequestHandler<GetOutcomes, OutcomeStats>
{
    public async Task<OutcomeStats> Handle(GetOutcomes request, CancellationToken cancellationToken)
    {
        var from = new DateTimeOffset(request.From.UtcTicks - (request.From.UtcTicks % request.Interval.Ticks), TimeSpan.Zero);
        var count = (int)Math.Ceiling((request.Until - from) / request.Interval);
        var intervals = Enumerable.Range(0, Math.Max(count, 0)).Select(i => from + (i * request.Interval)).ToList();

        var projects = await IssueRows.ProjectsAsync(db.Projects.VisibleTo(request.Scope), request.ProjectIds, cancellationToken);
        long[] projectIds = [.. projects.Keys];
        var until = request.Until;
        var hours = db.OutcomeHours.AsNoTracking().Where(h => projectIds.Contains(h.ProjectId) && h.Hour >= from && h.Hour < until);
        if (request.Categories is { Count: > 0 } categories)
            hours = hours.Where(h => categories.Contains(h.Category));

        if (request.Outcomes is { Count: > 0 } outcomes)
            hours = hours.Where(h => outcomes.Contains(h.Outcome));

        var by = request.GroupBy;
        var groups = new Dictionary<(Outcome?, string?, string?, long?), long[]>();
        await foreach (var sum in Sums(hours, by).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var key = (
                by.HasFlag(OutcomeGrouping.Outcome) ? sum.Outcome : (Outcome?)null, by.HasFlag(OutcomeGrouping.Reason) ? sum.Reason : null,
                by.HasFlag(OutcomeGrouping.Category) ? sum.Category : null, by.HasFlag(OutcomeGrouping.Project) ? sum.ProjectId : (long?)null);
            if (!groups.TryGetValue(key, out var series))
                groups[key] = series = new long[intervals.Count];

            series[(int)((sum.Hour - from) / request.Interval)] += sum.Quantity;
        }

        return new OutcomeStats(
            intervals,
            [
                .. groups.Select(g => new OutcomeGroup(g.Key.Item1, g.Key.Item2, g.Key.Item3, g.Key.Item4, g.Value.Sum(), g.Value))
                    .OrderByDescending(g => g.Total).ThenBy(g => g.Outcome).ThenBy(g => g.Reason, StringComparer.Ordinal),
            ]);
    }

    // Projects are told apart only when asked for: with hundreds of them the sums would be hundreds of times the rows.
    private static IQueryable<HourSum> Sums(IQueryable<OutcomeHour> hours, OutcomeGrouping by) => by.HasFlag(OutcomeGrouping.Project)
        ? hours.GroupBy(h => new { h.ProjectId, h.Hour, h.Outcome, h.Reason, h.Category })
            .Select(g => new HourSum(g.Key.ProjectId, g.Key.Hour, g.Key.Outcome, g.Key.Reason, g.Key.Category, g.Sum(h => h.Quantity)))
        : hours.GroupBy(h => new { h.Hour, h.Outcome, h.Reason, h.Category })
            .Select(g => new HourSum(0, g.Key.Hour, g.Key.Outcome, g.Key.Reason, g.Key.Category, g.Sum(h => h.Quantity)));

    private sealed record HourSum(
        long ProjectId, DateTimeOffset Hour, Outcome Outcome, string Reason, string Category, long Quantity);
}

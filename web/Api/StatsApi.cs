using System.Globalization;
using ErrorHub.Ingest;
using ErrorHub.Search;
using ErrorHub.Stats;
using ErrorHub.Web.Account;

namespace ErrorHub.Web.Api;

/// <summary>How many items came in, and what became of them.</summary>
internal static class StatsApi
{
    private const int MaxIntervals = 5_000;

    public static void MapStatsApi(this IEndpointRouteBuilder api) =>
        api.MapGet("/organizations/{org}/stats_v2/", GetAsync).RequireScope("org:read")
            .Describe<OutcomeStatsJson>("Statistics", "Received items by outcome, reason, category or project, over time");

    private static async Task<IResult> GetAsync(
        ApiCaller caller, TimeProvider time, string[]? field, string[]? groupBy, string? interval, string? statsPeriod, string? start,
        string? end, string[]? project, string[]? category, string[]? outcome, CancellationToken cancellationToken)
    {
        if (field is not ["sum(quantity)"])
            return ApiResults.BadRequest("field: write sum(quantity)");

        if (!TryReadGrouping(groupBy, out var grouping))
            return ApiResults.BadRequest("groupBy: write outcome, reason, category or project, each as a groupBy of its own");

        var step = TimeSpan.FromHours(1);
        if (interval is not null && (!PeriodText.TryParse(interval, out step) || step < TimeSpan.FromHours(1) || step.Minutes + step.Seconds > 0))
            return ApiResults.BadRequest("interval: write whole hours or days, such as 1h or 1d");

        if (!TryReadRange(statsPeriod, start, end, time.GetUtcNow(), out var from, out var until))
            return ApiResults.BadRequest("Write statsPeriod, such as 24h or 14d, or start and end as ISO 8601 times");

        if ((until - from) / step > MaxIntervals)
            return ApiResults.BadRequest($"interval: this asks for more than {MaxIntervals} intervals; choose a longer one");

        var outcomes = new List<Outcome>();
        foreach (var name in outcome ?? [])
        {
            if (Enum.GetValues<Outcome>().Where(value => value.ToName() == name).ToList() is not [var known])
                return ApiResults.BadRequest("outcome: write accepted, filtered, rate_limited, invalid or client_discard");

            outcomes.Add(known);
        }

        var projectIds = new List<long>();
        foreach (var text in (project ?? []).Where(text => text != "-1"))
            projectIds.Add((await caller.FindProjectAsync(text, cancellationToken))?.Id ?? 0);

        var stats = await caller.SendAsync(
            scope => new GetOutcomes(scope, projectIds, from, until, step, grouping, category ?? [], outcomes), cancellationToken);
        return TypedResults.Ok(OutcomeStatsJson.Of(stats, until));
    }

    private static bool TryReadGrouping(string[]? names, out OutcomeGrouping grouping)
    {
        grouping = OutcomeGrouping.None;
        foreach (var name in names ?? [])
        {
            var part = name switch
            {
                "outcome" => OutcomeGrouping.Outcome,
                "reason" => OutcomeGrouping.Reason,
                "category" => OutcomeGrouping.Category,
                "project" => OutcomeGrouping.Project,
                _ => OutcomeGrouping.None,
            };
            if (part == OutcomeGrouping.None)
                return false;

            grouping |= part;
        }

        return true;
    }

    private static bool TryReadRange(
        string? statsPeriod, string? start, string? end, DateTimeOffset now, out DateTimeOffset from, out DateTimeOffset until)
    {
        from = until = now;
        if (!string.IsNullOrEmpty(statsPeriod) || (start is null && end is null))
        {
            var known = PeriodText.TryParse(statsPeriod is { Length: > 0 } ? statsPeriod : "24h", out var period);
            from = now - period;
            return known;
        }

        return TryReadTime(start, out from) && TryReadTime(end, out until) && from < until;
    }

    private static bool TryReadTime(string? text, out DateTimeOffset time) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);
}

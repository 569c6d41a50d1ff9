using System.Globalization;
using ErrorHub.Ingest;
using ErrorHub.Stats;

namespace ErrorHub.Web.Api;

/// <summary>Sums by group and interval, in the shape of Sentry's <c>stats_v2</c>.</summary>
internal sealed record OutcomeStatsJson(
    DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<DateTimeOffset> Intervals, IReadOnlyList<OutcomeGroupJson> Groups)
{
    public static OutcomeStatsJson Of(OutcomeStats stats, DateTimeOffset end) => new(
        stats.Intervals.Count > 0 ? stats.Intervals[0] : end, end, stats.Intervals, [.. stats.Groups.Select(OutcomeGroupJson.Of)]);
}

internal sealed record OutcomeGroupJson(
    IReadOnlyDictionary<string, string> By, IReadOnlyDictionary<string, long> Totals,
    IReadOnlyDictionary<string, IReadOnlyList<long>> Series)
{
    private const string Field = "sum(quantity)";

    public static OutcomeGroupJson Of(OutcomeGroup group)
    {
        var by = new Dictionary<string, string>();
        if (group.Outcome is { } outcome)
            by["outcome"] = outcome.ToName();

        if (group.Reason is { } reason)
            by["reason"] = reason;

        if (group.Category is { } category)
            by["category"] = category;

        if (group.ProjectId is { } project)
            by["project"] = project.ToString(CultureInfo.InvariantCulture);

        return new OutcomeGroupJson(
            by, new Dictionary<string, long> { [Field] = group.Total },
            new Dictionary<string, IReadOnlyList<long>> { [Field] = group.Series });
    }
}

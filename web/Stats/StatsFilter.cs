using Microsoft.AspNetCore.WebUtilities;

namespace ErrorHub.Web.Stats;

/// <summary>What the statistics show: the query string, read.</summary>
/// <param name="Project">Slug; null for every project the caller sees.</param>
/// <param name="Period">One of <see cref="Periods"/>.</param>
internal sealed record StatsFilter(string? Project, StatsPeriod Period)
{
    /// <summary>The periods; the second is what stands in an address that names none.</summary>
    public static IReadOnlyList<StatsPeriod> Periods { get; } =
    [
        new("24h", "24 hours", TimeSpan.FromDays(1), TimeSpan.FromHours(1)),
        new("7d", "7 days", TimeSpan.FromDays(7), TimeSpan.FromHours(6)),
        new("30d", "30 days", TimeSpan.FromDays(30), TimeSpan.FromDays(1)),
        new("90d", "90 days", TimeSpan.FromDays(90), TimeSpan.FromDays(1)),
    ];

    public static StatsFilter Of(IQueryCollection query) => new(
        query["project"].ToString() is { Length: > 0 } project ? project : null,
        Periods.FirstOrDefault(p => p.Name == query["period"].ToString()) ?? Periods[1]);

    /// <summary>The query string of this filter; empty when everything is at its default.</summary>
    public string ToQueryString() => QueryHelpers.AddQueryString("", new Dictionary<string, string?>
    {
        ["project"] = Project,
        ["period"] = Period == Periods[1] ? null : Period.Name,
    }.Where(p => p.Value is not null));
}

/// <summary>A length of time and the step its charts have.</summary>
internal sealed record StatsPeriod(string Name, string Label, TimeSpan Length, TimeSpan Step);

using ErrorHub.Issues;
using Microsoft.AspNetCore.WebUtilities;

namespace ErrorHub.Web.Issues;

/// <summary>The tabs over the list, <c>status</c> in the address.</summary>
public enum IssueTab
{
    /// <summary>Needs someone.</summary>
    Unresolved,

    /// <summary>New or regressed: nobody has looked yet.</summary>
    Review,

    /// <summary>Known and left alone.</summary>
    Archived,

    /// <summary>Fixed.</summary>
    Resolved,

    /// <summary>Everything.</summary>
    All,
}

/// <summary>What the list shows: the query string, read. Everything a person can set here can be linked and reloaded.</summary>
public sealed record IssueFilter
{
    /// <summary>The period when the address names none.</summary>
    public const string DefaultPeriod = "14d";

    /// <summary>The tabs in order, with their names in the address.</summary>
    public static IReadOnlyList<(IssueTab Tab, string Name, string Label)> Tabs { get; } =
    [
        (IssueTab.Unresolved, "unresolved", "Unresolved"), (IssueTab.Review, "review", "For review"),
        (IssueTab.Archived, "archived", "Archived"), (IssueTab.Resolved, "resolved", "Resolved"), (IssueTab.All, "all", "All"),
    ];

    /// <summary>The orders, with their names in the address.</summary>
    public static IReadOnlyList<(IssueSort Sort, string Name, string Label)> Sorts { get; } =
    [
        (IssueSort.Severity, "severity", "Severity"), (IssueSort.LastSeen, "date", "Last seen"), (IssueSort.FirstSeen, "new", "Newest"),
        (IssueSort.Events, "freq", "Events"), (IssueSort.Users, "user", "Users"), (IssueSort.Trends, "trends", "Trend"),
    ];

    /// <summary>The periods, with their names in the address; all time has no length.</summary>
    public static IReadOnlyList<(string Name, string Label, TimeSpan? Length)> Periods { get; } =
    [
        ("1h", "1 hour", TimeSpan.FromHours(1)), ("24h", "24 hours", TimeSpan.FromHours(24)), ("7d", "7 days", TimeSpan.FromDays(7)),
        ("14d", "14 days", TimeSpan.FromDays(14)), ("30d", "30 days", TimeSpan.FromDays(30)), ("90d", "90 days", TimeSpan.FromDays(90)),
        ("all", "All time", null),
    ];

    /// <summary>Slugs; empty for every project the caller sees.</summary>
    public IReadOnlyList<string> Projects { get; init; } = [];

    /// <summary>Null for all.</summary>
    public string? Environment { get; init; }

    /// <summary>The search box.</summary>
    public string Query { get; init; } = "";

    /// <summary>The order.</summary>
    public IssueSort Sort { get; init; }

    /// <summary>A name from <see cref="Periods"/>.</summary>
    public string Period { get; init; } = DefaultPeriod;

    /// <summary>The tab.</summary>
    public IssueTab Tab { get; init; }

    /// <summary>Where the page begins; null for the first.</summary>
    public string? Cursor { get; init; }

    /// <summary>Null for all time.</summary>
    public TimeSpan? PeriodLength => Periods.First(p => p.Name == Period).Length;

    /// <summary>The period for people: <c>14 days</c>.</summary>
    public string PeriodLabel => Periods.First(p => p.Name == Period).Label;

    /// <summary>True when more than the tab narrows the list.</summary>
    public bool IsNarrow => Projects.Count > 0 || Environment is not null || Query.Length > 0 || Period != DefaultPeriod;

    /// <summary>The search box with the tab in front, unless the box itself says which state it wants.</summary>
    public string FullQuery => (Tab, Query) switch
    {
        (IssueTab.All, _) => Query,
        _ when SaysStatus(Query) => Query,
        (IssueTab.Review, _) => Join("is:for_review", Query),
        (var tab, _) => Join("is:" + NameOf(tab), Query),
    };

    /// <summary>Reads the query string; what it does not know is left at its default, as a link may be older than the page.</summary>
    public static IssueFilter Of(IQueryCollection query) => new()
    {
        Projects = [.. query["project"].OfType<string>().Where(s => s.Length > 0).Distinct().Take(100)],
        Environment = query["environment"].ToString() is { Length: > 0 } environment ? environment : null,
        Query = query["query"].ToString().Trim(),
        Sort = Sorts.FirstOrDefault(s => s.Name == query["sort"].ToString()).Sort,
        Period = Periods.FirstOrDefault(p => p.Name == query["period"].ToString()).Name ?? DefaultPeriod,
        Tab = Tabs.FirstOrDefault(t => t.Name == query["status"].ToString()).Tab,
        Cursor = query["cursor"].ToString() is { Length: > 0 } cursor ? cursor : null,
    };

    /// <summary>The query string of this filter, with its <c>?</c>; empty when everything is at its default.</summary>
    public string ToQueryString()
    {
        var parts = Projects.Select(slug => KeyValuePair.Create("project", (string?)slug)).ToList();
        Add("environment", Environment);
        Add("query", Query is "" ? null : Query);
        Add("sort", Sort == default ? null : Sorts.First(s => s.Sort == Sort).Name);
        Add("period", Period == DefaultPeriod ? null : Period);
        Add("status", Tab == default ? null : NameOf(Tab));
        Add("cursor", Cursor);
        return QueryHelpers.AddQueryString("", parts);

        void Add(string key, string? value)
        {
            if (value is not null)
                parts.Add(KeyValuePair.Create(key, (string?)value));
        }
    }

    /// <summary>Name of a tab in the address.</summary>
    public static string NameOf(IssueTab tab) => Tabs.First(t => t.Tab == tab).Name;

    private static string Join(string first, string rest) => rest is "" ? first : first + " " + rest;

    private static bool SaysStatus(string query) =>
        query.Split(' ').Any(term => term.TrimStart('!').StartsWith("is:", StringComparison.OrdinalIgnoreCase));
}

using System.Globalization;
using ErrorHub.Search;
using ErrorHub.Sessions;
using ErrorHub.Web.Account;

namespace ErrorHub.Web.Api;

/// <summary>Release health: how sessions ended, in the shape of Sentry's sessions API.</summary>
internal static class SessionsApi
{
    private static readonly TimeSpan MaxPeriod = TimeSpan.FromDays(90);

    public static void MapSessionsApi(this IEndpointRouteBuilder api) =>
        api.MapGet("/organizations/{org}/sessions/", GetAsync).RequireScope("org:read")
            .Describe<SessionStatsJson>("Statistics", "Sessions by release, environment, project or how they ended, over time");

    private static async Task<IResult> GetAsync(
        ApiCaller caller, TimeProvider time, string[]? field, string[]? groupBy, string? interval, string? statsPeriod, string[]? project,
        string[]? environment, string[]? release, CancellationToken cancellationToken)
    {
        if (field is not { Length: > 0 } || field.Except(SessionStatsJson.Fields).Any())
            return ApiResults.BadRequest($"field: write {string.Join(" or ", SessionStatsJson.Fields)}");

        var groups = groupBy ?? [];
        if (groups.Except(SessionStatsJson.Groupings).Any())
            return ApiResults.BadRequest($"groupBy: write {string.Join(", ", SessionStatsJson.Groupings)}, each as a groupBy of its own");

        if (groups.Contains(SessionStatsJson.Status) && field.Contains(SessionStatsJson.CrashFree))
            return ApiResults.BadRequest("groupBy: a crash-free rate has no session.status");

        var step = TimeSpan.FromHours(1);
        if (interval is not null && (!PeriodText.TryParse(interval, out step) || step < TimeSpan.FromHours(1) || step.Minutes + step.Seconds > 0))
            return ApiResults.BadRequest("interval: write whole hours or days, such as 1h or 1d");

        if (!PeriodText.TryParse(statsPeriod is { Length: > 0 } ? statsPeriod : "24h", out var period) || period > MaxPeriod)
            return ApiResults.BadRequest("statsPeriod: write a length of time up to 90d, such as 24h or 14d");

        var projectIds = new List<long>();
        foreach (var text in (project ?? []).Where(text => text != "-1"))
            projectIds.Add((await caller.FindProjectAsync(text, cancellationToken))?.Id ?? 0);

        var until = time.GetUtcNow();
        var from = new DateTimeOffset((until - period).UtcTicks / step.Ticks * step.Ticks, TimeSpan.Zero);
        var stats = await caller.SendAsync(
            scope => new GetSessions(scope, projectIds, environment ?? [], release ?? [], from, until), cancellationToken);
        return stats.IsTooMuch
            ? ApiResults.BadRequest("statsPeriod: this is more than can be read at once; choose a shorter one, or name a project")
            : TypedResults.Ok(SessionStatsJson.Of(stats.Hours, field, groups, from, until, step));
    }
}

/// <summary>Sessions by group and interval.</summary>
/// <param name="Start">Start of the first interval.</param>
/// <param name="End">End of the last.</param>
/// <param name="Intervals">Start of each interval.</param>
/// <param name="Groups">The groups, largest first.</param>
internal sealed record SessionStatsJson(
    DateTimeOffset Start, DateTimeOffset End, IReadOnlyList<DateTimeOffset> Intervals, IReadOnlyList<SessionGroupJson> Groups)
{
    public const string Sum = "sum(session)";
    public const string CrashFree = "crash_free_rate(session)";
    public const string Status = "session.status";

    public static readonly string[] Fields = [Sum, CrashFree];
    public static readonly string[] Groupings = ["project", "release", "environment", Status];

    private static readonly (string Name, Func<SessionHour, long> Count)[] Statuses =
    [
        ("healthy", h => h.Total - h.Errored - h.Abnormal - h.Unhandled - h.Crashed), ("errored", h => h.Errored), ("abnormal", h => h.Abnormal),
        ("unhandled", h => h.Unhandled), ("crashed", h => h.Crashed),
    ];

    public static SessionStatsJson Of(
        IReadOnlyList<SessionHour> hours, string[] fields, string[] groupBy, DateTimeOffset from, DateTimeOffset until, TimeSpan step)
    {
        var intervals = Enumerable.Range(0, (int)Math.Ceiling((until - from) / step)).Select(i => from + (i * step)).ToList();
        (string? Name, Func<SessionHour, long> Count)[] counts = groupBy.Contains(Status) ? [.. Statuses.Select(s => ((string?)s.Name, s.Count))] : [(null, h => h.Total)];
        var groups = new Dictionary<(long?, string?, string?, string?), (long[] Sums, long[] Crashed)>();
        foreach (var hour in hours)
        {
            var place = (int)((hour.Hour - from) / step);
            foreach (var (status, count) in counts)
            {
                var key = (
                    groupBy.Contains("project") ? hour.ProjectId : (long?)null, groupBy.Contains("release") ? hour.Release : null,
                    groupBy.Contains("environment") ? hour.Environment : null, status);
                if (!groups.TryGetValue(key, out var series))
                    groups[key] = series = (new long[intervals.Count], new long[intervals.Count]);

                series.Sums[place] += count(hour);
                series.Crashed[place] += hour.Crashed;
            }
        }

        return new SessionStatsJson(
            from, until, intervals,
            [.. groups.OrderByDescending(g => g.Value.Sums.Sum()).Select(g => SessionGroupJson.Of(g.Key, fields, g.Value.Sums, g.Value.Crashed))]);
    }
}

/// <summary>One group.</summary>
/// <param name="By">What it is, by the names of groupBy.</param>
/// <param name="Totals">Each field over the whole period; null for a rate of nothing.</param>
/// <param name="Series">Each field by interval.</param>
internal sealed record SessionGroupJson(
    IReadOnlyDictionary<string, string> By, IReadOnlyDictionary<string, double?> Totals, IReadOnlyDictionary<string, IReadOnlyList<double?>> Series)
{
    public static SessionGroupJson Of((long? Project, string? Release, string? Environment, string? Status) key, string[] fields, long[] sums, long[] crashed)
    {
        var by = new Dictionary<string, string>();
        if (key.Project is { } project)
            by["project"] = project.ToString(CultureInfo.InvariantCulture);

        if (key.Release is { } release)
            by["release"] = release;

        if (key.Environment is { } environment)
            by["environment"] = environment;

        if (key.Status is { } status)
            by[SessionStatsJson.Status] = status;

        return new SessionGroupJson(
            by,
            fields.ToDictionary(field => field, field => ValueOf(field, sums.Sum(), crashed.Sum())),
            fields.ToDictionary(field => field, field => (IReadOnlyList<double?>)[.. sums.Zip(crashed, (sum, crash) => ValueOf(field, sum, crash))]));
    }

    private static double? ValueOf(string field, long sessions, long crashed) =>
        field == SessionStatsJson.Sum ? sessions : sessions == 0 ? null : 1 - ((double)crashed / sessions);
}

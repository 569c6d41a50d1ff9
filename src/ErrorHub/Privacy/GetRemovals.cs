using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;
using ErrorHub.Stats;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>What scrubbing removed from a project's events in the last 30 days; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Slug">The project.</param>
public sealed record GetRemovals(AccessScope Scope, string Slug) : IRequest<RemovalReport?>;

/// <summary>What was removed, by rule and by place.</summary>
/// <param name="FirstDay">Start of the first of the days, UTC; the last is today.</param>
/// <param name="Rules">Rules that removed something, the busiest first.</param>
/// <param name="Places">Places something was removed from, the busiest first.</param>
/// <param name="IdleRules">Rules in force that removed nothing in these days.</param>
public sealed record RemovalReport(
    DateTimeOffset FirstDay, IReadOnlyList<RuleRemovals> Rules, IReadOnlyList<PlaceRemovals> Places, IReadOnlyList<IdleRule> IdleRules)
{
    /// <summary>Days that a report covers, today included.</summary>
    public const int Days = 30;

    /// <summary>Removals of all rules by day.</summary>
    public IReadOnlyList<long> PerDay => [.. Enumerable.Range(0, Days).Select(day => Rules.Sum(r => r.PerDay[day]))];
}

/// <summary>What a rule removed.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="PerDay">How often on each of the days.</param>
public sealed record RuleRemovals(string Rule, IReadOnlyList<long> PerDay)
{
    /// <summary>How often in all.</summary>
    public long Total => PerDay.Sum();
}

/// <summary>What a rule removed from one kind of place.</summary>
/// <param name="Path">The place; <see cref="RemovalCount.OtherPaths"/> for all that there was no room for.</param>
/// <param name="Rule">The rule.</param>
/// <param name="PerDay">How often on each of the days.</param>
/// <param name="FirstSeen">The day of the first event with it; null for other places, and when that is forgotten.</param>
/// <param name="IsNew">True when that was in the last seven days.</param>
public sealed record PlaceRemovals(string Path, string Rule, IReadOnlyList<long> PerDay, DateTimeOffset? FirstSeen, bool IsNew)
{
    /// <summary>How often in all.</summary>
    public long Total => PerDay.Sum();
}

/// <summary>A rule that removed nothing.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="LastHit">The day of its last removal before; null when there is none in two years.</param>
/// <param name="IsOwn">True for a pattern of the project's owner.</param>
public sealed record IdleRule(string Rule, DateTimeOffset? LastHit, bool IsOwn);

internal sealed class GetRemovalsHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<GetRemovals, RemovalReport?>
{
    private static readonly TimeSpan New = TimeSpan.FromDays(7);

    public async Task<RemovalReport?> Handle(GetRemovals request, CancellationToken cancellationToken)
    {
        var project = await db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == request.Slug)
            .Select(p => new { p.Id, p.Scrubbing }).FirstOrDefaultAsync(cancellationToken);
        if (project is null)
            return null;

        var now = time.GetUtcNow();
        var firstDay = IssueCounts.DayOf(now).AddDays(1 - RemovalReport.Days);
        var ofProject = db.RemovalDays.AsNoTracking().Where(r => r.ProjectId == project.Id);
        var rows = await ofProject.Where(r => r.Day >= firstDay).ToListAsync(cancellationToken);
        var firstSeen = await db.RemovalPaths.AsNoTracking().Where(p => p.ProjectId == project.Id)
            .ToDictionaryAsync(p => (p.Rule, p.Path), p => p.FirstSeen, cancellationToken);
        var lastHits = await ofProject.GroupBy(r => r.Rule).Select(g => new { Rule = g.Key, Day = g.Max(r => r.Day) })
            .ToDictionaryAsync(r => r.Rule, r => r.Day, cancellationToken);

        var rules = rows.GroupBy(r => r.Rule, (rule, days) => new RuleRemovals(rule, PerDay(days, firstDay)))
            .OrderByDescending(r => r.Total).ThenBy(r => r.Rule, StringComparer.Ordinal).ToList();
        var places = rows.GroupBy(r => (r.Rule, r.Path), (place, days) =>
            {
                DateTimeOffset? since = firstSeen.TryGetValue(place, out var seen) ? seen : null;
                return new PlaceRemovals(place.Path, place.Rule, PerDay(days, firstDay), since, since > now - New);
            })
            .OrderByDescending(p => p.Total).ThenBy(p => p.Path, StringComparer.Ordinal).ToList();
        return new RemovalReport(firstDay, rules, places, [.. IdleRules(project.Scrubbing, rules, lastHits)]);
    }

    private static IEnumerable<IdleRule> IdleRules(string? saved, List<RuleRemovals> busy, Dictionary<string, DateTimeOffset> lastHits)
    {
        var settings = ProjectScrubbing.Of(saved).Settings;
        var own = settings.Rules.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        // Own ones first: those are the ones that somebody may have got wrong.
        return ScrubbingPolicy.Of(settings).RuleNames.Except(busy.Select(r => r.Rule))
            .Select(rule => new IdleRule(rule, lastHits.TryGetValue(rule, out var day) ? day : null, own.Contains(rule)))
            .OrderBy(r => !r.IsOwn).ThenBy(r => r.Rule, StringComparer.Ordinal);
    }

    private static long[] PerDay(IEnumerable<RemovalDay> rows, DateTimeOffset firstDay)
    {
        var days = new long[RemovalReport.Days];
        // A clock that was set back has days to come.
        foreach (var row in rows)
            days[Math.Min((row.Day - firstDay).Days, days.Length - 1)] += row.Removals;

        return days;
    }
}

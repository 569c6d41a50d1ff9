using ErrorHub.Grouping.Rules;
using ErrorHub.Ingest;
using ErrorHub.Projects;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.Privacy;

/// <summary>
/// Scrubs events that were scrubbed when they came and have waited since, in the spool or as dead letters: the rules may have been
/// tightened, and a run over the stored events may be past the time at which these were received.
/// </summary>
public sealed class LateScrubbing(IServiceScopeFactory scopes, PolicyShelf policies)
{
    /// <summary>The events by the rules that their projects have now, as the database says and not as this process remembers.</summary>
    public async Task<IReadOnlyList<ProcessedEvent>> ScrubAsync(IReadOnlyList<ProcessedEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
            return events;

        var ids = events.Select(e => e.ProjectId).Distinct().ToArray();
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
        var settings = await db.Projects.AsNoTracking().Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.Scrubbing, p.GroupingRules }).ToListAsync(cancellationToken);
        var current = settings.ToDictionary(p => p.Id, p => (Policy: policies.PolicyFor(p.Id, p.Scrubbing), Rules: GroupingRules.Read(p.GroupingRules, out _)));
        return [.. events.Select(e => current.TryGetValue(e.ProjectId, out var by) ? Rescrubbing.Scrub(e, by.Policy, by.Rules) : e)];
    }
}

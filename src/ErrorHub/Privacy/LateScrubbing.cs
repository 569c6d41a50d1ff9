using ErrorHub.Grouping.Rules;
using ErrorHub.Ingest;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ErrorHub.Privacy;

/// <summary>
/// Scrubs events that were scrubbed when they came and have waited since, in the spool or as dead letters: the rules may have been
/// tightened, and a run over the stored events may be past the time at which these were received.
/// </summary>
public sealed partial class LateScrubbing(IServiceScopeFactory scopes, PolicyShelf policies, ILogger<LateScrubbing> logger)
{
    /// <summary>
    /// Scrubs events of these projects by the rules that they have now, as the database says and not as this process remembers. An event
    /// that cannot be scrubbed again stays as it was scrubbed when it came, and the log says so: it must not hold up all that came after it.
    /// </summary>
    public async Task<Func<ProcessedEvent, ProcessedEvent>> ScrubberAsync(IEnumerable<long> projectIds, CancellationToken cancellationToken)
    {
        var ids = projectIds.Distinct().ToArray();
        if (ids.Length == 0)
            return e => e;

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
        var settings = await db.Projects.AsNoTracking().Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.Scrubbing, p.GroupingRules }).ToListAsync(cancellationToken);
        var current = settings.ToDictionary(p => p.Id, p => (Policy: policies.PolicyFor(p.Id, p.Scrubbing), Rules: GroupingRules.Read(p.GroupingRules, out _)));
        return e =>
        {
            try
            {
                return current.TryGetValue(e.ProjectId, out var by) ? Rescrubbing.Scrub(e, by.Policy, by.Rules) : e;
            }
            catch (Exception problem)
            {
                // Not its message, which may quote the event.
                Log.NotScrubbed(logger, e.EventId.ToString(), e.ProjectId, problem.GetType().Name);
                return e;
            }
        };
    }

    /// <summary>The rules that a project has now, for what came beside an event and has waited likewise.</summary>
    internal async Task<ScrubbingPolicy> PolicyAsync(long projectId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
        return policies.PolicyFor(projectId, await db.Projects.Where(p => p.Id == projectId).Select(p => p.Scrubbing).FirstOrDefaultAsync(cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(1322, LogLevel.Error, "Event {EventId} of project {ProjectId} could not be scrubbed by newer rules than those it came under: {Problem}")]
        public static partial void NotScrubbed(ILogger logger, string eventId, long projectId, string problem);
    }
}

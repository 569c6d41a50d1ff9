using ErrorHub.Accounts;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>What is going on in each project the caller sees. Projects where nothing is are left out.</summary>
/// <param name="Scope">What the caller may see.</param>
public sealed record GetProjectCounts(AccessScope Scope) : IRequest<IReadOnlyDictionary<long, ProjectCounts>>;

/// <summary>Counts of a project.</summary>
/// <param name="UnresolvedIssues">Issues that need someone.</param>
/// <param name="Events24Hours">Events accepted in the last 24 hours.</param>
public readonly record struct ProjectCounts(long UnresolvedIssues, long Events24Hours);

/// <remarks>
/// One pass over each table, from the rollups and never from the events. A subquery for each project is quicker only while the planner
/// guesses right: after a burst of new projects PostgreSQL, with the statistics of before, scanned all issues once for each of 10,000.
/// </remarks>
internal sealed class GetProjectCountsHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<GetProjectCounts, IReadOnlyDictionary<long, ProjectCounts>>
{
    public async Task<IReadOnlyDictionary<long, ProjectCounts>> Handle(GetProjectCounts request, CancellationToken cancellationToken)
    {
        var visible = db.Projects.VisibleTo(request.Scope).Select(p => p.Id);
        var unresolved = await db.Issues
            .Where(i => i.Status == IssueStatus.Unresolved && visible.Contains(i.ProjectId))
            .GroupBy(i => i.ProjectId)
            .Select(g => new { g.Key, Count = g.LongCount() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
        var since = time.GetUtcNow().AddHours(-24);
        var events = await db.OutcomeHours
            .Where(o => o.Hour > since && o.Outcome == Outcome.Accepted && visible.Contains(o.ProjectId))
            .GroupBy(o => o.ProjectId)
            .Select(g => new { g.Key, Count = g.Sum(o => o.Quantity) })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);

        return unresolved.Keys.Union(events.Keys)
            .ToDictionary(id => id, id => new ProjectCounts(unresolved.GetValueOrDefault(id), events.GetValueOrDefault(id)));
    }
}

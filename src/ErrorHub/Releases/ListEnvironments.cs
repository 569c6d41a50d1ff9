using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Releases;

/// <summary>Names of the environments the caller's projects were seen in, most recent first, at most 100.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectIds">Only these projects; empty for all the caller sees.</param>
public sealed record ListEnvironments(AccessScope Scope, IReadOnlyList<long> ProjectIds) : IRequest<IReadOnlyList<string>>;

internal sealed class ListEnvironmentsHandler(ErrorHubDbContext db) : IRequestHandler<ListEnvironments, IReadOnlyList<string>>
{
    private const int Most = 100;

    public async Task<IReadOnlyList<string>> Handle(ListEnvironments request, CancellationToken cancellationToken)
    {
        var projects = db.Projects.VisibleTo(request.Scope);
        if (request.ProjectIds is { Count: > 0 } only)
            projects = projects.Where(p => only.Contains(p.Id));

        return await db.Environments.AsNoTracking()
            .Where(e => e.Name != "" && projects.Any(p => p.Id == e.ProjectId))
            .GroupBy(e => e.Name)
            .Select(g => new { Name = g.Key, LastSeen = g.Max(e => e.LastSeen) })
            .OrderByDescending(e => e.LastSeen)
            .Take(Most)
            .Select(e => e.Name)
            .ToListAsync(cancellationToken);
    }
}

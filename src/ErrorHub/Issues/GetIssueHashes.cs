using ErrorHub.Accounts;
using ErrorHub.Grouping;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>The hashes that lead to an issue, newest algorithm first; null when the caller sees no such issue.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue.</param>
public sealed record GetIssueHashes(AccessScope Scope, Guid IssueId) : IRequest<IReadOnlyList<IssueHash>?>;

internal sealed class GetIssueHashesHandler(ErrorHubDbContext db) : IRequestHandler<GetIssueHashes, IReadOnlyList<IssueHash>?>
{
    private const int MaxHashes = 1_000;

    public async Task<IReadOnlyList<IssueHash>?> Handle(GetIssueHashes request, CancellationToken cancellationToken)
    {
        var projectId = await db.Projects.VisibleTo(request.Scope)
            .Join(db.Issues.Where(i => i.Id == request.IssueId), p => p.Id, i => i.ProjectId, (p, i) => (long?)p.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (projectId is null)
            return null;

        return await db.IssueFingerprints.AsNoTracking()
            .Where(f => f.ProjectId == projectId && f.IssueId == request.IssueId)
            .OrderByDescending(f => f.Version).ThenBy(f => f.Hash)
            .Take(MaxHashes)
            .Select(f => new IssueHash(f.Hash, f.Version))
            .ToListAsync(cancellationToken);
    }
}

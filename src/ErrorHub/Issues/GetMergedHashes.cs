using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>Where an issue that was merged is now, and by which hashes: what undoes the merge. Null when it was not, or the caller does not see it.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue that was merged away.</param>
public sealed record GetMergedHashes(AccessScope Scope, Guid IssueId) : IRequest<MergedHashes?>;

/// <summary>The hashes of a merged issue.</summary>
/// <param name="IssueId">The issue they lead to.</param>
/// <param name="Hashes">32 hex digits each.</param>
public sealed record MergedHashes(Guid IssueId, IReadOnlyList<string> Hashes);

internal sealed class GetMergedHashesHandler(ErrorHubDbContext db) : IRequestHandler<GetMergedHashes, MergedHashes?>
{
    public async Task<MergedHashes?> Handle(GetMergedHashes request, CancellationToken cancellationToken)
    {
        var redirect = await db.Projects.VisibleTo(request.Scope)
            .Join(db.IssueRedirects.Where(r => r.IssueId == request.IssueId), p => p.Id, r => r.ProjectId, (p, r) => r)
            .FirstOrDefaultAsync(cancellationToken);
        if (redirect is null)
            return null;

        var hashes = await db.IssueFingerprints.AsNoTracking()
            .Where(f => f.ProjectId == redirect.ProjectId && f.IssueId == redirect.TargetId && f.MergedFrom == redirect.IssueId)
            .Select(f => f.Hash)
            .ToListAsync(cancellationToken);
        return new MergedHashes(redirect.TargetId, hashes.ConvertAll(Convert.ToHexStringLower));
    }
}

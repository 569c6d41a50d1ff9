using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>The id of the issue people call <c>SHOP-12</c>, or of the one it was merged into; null when the caller sees no such issue.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ShortId">The short id, in any case.</param>
/// <param name="FollowMerges">False to find no issue by the number of another one that was merged into it.</param>
public sealed record FindIssueByShortId(AccessScope Scope, string ShortId, bool FollowMerges = true) : IRequest<Guid?>;

internal sealed class FindIssueByShortIdHandler(ErrorHubDbContext db) : IRequestHandler<FindIssueByShortId, Guid?>
{
    public async Task<Guid?> Handle(FindIssueByShortId request, CancellationToken cancellationToken)
    {
        if (!IssueShortId.TryParse(request.ShortId, out var slug, out var number))
            return null;

        var projects = db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == slug);
        var found = await projects.Join(db.Issues.Where(i => i.Number == number), p => p.Id, i => i.ProjectId, (p, i) => (Guid?)i.Id)
            .FirstOrDefaultAsync(cancellationToken);
        return found is not null || !request.FollowMerges
            ? found
            : await projects.Join(db.IssueRedirects.Where(r => r.Number == number), p => p.Id, r => r.ProjectId, (p, r) => (Guid?)r.TargetId)
                .FirstOrDefaultAsync(cancellationToken);
    }
}

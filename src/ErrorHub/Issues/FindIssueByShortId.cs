using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>The id of the issue people call <c>SHOP-12</c>; null when the caller sees no such issue.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ShortId">The short id, in any case.</param>
public sealed record FindIssueByShortId(AccessScope Scope, string ShortId) : IRequest<Guid?>;

internal sealed class FindIssueByShortIdHandler(ErrorHubDbContext db) : IRequestHandler<FindIssueByShortId, Guid?>
{
    public async Task<Guid?> Handle(FindIssueByShortId request, CancellationToken cancellationToken)
    {
        if (!IssueShortId.TryParse(request.ShortId, out var slug, out var number))
            return null;

        return await db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == slug)
            .Join(db.Issues.Where(i => i.Number == number), p => p.Id, i => i.ProjectId, (p, i) => (Guid?)i.Id)
            .FirstOrDefaultAsync(cancellationToken);
    }
}

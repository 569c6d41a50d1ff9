using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>The issue that another one was merged into; null when the caller sees none, or it was not merged.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue that was merged away.</param>
public sealed record FindMergedIssue(AccessScope Scope, Guid IssueId) : IRequest<Guid?>;

internal sealed class FindMergedIssueHandler(ErrorHubDbContext db) : IRequestHandler<FindMergedIssue, Guid?>
{
    public Task<Guid?> Handle(FindMergedIssue request, CancellationToken cancellationToken) => db.Projects.VisibleTo(request.Scope)
        .Join(db.IssueRedirects.Where(r => r.IssueId == request.IssueId), p => p.Id, r => r.ProjectId, (p, r) => (Guid?)r.TargetId)
        .FirstOrDefaultAsync(cancellationToken);
}

using ErrorHub.Accounts;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>The issue of a project's newest event, for who waits for the first one; null while there is none, or no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectSlug">The project.</param>
public sealed record GetNewestIssue(AccessScope Scope, string ProjectSlug) : IRequest<Guid?>;

internal sealed class GetNewestIssueHandler(ErrorHubDbContext db) : IRequestHandler<GetNewestIssue, Guid?>
{
    public async Task<Guid?> Handle(GetNewestIssue request, CancellationToken cancellationToken) =>
        await db.Projects.FindIdAsync(request.Scope, request.ProjectSlug, cancellationToken) is { } projectId
            ? await db.Issues.AsNoTracking()
                .Where(i => i.ProjectId == projectId)
                .OrderByDescending(i => i.LastSeenMinute).ThenByDescending(i => i.LastSeen).ThenByDescending(i => i.Id)
                .Select(i => (Guid?)i.Id)
                .FirstOrDefaultAsync(cancellationToken)
            : null;
}

using ErrorHub.Accounts;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>One project by slug; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Slug">The project.</param>
public sealed record GetProject(AccessScope Scope, string Slug) : IRequest<ProjectRow?>;

internal sealed class GetProjectHandler(ErrorHubDbContext db) : IRequestHandler<GetProject, ProjectRow?>
{
    public Task<ProjectRow?> Handle(GetProject request, CancellationToken cancellationToken) =>
        db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == request.Slug).Rows()
            .FirstOrDefaultAsync(cancellationToken);
}

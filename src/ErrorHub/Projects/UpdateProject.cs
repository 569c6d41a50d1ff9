using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>Changes a project's name and platform. Owners only. Its slug and number stay: addresses and DSNs outlive a name.</summary>
/// <param name="Scope">Who changes it.</param>
/// <param name="Slug">The project.</param>
/// <param name="Name">New name, 1 to 128 characters; null to leave it.</param>
/// <param name="Platform">New platform, empty for none; null to leave it.</param>
public sealed record UpdateProject(AccessScope Scope, string Slug, string? Name, string? Platform)
    : IRequest<ChangeResult<ProjectRow>>, IChange;

internal sealed class UpdateProjectHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<UpdateProject, ChangeResult<ProjectRow>>
{
    public async Task<ChangeResult<ProjectRow>> Handle(UpdateProject request, CancellationToken cancellationToken)
    {
        var visible = db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == request.Slug);
        if (await visible.FirstOrDefaultAsync(cancellationToken) is not { } project)
            return ChangeResult<ProjectRow>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<ProjectRow>.Forbidden();
        if (request.Name is { } wanted && wanted.Trim().Length is 0 or > 128)
            return ChangeResult<ProjectRow>.Invalid("The name must have 1 to 128 characters.");
        if (request.Platform is { Length: > 64 })
            return ChangeResult<ProjectRow>.Invalid("The platform must have at most 64 characters.");

        project.Name = request.Name?.Trim() ?? project.Name;
        if (request.Platform is { } platform)
            project.Platform = string.IsNullOrWhiteSpace(platform) ? null : platform.Trim();
        var now = time.GetUtcNow();
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, now, "project.updated", project.Slug, project.Id, $"{project.Name}, {project.Platform ?? "no platform"}"));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<ProjectRow>.Done(await visible.Rows().FirstAsync(cancellationToken));
    }
}

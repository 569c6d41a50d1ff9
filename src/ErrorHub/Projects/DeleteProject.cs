using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Attachments;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>
/// Deletes a project: from then on nobody sees it and its keys are refused. Its row stays, so that its number is never given to
/// another project whose events old apps would then fill. Owners only.
/// </summary>
/// <param name="Scope">Who deletes it.</param>
/// <param name="Slug">The project; the slug is free for a new project afterwards.</param>
public sealed record DeleteProject(AccessScope Scope, string Slug) : IRequest<ChangeResult<Project>>, IChange;

internal sealed class DeleteProjectHandler(ErrorHubDbContext db, AttachmentRemoval attachments, TimeProvider time)
    : IRequestHandler<DeleteProject, ChangeResult<Project>>
{
    public async Task<ChangeResult<Project>> Handle(DeleteProject request, CancellationToken cancellationToken)
    {
        var project = await db.Projects.VisibleTo(request.Scope)
            .FirstOrDefaultAsync(p => p.Slug == request.Slug, cancellationToken);
        if (project is null)
            return ChangeResult<Project>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<Project>.Forbidden();

        var now = time.GetUtcNow();
        project.DeletedAt = now;
        // The dot cannot be in a slug that someone chooses.
        project.Slug = $"{project.Id}.deleted";
        foreach (var key in await db.ProjectKeys.Where(k => k.ProjectId == project.Id).ToListAsync(cancellationToken))
            key.IsActive = false;
        db.Activity.Add(ActivityRecord.Of(request.Scope.Actor, now, "project.deleted", request.Slug, project.Id, project.Name));
        await db.SaveChangesAsync(cancellationToken);
        // What is interrupted here the hourly expiry finishes.
        await db.UserFeedback.Where(f => f.ProjectId == project.Id).ExecuteDeleteAsync(cancellationToken);
        await attachments.RemoveAsync(db.Attachments.AsNoTracking().Where(a => a.ProjectId == project.Id), cancellationToken);
        return ChangeResult<Project>.Done(project);
    }
}

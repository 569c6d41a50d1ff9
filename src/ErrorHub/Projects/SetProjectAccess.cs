using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>Lets a member see a project, or no longer; effective with their next request. Owners only.</summary>
/// <param name="Scope">Who decides.</param>
/// <param name="ProjectSlug">The project.</param>
/// <param name="UserId">The member.</param>
/// <param name="HasAccess">Whether they see it.</param>
public sealed record SetProjectAccess(AccessScope Scope, string ProjectSlug, Guid UserId, bool HasAccess)
    : IRequest<ChangeResult<ProjectMember>>, IChange;

internal sealed class SetProjectAccessHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<SetProjectAccess, ChangeResult<ProjectMember>>
{
    public async Task<ChangeResult<ProjectMember>> Handle(SetProjectAccess request, CancellationToken cancellationToken)
    {
        if (await db.Projects.FindIdAsync(request.Scope, request.ProjectSlug, cancellationToken) is not { } projectId)
            return ChangeResult<ProjectMember>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<ProjectMember>.Forbidden();
        var name = await db.Users.Where(u => u.Id == request.UserId).Select(u => u.Name).FirstOrDefaultAsync(cancellationToken);
        if (name is null)
            return ChangeResult<ProjectMember>.NotFound();

        var known = await db.ProjectMembers.FindAsync([projectId, request.UserId], cancellationToken);
        var member = known ?? new ProjectMember { ProjectId = projectId, UserId = request.UserId };
        if (known is not null == request.HasAccess)
            return ChangeResult<ProjectMember>.Done(member);

        if (request.HasAccess)
            db.ProjectMembers.Add(member);
        else
            db.ProjectMembers.Remove(member);
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, time.GetUtcNow(), request.HasAccess ? "project.access_given" : "project.access_taken",
            request.UserId.ToString(), projectId, name));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<ProjectMember>.Done(member);
    }
}

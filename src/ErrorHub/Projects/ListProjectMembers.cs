using ErrorHub.Accounts;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>Every person who is not disabled, by name, and whether they see a project; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectSlug">The project.</param>
public sealed record ListProjectMembers(AccessScope Scope, string ProjectSlug) : IRequest<IReadOnlyList<ProjectMemberRow>?>;

/// <summary>A person and a project.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Role">Owners see every project.</param>
/// <param name="HasAccess">Whether they see this one.</param>
public sealed record ProjectMemberRow(Guid UserId, string Name, UserRole Role, bool HasAccess);

internal sealed class ListProjectMembersHandler(ErrorHubDbContext db)
    : IRequestHandler<ListProjectMembers, IReadOnlyList<ProjectMemberRow>?>
{
    public async Task<IReadOnlyList<ProjectMemberRow>?> Handle(ListProjectMembers request, CancellationToken cancellationToken)
    {
        if (await db.Projects.FindIdAsync(request.Scope, request.ProjectSlug, cancellationToken) is not { } projectId)
            return null;

        return await db.Users.AsNoTracking()
            .Where(u => u.DisabledAt == null)
            .OrderBy(u => u.Name).ThenBy(u => u.Id)
            .Take(1_000)
            .Select(u => new ProjectMemberRow(
                u.Id, u.Name, u.Role,
                u.Role == UserRole.Owner || db.ProjectMembers.Any(m => m.ProjectId == projectId && m.UserId == u.Id)))
            .ToListAsync(cancellationToken);
    }
}

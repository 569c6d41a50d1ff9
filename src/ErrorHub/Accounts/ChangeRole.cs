using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>Makes a person an owner or a member; effective with their next request. The last owner stays one. Owners only.</summary>
/// <param name="Scope">Who changes it.</param>
/// <param name="UserId">The person.</param>
/// <param name="Role">What they may do from now on.</param>
public sealed record ChangeRole(AccessScope Scope, Guid UserId, UserRole Role) : IRequest<ChangeResult<User>>, IChange;

internal sealed class ChangeRoleHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<ChangeRole, ChangeResult<User>>
{
    public async Task<ChangeResult<User>> Handle(ChangeRole request, CancellationToken cancellationToken)
    {
        if (!request.Scope.IsOwner)
            return ChangeResult<User>.Forbidden();
        await using var transaction = await db.BeginOwnerChangeAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == request.UserId, cancellationToken) is not { } user)
            return ChangeResult<User>.NotFound();
        if (request.Role != UserRole.Owner && await db.IsLastOwnerAsync(user, cancellationToken))
            return ChangeResult<User>.Conflict(LastOwner.Problem);

        user.Role = request.Role;
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, time.GetUtcNow(), "user.role_changed", user.Id.ToString(), detail: $"{user.Name} is {user.Role}"));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ChangeResult<User>.Done(user);
    }
}

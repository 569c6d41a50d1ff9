using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>
/// Switches an account off or on again. Off, it cannot log in, its tokens are refused, and its open browsers see nothing from
/// the next request on. The last owner stays on. Owners only.
/// </summary>
/// <param name="Scope">Who does it.</param>
/// <param name="UserId">The person.</param>
/// <param name="Disabled">True for off.</param>
public sealed record DisableUser(AccessScope Scope, Guid UserId, bool Disabled) : IRequest<ChangeResult<User>>, IChange;

internal sealed class DisableUserHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<DisableUser, ChangeResult<User>>
{
    public async Task<ChangeResult<User>> Handle(DisableUser request, CancellationToken cancellationToken)
    {
        if (!request.Scope.IsOwner)
            return ChangeResult<User>.Forbidden();
        await using var transaction = await db.BeginOwnerChangeAsync(cancellationToken);
        if (await db.Users.FirstOrDefaultAsync(u => u.Id == request.UserId, cancellationToken) is not { } user)
            return ChangeResult<User>.NotFound();
        if (request.Disabled && await db.IsLastOwnerAsync(user, cancellationToken))
            return ChangeResult<User>.Conflict(LastOwner.Problem);

        var now = time.GetUtcNow();
        user.DisabledAt = request.Disabled ? now : null;
        // A new stamp makes every cookie of theirs worthless, also after the account is switched on again.
        user.SecurityStamp = Secrets.NewLinkSecret();
        db.OneTimeLinks.RemoveRange(await db.OneTimeLinks.Where(l => l.UserId == user.Id).ToListAsync(cancellationToken));
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, now, request.Disabled ? "user.disabled" : "user.enabled", user.Id.ToString(), detail: user.Name));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ChangeResult<User>.Done(user);
    }
}

using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.Accounts;

/// <summary>Records that a person logged out; the host takes the cookie back.</summary>
/// <param name="Scope">Who.</param>
public sealed record LogOut(AccessScope Scope) : IRequest<bool>, IChange;

internal sealed class LogOutHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<LogOut, bool>
{
    public async Task<bool> Handle(LogOut request, CancellationToken cancellationToken)
    {
        if (request.Scope.Actor is not { UserId: { } userId } actor)
            return false;

        db.Activity.Add(ActivityRecord.Of(actor, time.GetUtcNow(), "user.logged_out", userId.ToString()));
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }
}

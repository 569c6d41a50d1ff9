using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.AspNetCore.Identity;

namespace ErrorHub.Accounts;

/// <summary>Changes the caller's own password and ends their log-ins in other browsers within a minute.</summary>
/// <param name="Scope">Who.</param>
/// <param name="Current">The password they have.</param>
/// <param name="Next">The password they want, 12 or more characters.</param>
public sealed record ChangePassword(AccessScope Scope, string Current, string Next) : IRequest<ChangeResult<User>>, IChange;

internal sealed class ChangePasswordHandler(ErrorHubDbContext db, UserManager<User> users, TimeProvider time)
    : IRequestHandler<ChangePassword, ChangeResult<User>>
{
    public async Task<ChangeResult<User>> Handle(ChangePassword request, CancellationToken cancellationToken)
    {
        if (request.Scope.Actor is not { UserId: { } userId, TokenId: null } actor
            || await users.FindByIdAsync(userId.ToString()) is not { } user)
        {
            return ChangeResult<User>.Forbidden();
        }

        db.Activity.Add(ActivityRecord.Of(actor, time.GetUtcNow(), "user.password_changed", userId.ToString()));
        var changed = await users.ChangePasswordAsync(user, request.Current, request.Next);
        return changed.Succeeded ? ChangeResult<User>.Done(user) : ChangeResult<User>.Invalid(PasswordRule.Problem(changed));
    }
}

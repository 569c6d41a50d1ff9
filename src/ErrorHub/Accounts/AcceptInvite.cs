using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>Sets the password of an invited person. The link works once, and is bound to the account it was made for.</summary>
/// <param name="Secret">The secret in the link.</param>
/// <param name="Password">Password, 12 or more characters.</param>
/// <param name="IpAddress">From where.</param>
public sealed record AcceptInvite(string Secret, string Password, string? IpAddress) : IRequest<ChangeResult<User>>, IChange;

/// <summary>Whom an invitation is for; null when the link is wrong, used or too old. Looks and changes nothing.</summary>
/// <param name="Secret">The secret in the link.</param>
public sealed record GetInvite(string Secret) : IRequest<User?>;

internal sealed class AcceptInviteHandler(ErrorHubDbContext db, UserManager<User> users, TimeProvider time)
    : IRequestHandler<AcceptInvite, ChangeResult<User>>, IRequestHandler<GetInvite, User?>
{
    public async Task<ChangeResult<User>> Handle(AcceptInvite request, CancellationToken cancellationToken)
    {
        var hash = Secrets.Hash(request.Secret);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var invited = await Handle(new GetInvite(request.Secret), cancellationToken);
        if (invited is null || await db.OneTimeLinks.Where(l => l.Hash == hash).ExecuteDeleteAsync(cancellationToken) == 0)
            return ChangeResult<User>.NotFound();

        db.Activity.Add(ActivityRecord.Of(
            new Actor(invited.Id, null, invited.Name, request.IpAddress), time.GetUtcNow(), "user.invite_accepted",
            invited.Id.ToString()));
        var set = await users.AddPasswordAsync(invited, request.Password);
        if (!set.Succeeded)
            return ChangeResult<User>.Invalid(PasswordRule.Problem(set));
        await transaction.CommitAsync(cancellationToken);
        return ChangeResult<User>.Done(invited);
    }

    public async Task<User?> Handle(GetInvite request, CancellationToken cancellationToken)
    {
        var (hash, now) = (Secrets.Hash(request.Secret), time.GetUtcNow());
        var link = await db.OneTimeLinks.AsNoTracking()
            .FirstOrDefaultAsync(l => l.Hash == hash && l.UserId != null && l.ExpiresAt > now, cancellationToken);
        return link is null ? null : await db.Users.FirstOrDefaultAsync(
            u => u.Id == link.UserId && u.DisabledAt == null && u.PasswordHash == null, cancellationToken);
    }
}

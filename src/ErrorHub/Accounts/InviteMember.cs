using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>
/// Makes an account without a password and a one-time link, valid for 7 days, with which its person chooses one. For someone
/// invited before it makes a fresh link and ends the old one. Owners only.
/// </summary>
/// <param name="Scope">Who invites.</param>
/// <param name="Name">Name for people, 1 to 128 characters.</param>
/// <param name="Email">E-mail address, the user name.</param>
/// <param name="Role">What they may do.</param>
public sealed record InviteMember(AccessScope Scope, string Name, string Email, UserRole Role)
    : IRequest<ChangeResult<Invitation>>, IChange;

/// <summary>An invitation: the only time its link is there.</summary>
/// <param name="UserId">The account.</param>
/// <param name="Path">Path of the link, to be put after the base address: <c>/account/invite?token=…</c>.</param>
/// <param name="ExpiresAt">When it stops working.</param>
public sealed record Invitation(Guid UserId, string Path, DateTimeOffset ExpiresAt);

internal sealed class InviteMemberHandler(ErrorHubDbContext db, UserManager<User> users, TimeProvider time)
    : IRequestHandler<InviteMember, ChangeResult<Invitation>>
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromDays(7);

    public async Task<ChangeResult<Invitation>> Handle(InviteMember request, CancellationToken cancellationToken)
    {
        if (!request.Scope.IsOwner)
            return ChangeResult<Invitation>.Forbidden();
        var now = time.GetUtcNow();
        var wanted = NewUser.Of(request.Name, request.Email, request.Role, now);
        if (NewUser.Problem(wanted) is { } problem)
            return ChangeResult<Invitation>.Invalid(problem);
        var known = await users.FindByEmailAsync(wanted.Email!);
        if (known is { PasswordHash: not null } or { DisabledAt: not null })
            return ChangeResult<Invitation>.Conflict("There is an account with this e-mail address already.");

        var (userId, secret) = (known?.Id ?? wanted.Id, Secrets.NewLinkSecret());
        db.OneTimeLinks.RemoveRange(await db.OneTimeLinks.Where(l => l.UserId == userId).ToListAsync(cancellationToken));
        var link = new OneTimeLink { Hash = Secrets.Hash(secret), UserId = userId, ExpiresAt = now + LinkLife };
        db.OneTimeLinks.Add(link);
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, now, "user.invited", userId.ToString(), detail: $"{wanted.Email} as {(known ?? wanted).Role}"));
        if (known is null)
        {
            // Identity saves the context: the account, the link and the record in one.
            var made = await users.CreateAsync(wanted);
            if (!made.Succeeded)
                return ChangeResult<Invitation>.Invalid(PasswordRule.Problem(made));
        }

        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<Invitation>.Done(new Invitation(userId, $"/account/invite?token={secret}", link.ExpiresAt));
    }
}

using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>Makes the first owner from the one-time set-up link that the first start printed.</summary>
/// <param name="Secret">The secret in the link.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Email">E-mail address, the user name.</param>
/// <param name="Password">Password, 12 or more characters.</param>
/// <param name="IpAddress">From where.</param>
public sealed record SetUpOwner(string Secret, string Name, string Email, string Password, string? IpAddress)
    : IRequest<ChangeResult<User>>, IChange;

/// <summary>Whether there is an owner yet; until then the set-up link is the only way in.</summary>
public sealed record IsSetUp : IRequest<bool>;

/// <summary>Whether a set-up link would be accepted now; looks and changes nothing.</summary>
/// <param name="Secret">The secret in the link.</param>
public sealed record CheckSetUpLink(string Secret) : IRequest<bool>;

internal sealed class SetUpOwnerHandler(ErrorHubDbContext db, UserManager<User> users, TimeProvider time) :
    IRequestHandler<SetUpOwner, ChangeResult<User>>, IRequestHandler<IsSetUp, bool>, IRequestHandler<CheckSetUpLink, bool>
{
    public async Task<ChangeResult<User>> Handle(SetUpOwner request, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await IsValidAsync(request.Secret, cancellationToken)
            // One statement takes every set-up link: of two people who hold links only the first finds any to take.
            || await db.OneTimeLinks.Where(l => l.UserId == null).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            return ChangeResult<User>.NotFound();
        }

        var now = time.GetUtcNow();
        var owner = NewUser.Of(request.Name, request.Email, UserRole.Owner, now);
        if (NewUser.Problem(owner) is { } problem)
            return ChangeResult<User>.Invalid(problem);
        db.Activity.Add(ActivityRecord.Of(
            new Actor(owner.Id, null, owner.Name, request.IpAddress), now, "user.set_up", owner.Id.ToString(), detail: "first owner"));
        var made = await users.CreateAsync(owner, request.Password);
        if (!made.Succeeded)
            return ChangeResult<User>.Invalid(PasswordRule.Problem(made));
        await transaction.CommitAsync(cancellationToken);
        return ChangeResult<User>.Done(owner);
    }

    public Task<bool> Handle(IsSetUp request, CancellationToken cancellationToken) =>
        db.Users.AnyAsync(u => u.Role == UserRole.Owner && u.PasswordHash != null, cancellationToken);

    public Task<bool> Handle(CheckSetUpLink request, CancellationToken cancellationToken) =>
        IsValidAsync(request.Secret, cancellationToken);

    private async Task<bool> IsValidAsync(string secret, CancellationToken cancellationToken)
    {
        var (hash, now) = (Secrets.Hash(secret), time.GetUtcNow());
        return await db.OneTimeLinks.AnyAsync(l => l.Hash == hash && l.UserId == null && l.ExpiresAt > now, cancellationToken)
            && !await Handle(new IsSetUp(), cancellationToken);
    }
}

internal static class NewUser
{
    public static User Of(string name, string email, UserRole role, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        Name = name.Trim(),
        Email = email.Trim(),
        UserName = email.Trim(),
        // Whoever opens the link or sets the environment has shown more than a mail would.
        EmailConfirmed = true,
        Role = role,
        CreatedAt = now,
    };

    public static string? Problem(User user) => user switch
    {
        { Name.Length: 0 or > 128 } => "The name must have 1 to 128 characters.",
        { Email.Length: > 256 } => "The e-mail address must have at most 256 characters.",
        _ => null,
    };
}

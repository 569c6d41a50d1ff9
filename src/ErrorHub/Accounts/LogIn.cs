using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>
/// Checks an e-mail address and a password. Null for every reason it may fail (no such person, wrong password, locked, disabled),
/// after the same work, so that neither the answer nor its time tells who has an account.
/// </summary>
/// <param name="Email">Whom they say they are.</param>
/// <param name="Password">Their password.</param>
/// <param name="IpAddress">From where.</param>
public sealed record LogIn(string Email, string Password, string? IpAddress) : IRequest<User?>, IChange;

internal sealed class LogInHandler(
    ErrorHubDbContext db, UserManager<User> users, IPasswordHasher<User> hasher, TimeProvider time) : IRequestHandler<LogIn, User?>
{
    // Hashed once; what a password is compared with when there is no account.
    private static string? _decoyHash;

    public async Task<User?> Handle(LogIn request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var user = await users.FindByEmailAsync(request.Email.Trim());
        var mayTry = user is { DisabledAt: null, PasswordHash: not null } && await CountTryAsync(user.Id, now, cancellationToken);
        var verdict = hasher.VerifyHashedPassword(user ?? Decoy, user?.PasswordHash ?? DecoyHash(), Shortened(request.Password));
        return mayTry && verdict != PasswordVerificationResult.Failed
            ? await LetInAsync(user!, verdict, request, now, cancellationToken)
            : await RefuseAsync(user, mayTry, request, now, cancellationToken);
    }

    /// <summary>
    /// Counts a try before the password is looked at, in one statement, so that a thousand tries at the same moment are not
    /// a thousand guesses. False when the account is locked.
    /// </summary>
    private async Task<bool> CountTryAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.Users.Where(u => u.Id == userId && u.LockoutEnd != null && u.LockoutEnd <= now)
            .ExecuteUpdateAsync(
                set => set.SetProperty(u => u.LockoutEnd, (DateTimeOffset?)null).SetProperty(u => u.AccessFailedCount, 0),
                cancellationToken);
        return await db.Users
            .Where(u => u.Id == userId && u.LockoutEnd == null && u.AccessFailedCount < PasswordRule.MaxTries)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, u => u.AccessFailedCount + 1), cancellationToken) == 1;
    }

    private async Task<User> LetInAsync(
        User user, PasswordVerificationResult verdict, LogIn request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await db.Users.Where(u => u.Id == user.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.AccessFailedCount, 0), cancellationToken);
        if (verdict == PasswordVerificationResult.SuccessRehashNeeded)
        {
            var hash = hasher.HashPassword(user, request.Password);
            await db.Users.Where(u => u.Id == user.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(u => u.PasswordHash, hash), cancellationToken);
        }

        Record(new Actor(user.Id, null, user.Name, request.IpAddress), now, "user.logged_in", user.Id.ToString());
        await db.SaveChangesAsync(cancellationToken);
        return user;
    }

    private async Task<User?> RefuseAsync(
        User? user, bool mayTry, LogIn request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // Not what was typed: people type passwords into the wrong box.
        var target = user?.Id.ToString() ?? "unknown";
        var stranger = new Actor(null, null, "not logged in", request.IpAddress);
        Record(stranger, now, "user.login_failed", target);
        if (mayTry && await LockAsync(user!.Id, now, cancellationToken))
            Record(stranger, now, "user.locked_out", target);
        await db.SaveChangesAsync(cancellationToken);
        return null;
    }

    private async Task<bool> LockAsync(Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? end = now + PasswordRule.LockFor;
        return await db.Users
            .Where(u => u.Id == userId && u.LockoutEnd == null && u.AccessFailedCount >= PasswordRule.MaxTries)
            .ExecuteUpdateAsync(set => set.SetProperty(u => u.LockoutEnd, end), cancellationToken) == 1;
    }

    private void Record(Actor actor, DateTimeOffset now, string action, string target) =>
        db.Activity.Add(ActivityRecord.Of(actor, now, action, target));

    private string DecoyHash() => _decoyHash ??= hasher.HashPassword(Decoy, Secrets.NewLinkSecret());

    private static string Shortened(string password) =>
        password.Length <= PasswordRule.MaxLength ? password : password[..PasswordRule.MaxLength];

    private static User Decoy => new() { Name = "", Role = UserRole.Member, CreatedAt = DateTimeOffset.UnixEpoch };
}

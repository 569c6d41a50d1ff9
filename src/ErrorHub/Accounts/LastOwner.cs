using System.Data;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace ErrorHub.Accounts;

/// <summary>There is always an owner who can log in; nobody could make one from outside.</summary>
internal static class LastOwner
{
    public const string Problem = "This is the last owner who can log in. Make someone else an owner first.";

    /// <summary>
    /// Serializable, because two owners who demote each other at the same moment both see another owner: one of them then fails
    /// and changes nothing.
    /// </summary>
    public static Task<IDbContextTransaction> BeginOwnerChangeAsync(this ErrorHubDbContext db, CancellationToken cancellationToken) =>
        db.Database.BeginTransactionAsync(IsolationLevel.Serializable, cancellationToken);

    /// <summary>True when no other owner could log in.</summary>
    public static async Task<bool> IsLastOwnerAsync(this ErrorHubDbContext db, User user, CancellationToken cancellationToken) =>
        user is { Role: UserRole.Owner, DisabledAt: null }
        && !await db.Users.AnyAsync(
            u => u.Id != user.Id && u.Role == UserRole.Owner && u.DisabledAt == null && u.PasswordHash != null, cancellationToken);
}

using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>
/// What a logged-in person may see now; null when the account is gone or disabled. Asked with every request, so that a new role,
/// a project taken away or a disabled account takes effect at once.
/// </summary>
/// <param name="UserId">The person.</param>
/// <param name="IpAddress">From where they ask.</param>
public sealed record GetAccess(Guid UserId, string? IpAddress) : IRequest<AccessScope?>;

internal sealed class GetAccessHandler(ErrorHubDbContext db) : IRequestHandler<GetAccess, AccessScope?>
{
    public Task<AccessScope?> Handle(GetAccess request, CancellationToken cancellationToken) =>
        db.FindAccessAsync(request.UserId, null, request.IpAddress, cancellationToken);
}

internal static class AccessQuery
{
    /// <summary>The access of a person, themselves or through a token; null when there is no such person or they are disabled.</summary>
    public static async Task<AccessScope?> FindAccessAsync(
        this ErrorHubDbContext db, Guid userId, Guid? tokenId, string? ipAddress, CancellationToken cancellationToken)
    {
        var user = await db.Users.AsNoTracking()
            .Where(u => u.Id == userId && u.DisabledAt == null)
            .Select(u => new { u.Name, u.Role })
            .FirstOrDefaultAsync(cancellationToken);
        if (user is null)
            return null;

        var actor = new Actor(userId, tokenId, user.Name, ipAddress);
        return user.Role == UserRole.Owner
            ? new AccessScope(actor, user.Role, null)
            : new AccessScope(actor, user.Role, await db.ProjectMembers.AsNoTracking()
                .Where(m => m.UserId == userId).Select(m => m.ProjectId).ToListAsync(cancellationToken));
    }
}

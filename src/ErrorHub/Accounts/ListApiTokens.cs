using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>The caller's own API tokens, newest first, at most 200, without the revoked ones. Never their text: that is not stored.</summary>
/// <param name="Scope">Whose.</param>
public sealed record ListApiTokens(AccessScope Scope) : IRequest<IReadOnlyList<ApiTokenRow>>;

/// <summary>A token in lists.</summary>
/// <param name="Id">Our key of it.</param>
/// <param name="Name">Name for people.</param>
/// <param name="LastFour">Its last four characters.</param>
/// <param name="Scopes">What it may do, separated by spaces.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="ExpiresAt">When it stops working; null for never.</param>
/// <param name="LastUsedAt">Last use, to the minute; null when never used.</param>
public sealed record ApiTokenRow(
    Guid Id, string Name, string LastFour, string Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt,
    DateTimeOffset? LastUsedAt);

internal sealed class ListApiTokensHandler(ErrorHubDbContext db) : IRequestHandler<ListApiTokens, IReadOnlyList<ApiTokenRow>>
{
    public async Task<IReadOnlyList<ApiTokenRow>> Handle(ListApiTokens request, CancellationToken cancellationToken) =>
        request.Scope.Actor.UserId is not { } userId
            ? []
            : await db.ApiTokens.AsNoTracking()
                .Where(t => t.UserId == userId && t.RevokedAt == null)
                .OrderByDescending(t => t.Id)
                .Take(200)
                .Select(t => new ApiTokenRow(t.Id, t.Name, t.LastFour, t.Scopes, t.CreatedAt, t.ExpiresAt, t.LastUsedAt))
                .ToListAsync(cancellationToken);
}

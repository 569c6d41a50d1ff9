using System.Security.Cryptography;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>
/// Whom a bearer token speaks for; null when it is unknown, revoked or expired, or its owner is disabled. All of these cost the
/// same hash and the same query, so that the answer's time does not tell them apart.
/// </summary>
/// <param name="Token">What the client sent.</param>
/// <param name="IpAddress">From where.</param>
public sealed record AuthenticateToken(string Token, string? IpAddress) : IRequest<AuthenticatedToken?>;

/// <summary>A valid token.</summary>
/// <param name="Access">What its owner may see and do now.</param>
/// <param name="Scopes">What the token may do.</param>
public sealed record AuthenticatedToken(AccessScope Access, IReadOnlyList<string> Scopes);

internal sealed class AuthenticateTokenHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<AuthenticateToken, AuthenticatedToken?>
{
    public async Task<AuthenticatedToken?> Handle(AuthenticateToken request, CancellationToken cancellationToken)
    {
        var hash = Secrets.Hash(request.Token);
        var now = time.GetUtcNow();
        var token = await db.ApiTokens.AsNoTracking().FirstOrDefaultAsync(t => t.Hash == hash, cancellationToken);
        var access = await db.FindAccessAsync(token?.UserId ?? Guid.Empty, token?.Id, request.IpAddress, cancellationToken);
        if (token is null || access is null || !CryptographicOperations.FixedTimeEquals(token.Hash, hash)
            || token.RevokedAt is not null || token.ExpiresAt <= now)
        {
            return null;
        }

        // To the minute: a busy client would otherwise write a row with every request.
        var minute = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        if (token.LastUsedAt is null || token.LastUsedAt < minute)
        {
            await db.ApiTokens.Where(t => t.Id == token.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.LastUsedAt, minute), cancellationToken);
        }

        return new AuthenticatedToken(access, token.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries));
    }
}

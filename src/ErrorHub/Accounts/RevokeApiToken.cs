using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>Withdraws a token of the caller; the next request with it is refused. An owner may withdraw anyone's.</summary>
/// <param name="Scope">Who withdraws it.</param>
/// <param name="TokenId">The token.</param>
public sealed record RevokeApiToken(AccessScope Scope, Guid TokenId) : IRequest<ChangeResult<ApiToken>>, IChange;

internal sealed class RevokeApiTokenHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<RevokeApiToken, ChangeResult<ApiToken>>
{
    public async Task<ChangeResult<ApiToken>> Handle(RevokeApiToken request, CancellationToken cancellationToken)
    {
        var (isOwner, userId) = (request.Scope.IsOwner, request.Scope.Actor.UserId);
        var token = await db.ApiTokens.FirstOrDefaultAsync(
            t => t.Id == request.TokenId && t.RevokedAt == null && (isOwner || t.UserId == userId), cancellationToken);
        if (token is null)
            return ChangeResult<ApiToken>.NotFound();

        token.RevokedAt = time.GetUtcNow();
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, token.RevokedAt.Value, "token.revoked", token.Id.ToString(), detail: token.Name));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<ApiToken>.Done(token);
    }
}

using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.Accounts;

/// <summary>Makes an API token for the caller. It can do what its scopes and its owner's role both allow.</summary>
/// <param name="Scope">Who makes it; a person in the browser, since a token must not breed tokens.</param>
/// <param name="Name">Name for people, 1 to 64 characters.</param>
/// <param name="Scopes">What it may do, from <see cref="ApiScopes"/>.</param>
/// <param name="ExpiresAfter">How long it works; null for as long as nobody revokes it.</param>
public sealed record CreateApiToken(AccessScope Scope, string Name, IReadOnlyList<string> Scopes, TimeSpan? ExpiresAfter)
    : IRequest<ChangeResult<NewApiToken>>, IChange;

/// <summary>A new token: the only time its text is there.</summary>
/// <param name="Id">Our key of it.</param>
/// <param name="Token">What the client sends as <c>Authorization: Bearer</c>.</param>
public sealed record NewApiToken(Guid Id, string Token);

internal sealed class CreateApiTokenHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<CreateApiToken, ChangeResult<NewApiToken>>
{
    public async Task<ChangeResult<NewApiToken>> Handle(CreateApiToken request, CancellationToken cancellationToken)
    {
        if (request.Scope.Actor is not { UserId: { } userId, TokenId: null })
            return ChangeResult<NewApiToken>.Forbidden();
        var name = request.Name.Trim();
        var scopes = ApiScopes.All.Intersect(request.Scopes).ToList();
        if (name.Length is 0 or > 64)
            return ChangeResult<NewApiToken>.Invalid("The name must have 1 to 64 characters.");
        if (scopes.Count == 0 || scopes.Count != request.Scopes.Distinct().Count())
            return ChangeResult<NewApiToken>.Invalid($"Choose one or more of these scopes: {string.Join(' ', ApiScopes.All)}.");
        if (scopes.Except(ApiScopes.Of(request.Scope.Role)).Any())
            return ChangeResult<NewApiToken>.Forbidden();
        if (request.ExpiresAfter is { } life && (life <= TimeSpan.Zero || life > TimeSpan.FromDays(3650)))
            return ChangeResult<NewApiToken>.Invalid("A token can expire after 1 day to 10 years.");

        var now = time.GetUtcNow();
        var text = Secrets.NewApiToken();
        var token = NewToken(userId, name, text, scopes, now, now + request.ExpiresAfter);
        db.ApiTokens.Add(token);
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, now, "token.created", token.Id.ToString(), detail: $"{name}: {token.Scopes}"));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<NewApiToken>.Done(new NewApiToken(token.Id, text));
    }

    internal static ApiToken NewToken(
        Guid userId, string name, string text, IEnumerable<string> scopes, DateTimeOffset now, DateTimeOffset? expiresAt) => new()
        {
            Id = Guid.CreateVersion7(now),
            UserId = userId,
            Name = name,
            Hash = Secrets.Hash(text),
            LastFour = text[^4..],
            Scopes = string.Join(' ', scopes),
            CreatedAt = now,
            ExpiresAt = expiresAt,
        };
}

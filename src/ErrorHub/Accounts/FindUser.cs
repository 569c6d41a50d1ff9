using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Accounts;

/// <summary>The person someone means; null when there is none, or the account is disabled.</summary>
/// <param name="Scope">Who asks.</param>
/// <param name="Text"><c>me</c>, an id, <c>user:</c> and an id, or an e-mail address in any case.</param>
public sealed record FindUser(AccessScope Scope, string Text) : IRequest<UserName?>;

/// <summary>A person by their names.</summary>
/// <param name="Id">The person.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Email">E-mail address.</param>
public sealed record UserName(Guid Id, string Name, string Email);

internal sealed class FindUserHandler(ErrorHubDbContext db) : IRequestHandler<FindUser, UserName?>
{
    private const string IdPrefix = "user:";

    public Task<UserName?> Handle(FindUser request, CancellationToken cancellationToken)
    {
        var text = request.Text.StartsWith(IdPrefix, StringComparison.Ordinal) ? request.Text[IdPrefix.Length..] : request.Text;
        var id = text == "me" ? request.Scope.Actor.UserId : Guid.TryParse(text, out var parsed) ? parsed : null;
        var normalized = text.ToUpperInvariant();
        return db.Users.AsNoTracking()
            .Where(u => u.DisabledAt == null)
            .Where(u => id != null ? u.Id == id : u.NormalizedEmail == normalized)
            .Select(u => new UserName(u.Id, u.Name, u.Email!))
            .FirstOrDefaultAsync(cancellationToken);
    }
}

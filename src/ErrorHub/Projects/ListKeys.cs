using ErrorHub.Accounts;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>Keys of a project, oldest first; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectSlug">The project.</param>
public sealed record ListKeys(AccessScope Scope, string ProjectSlug) : IRequest<IReadOnlyList<KeyRow>?>;

/// <summary>A key in lists.</summary>
/// <param name="Id">Our key of it.</param>
/// <param name="ProjectId">Project.</param>
/// <param name="PublicKey">User part of the DSN.</param>
/// <param name="Name">Name for people.</param>
/// <param name="IsActive">False when its events are refused.</param>
/// <param name="RateLimit">Limit; null for none.</param>
/// <param name="CreatedAt">When it was made.</param>
public sealed record KeyRow(
    Guid Id, long ProjectId, string PublicKey, string Name, bool IsActive, EventLimit? RateLimit, DateTimeOffset CreatedAt)
{
    internal static KeyRow Of(ProjectKey key) => new(
        key.Id, key.ProjectId, key.PublicKey, key.Name, key.IsActive,
        EventLimit.Of(key.RateLimitWindowSeconds, key.RateLimitCount),
        key.CreatedAt);
}

internal sealed class ListKeysHandler(ErrorHubDbContext db) : IRequestHandler<ListKeys, IReadOnlyList<KeyRow>?>
{
    public async Task<IReadOnlyList<KeyRow>?> Handle(ListKeys request, CancellationToken cancellationToken)
    {
        if (await db.Projects.FindIdAsync(request.Scope, request.ProjectSlug, cancellationToken) is not { } projectId)
            return null;

        var keys = await db.ProjectKeys.AsNoTracking()
            .Where(k => k.ProjectId == projectId).OrderBy(k => k.Id).ToListAsync(cancellationToken);
        return [.. keys.Select(KeyRow.Of)];
    }
}

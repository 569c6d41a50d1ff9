using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.Projects;

/// <summary>
/// Replaces a key: makes a new one of the same name and limits. The old one goes on working, so that apps can be moved one by
/// one; disable it when its last app has moved. Owners only.
/// </summary>
/// <param name="Scope">Who rotates it.</param>
/// <param name="ProjectSlug">The project.</param>
/// <param name="KeyId">The key to replace.</param>
public sealed record RotateKey(AccessScope Scope, string ProjectSlug, Guid KeyId) : IRequest<ChangeResult<KeyRow>>, IChange;

internal sealed class RotateKeyHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<RotateKey, ChangeResult<KeyRow>>
{
    public async Task<ChangeResult<KeyRow>> Handle(RotateKey request, CancellationToken cancellationToken)
    {
        if (await db.Projects.FindIdAsync(request.Scope, request.ProjectSlug, cancellationToken) is not { } projectId)
            return ChangeResult<KeyRow>.NotFound();
        if (await db.ProjectKeys.FindAsync([projectId, request.KeyId], cancellationToken) is not { } key)
            return ChangeResult<KeyRow>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<KeyRow>.Forbidden();

        var now = time.GetUtcNow();
        var next = new ProjectKey
        {
            ProjectId = projectId,
            Id = Guid.CreateVersion7(now),
            PublicKey = ProjectKey.NewPublicKey(),
            Name = key.Name,
            IsActive = true,
            RateLimitWindowSeconds = key.RateLimitWindowSeconds,
            RateLimitCount = key.RateLimitCount,
            CreatedAt = now,
        };
        db.ProjectKeys.Add(next);
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, now, "key.rotated", key.Id.ToString(), projectId, $"{key.Name}: next is {next.Id}"));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<KeyRow>.Done(KeyRow.Of(next));
    }
}

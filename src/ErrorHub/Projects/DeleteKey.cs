using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.Projects;

/// <summary>Deletes a key for good. Owners only.</summary>
/// <param name="Scope">Who deletes it.</param>
/// <param name="ProjectSlug">The project.</param>
/// <param name="KeyId">The key.</param>
public sealed record DeleteKey(AccessScope Scope, string ProjectSlug, Guid KeyId) : IRequest<ChangeResult<KeyRow>>, IChange;

internal sealed class DeleteKeyHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<DeleteKey, ChangeResult<KeyRow>>
{
    public async Task<ChangeResult<KeyRow>> Handle(DeleteKey request, CancellationToken cancellationToken)
    {
        if (await db.Projects.FindIdAsync(request.Scope, request.ProjectSlug, cancellationToken) is not { } projectId)
            return ChangeResult<KeyRow>.NotFound();
        if (await db.ProjectKeys.FindAsync([projectId, request.KeyId], cancellationToken) is not { } key)
            return ChangeResult<KeyRow>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<KeyRow>.Forbidden();

        db.ProjectKeys.Remove(key);
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, time.GetUtcNow(), "key.deleted", key.Id.ToString(), projectId, key.Name));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<KeyRow>.Done(KeyRow.Of(key));
    }
}

using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.Projects;

/// <summary>Makes a key. Owners only.</summary>
/// <param name="Scope">Who makes it.</param>
/// <param name="ProjectSlug">The project.</param>
/// <param name="Name">Name for people.</param>
/// <param name="RateLimit">Limit; null for none.</param>
public sealed record CreateKey(AccessScope Scope, string ProjectSlug, string Name, EventLimit? RateLimit) : IRequest<ChangeResult<KeyRow>>, IChange;

internal sealed class CreateKeyHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<CreateKey, ChangeResult<KeyRow>>
{
    public async Task<ChangeResult<KeyRow>> Handle(CreateKey request, CancellationToken cancellationToken)
    {
        if (await db.Projects.FindIdAsync(request.Scope, request.ProjectSlug, cancellationToken) is not { } projectId)
            return ChangeResult<KeyRow>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<KeyRow>.Forbidden();
        if ((ProjectKey.NameProblem(request.Name) ?? request.RateLimit?.Problem) is { } problem)
            return ChangeResult<KeyRow>.Invalid(problem);

        var now = time.GetUtcNow();
        var key = new ProjectKey
        {
            ProjectId = projectId,
            Id = Guid.CreateVersion7(now),
            PublicKey = ProjectKey.NewPublicKey(),
            Name = request.Name.Trim(),
            IsActive = true,
            RateLimitWindowSeconds = request.RateLimit?.WindowSeconds,
            RateLimitCount = request.RateLimit?.Count,
            CreatedAt = now,
        };
        db.ProjectKeys.Add(key);
        db.Activity.Add(ActivityRecord.Of(request.Scope.Actor, now, "key.created", key.Id.ToString(), projectId, key.Name));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<KeyRow>.Done(KeyRow.Of(key));
    }
}

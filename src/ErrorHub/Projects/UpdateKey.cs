using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.Projects;

/// <summary>Changes a key; a null leaves that part as it is. Owners only.</summary>
/// <param name="Scope">Who changes it.</param>
/// <param name="ProjectSlug">The project.</param>
/// <param name="KeyId">The key.</param>
/// <param name="Name">New name.</param>
/// <param name="IsActive">False refuses its events within 5 seconds in every process.</param>
/// <param name="SetsRateLimit">True to set <paramref name="RateLimit"/>, null included.</param>
/// <param name="RateLimit">New limit; null for none.</param>
public sealed record UpdateKey(
    AccessScope Scope, string ProjectSlug, Guid KeyId, string? Name, bool? IsActive, bool SetsRateLimit, EventLimit? RateLimit)
    : IRequest<ChangeResult<KeyRow>>, IChange;

internal sealed class UpdateKeyHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<UpdateKey, ChangeResult<KeyRow>>
{
    public async Task<ChangeResult<KeyRow>> Handle(UpdateKey request, CancellationToken cancellationToken)
    {
        if (await db.Projects.FindIdAsync(request.Scope, request.ProjectSlug, cancellationToken) is not { } projectId)
            return ChangeResult<KeyRow>.NotFound();
        if (await db.ProjectKeys.FindAsync([projectId, request.KeyId], cancellationToken) is not { } key)
            return ChangeResult<KeyRow>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<KeyRow>.Forbidden();
        if (((request.Name is { } wanted ? ProjectKey.NameProblem(wanted) : null) ?? request.RateLimit?.Problem) is { } problem)
            return ChangeResult<KeyRow>.Invalid(problem);

        var changes = Apply(request, key).ToList();
        foreach (var (action, detail) in changes)
        {
            db.Activity.Add(ActivityRecord.Of(
                request.Scope.Actor, time.GetUtcNow(), action, key.Id.ToString(), projectId, detail));
        }

        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<KeyRow>.Done(KeyRow.Of(key));
    }

    /// <summary>Changes the key and yields what changed; a value that stays as it is leaves no record.</summary>
    private static IEnumerable<(string Action, string Detail)> Apply(UpdateKey request, ProjectKey key)
    {
        if (request.Name?.Trim() is { } name && name != key.Name)
        {
            yield return ("key.renamed", $"{key.Name} to {name}");
            key.Name = name;
        }

        if (request.IsActive is { } isActive && isActive != key.IsActive)
        {
            yield return (isActive ? "key.enabled" : "key.disabled", key.Name);
            key.IsActive = isActive;
        }

        var limit = (request.RateLimit?.WindowSeconds, request.RateLimit?.Count);
        if (request.SetsRateLimit && limit != (key.RateLimitWindowSeconds, key.RateLimitCount))
        {
            yield return ("key.limited", request.RateLimit is { } set ? $"{set.Count} events in {set.WindowSeconds} s" : "no limit");
            (key.RateLimitWindowSeconds, key.RateLimitCount) = limit;
        }
    }
}

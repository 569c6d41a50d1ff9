using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>Sets how many events a project may send, over all its keys. Owners only.</summary>
/// <param name="Scope">Who sets it.</param>
/// <param name="Slug">The project.</param>
/// <param name="Quota">The quota; null for any number.</param>
public sealed record SetProjectQuota(AccessScope Scope, string Slug, EventLimit? Quota) : IRequest<ChangeResult<ProjectRow>>, IChange;

internal sealed class SetProjectQuotaHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<SetProjectQuota, ChangeResult<ProjectRow>>
{
    public async Task<ChangeResult<ProjectRow>> Handle(SetProjectQuota request, CancellationToken cancellationToken)
    {
        var visible = db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == request.Slug);
        if (await visible.FirstOrDefaultAsync(cancellationToken) is not { } project)
            return ChangeResult<ProjectRow>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<ProjectRow>.Forbidden();
        if (request.Quota?.Problem is { } problem)
            return ChangeResult<ProjectRow>.Invalid(problem);

        (project.QuotaWindowSeconds, project.QuotaCount) = (request.Quota?.WindowSeconds, request.Quota?.Count);
        var now = time.GetUtcNow();
        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, now, "project.quota_changed", project.Slug, project.Id,
            request.Quota is { } quota ? $"at most {quota.Count} events in {quota.WindowSeconds} s" : "no quota"));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<ProjectRow>.Done(await visible.Rows().FirstAsync(cancellationToken));
    }
}

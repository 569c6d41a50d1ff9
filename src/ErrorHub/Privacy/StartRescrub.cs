using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>Begins to scrub a project's stored events again by the rules in force. Owners only. One that is under way goes on instead.</summary>
/// <param name="Scope">Who starts it.</param>
/// <param name="Slug">The project.</param>
public sealed record StartRescrub(AccessScope Scope, string Slug) : IRequest<ChangeResult<RescrubRun>>, IChange;

/// <summary>The newest run over a project's stored events; null when there was none, or the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Slug">The project.</param>
public sealed record GetRescrub(AccessScope Scope, string Slug) : IRequest<RescrubRun?>;

internal sealed class StartRescrubHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<StartRescrub, ChangeResult<RescrubRun>>
{
    public async Task<ChangeResult<RescrubRun>> Handle(StartRescrub request, CancellationToken cancellationToken)
    {
        if (await db.Projects.AsNoTracking().VisibleTo(request.Scope).FirstOrDefaultAsync(p => p.Slug == request.Slug, cancellationToken) is not { } project)
            return ChangeResult<RescrubRun>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<RescrubRun>.Forbidden();
        if (await db.RescrubRuns.AsNoTracking().FirstOrDefaultAsync(r => r.ProjectId == project.Id && r.FinishedAt == null, cancellationToken) is { } running)
            return ChangeResult<RescrubRun>.Done(running);

        var now = time.GetUtcNow();
        var run = new RescrubRun
        {
            ProjectId = project.Id,
            Id = Guid.CreateVersion7(now),
            Policy = ScrubbingPolicy.Of(ProjectScrubbing.Of(project.Scrubbing).Settings).Version,
            StartedAt = now,
            StartedBy = StoredText.Fit(request.Scope.Actor.Name, 256),
            LeaseUntil = now,
        };
        db.RescrubRuns.Add(run);
        db.Activity.Add(ActivityRecord.Of(request.Scope.Actor, now, "project.rescrub_started", project.Slug, project.Id, $"by {run.Policy}"));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<RescrubRun>.Done(run);
    }
}

internal sealed class GetRescrubHandler(ErrorHubDbContext db) : IRequestHandler<GetRescrub, RescrubRun?>
{
    public async Task<RescrubRun?> Handle(GetRescrub request, CancellationToken cancellationToken)
    {
        var projectId = await db.Projects.FindIdAsync(request.Scope, request.Slug, cancellationToken);
        return await db.RescrubRuns.AsNoTracking().Where(r => r.ProjectId == projectId).OrderByDescending(r => r.Id).FirstOrDefaultAsync(cancellationToken);
    }
}

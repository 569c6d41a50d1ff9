using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>The open findings of a project, seen last first; none when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Slug">The project.</param>
public sealed record ListFindings(AccessScope Scope, string Slug) : IRequest<IReadOnlyList<FindingRow>>;

/// <summary>A finding as the page shows it.</summary>
/// <param name="Rule">The detector.</param>
/// <param name="What">What it looks like.</param>
/// <param name="Path">Where.</param>
/// <param name="Events">Sampled events that had it.</param>
/// <param name="FirstSeen">Receive time of the first of them.</param>
/// <param name="LastSeen">Receive time of the newest of them.</param>
public sealed record FindingRow(string Rule, string What, string Path, long Events, DateTimeOffset FirstSeen, DateTimeOffset LastSeen);

/// <summary>Says that a finding is no leak; it is not opened again. Owners only.</summary>
/// <param name="Scope">Who says so.</param>
/// <param name="Slug">The project.</param>
/// <param name="Rule">The detector.</param>
/// <param name="Path">The place.</param>
public sealed record DismissFinding(AccessScope Scope, string Slug, string Rule, string Path) : IRequest<ChangeResult<PrivacyFinding>>, IChange;

internal sealed class ListFindingsHandler(ErrorHubDbContext db) : IRequestHandler<ListFindings, IReadOnlyList<FindingRow>>
{
    public async Task<IReadOnlyList<FindingRow>> Handle(ListFindings request, CancellationToken cancellationToken)
    {
        var projectId = await db.Projects.FindIdAsync(request.Scope, request.Slug, cancellationToken);
        var rows = await db.PrivacyFindings.AsNoTracking().Where(f => f.ProjectId == projectId && f.DismissedAt == null)
            .OrderByDescending(f => f.LastSeen).ThenBy(f => f.Path).ToListAsync(cancellationToken);
        return rows.ConvertAll(f => new FindingRow(f.Rule, LeakDetector.Named(f.Rule)?.What ?? f.Rule, f.Path, f.Events, f.FirstSeen, f.LastSeen));
    }
}

internal sealed class DismissFindingHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<DismissFinding, ChangeResult<PrivacyFinding>>
{
    public async Task<ChangeResult<PrivacyFinding>> Handle(DismissFinding request, CancellationToken cancellationToken)
    {
        var projectId = await db.Projects.FindIdAsync(request.Scope, request.Slug, cancellationToken);
        var finding = await db.PrivacyFindings.FirstOrDefaultAsync(
            f => f.ProjectId == projectId && f.Rule == request.Rule && f.Path == request.Path && f.DismissedAt == null, cancellationToken);
        if (finding is null)
            return ChangeResult<PrivacyFinding>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<PrivacyFinding>.Forbidden();

        finding.DismissedAt = time.GetUtcNow();
        db.Activity.Add(ActivityRecord.Of(request.Scope.Actor, time.GetUtcNow(), "project.finding_dismissed", request.Slug, projectId, $"{finding.Rule} at {finding.Path}"));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<PrivacyFinding>.Done(finding);
    }
}

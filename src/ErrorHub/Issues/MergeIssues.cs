using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>
/// Makes one issue of several, for good: their hashes, counts, users and history become those of the one with the most events (of equals
/// the oldest), and the addresses of the others lead there. Its state stays as it is. Ids the caller does not see are left out.
/// </summary>
/// <param name="Scope">Who merges, and what they may see.</param>
/// <param name="IssueIds">The issues, of one project.</param>
/// <param name="Into">The one that stays, whatever it has; null for the one with the most events.</param>
public sealed record MergeIssues(AccessScope Scope, IReadOnlyList<Guid> IssueIds, Guid? Into = null) : IRequest<ChangeResult<MergedIssues>>, IChange;

/// <summary>What became of merged issues.</summary>
/// <param name="IssueId">The issue they are now.</param>
/// <param name="ShortId">Such as <c>SHOP-12</c>.</param>
/// <param name="MergedIds">Those that are part of it now.</param>
public sealed record MergedIssues(Guid IssueId, string ShortId, IReadOnlyList<Guid> MergedIds);

internal sealed class MergeIssuesHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<MergeIssues, ChangeResult<MergedIssues>>
{
    // One transaction moves them all, and who writes events of them waits for it.
    internal const int MaxIssues = 100;

    public async Task<ChangeResult<MergedIssues>> Handle(MergeIssues request, CancellationToken cancellationToken)
    {
        var ids = request.IssueIds.Distinct().ToArray();
        if (ids.Length > MaxIssues)
            return ChangeResult<MergedIssues>.Invalid($"At most {MaxIssues} issues can be merged at once.");

        var projects = await db.Projects.VisibleTo(request.Scope)
            .Join(db.Issues.Where(i => ids.Contains(i.Id)), p => p.Id, i => i.ProjectId, (p, i) => new { p.Id, p.Slug })
            .Distinct()
            .ToListAsync(cancellationToken);
        if (projects.Count > 1)
            return ChangeResult<MergedIssues>.Invalid("Issues of different projects cannot be merged.");

        return projects is [var project]
            ? await MergeAsync(request.Scope.Actor, project.Id, project.Slug, ids, request.Into, cancellationToken)
            : TooFew;
    }

    private static ChangeResult<MergedIssues> TooFew => ChangeResult<MergedIssues>.Invalid("Name at least two issues to merge.");

    private async Task<ChangeResult<MergedIssues>> MergeAsync(
        Actor actor, long projectId, string slug, Guid[] ids, Guid? into, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockProjectAsync(projectId, cancellationToken);
        await db.LockIssuesAsync(projectId, ids, cancellationToken);
        await db.LookAtIssuesAgainAsync(projectId, cancellationToken);
        var issues = await db.Issues.Where(i => i.ProjectId == projectId && ids.Contains(i.Id)).ToListAsync(cancellationToken);
        if (issues.Count < 2)
            return TooFew;

        var bySize = issues.OrderByDescending(i => i.Id == into).ThenByDescending(i => i.EventCount).ThenBy(i => i.FirstSeen).ThenBy(i => i.Number).ToList();
        var (target, sources) = (bySize[0], bySize[1..]);
        var merge = new IssueMerge(db, target);
        foreach (var source in sources)
            await merge.AddAsync(source, cancellationToken);

        var now = time.GetUtcNow();
        foreach (var source in sources.OrderBy(i => i.Number))
            db.IssueTransitions.Add(IssueTransition.By(actor, target, IssueTransitionKind.Merged, now, source.Number));

        var shortId = IssueShortId.Of(slug, target.Number);
        var merged = string.Join(", ", sources.Select(i => IssueShortId.Of(slug, i.Number)));
        db.Activity.Add(ActivityRecord.Of(actor, now, "issue.merged", shortId, projectId, StoredText.Fit(merged, 1024)));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ChangeResult<MergedIssues>.Done(new MergedIssues(target.Id, shortId, [.. sources.Select(i => i.Id)]));
    }
}

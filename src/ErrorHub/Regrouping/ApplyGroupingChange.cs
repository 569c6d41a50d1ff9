using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Grouping;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Storage;
using ErrorHub.UseCases;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Regrouping;

/// <summary>Does what trying the rules has shown, and puts them in force. Interrupted, it goes on when it is sent again. Owners only.</summary>
/// <param name="Scope">Who applies them.</param>
/// <param name="Slug">The project.</param>
/// <param name="ChangeId">What <see cref="TryGroupingRules"/> gave.</param>
public sealed record ApplyGroupingChange(AccessScope Scope, string Slug, Guid ChangeId) : IRequest<ChangeResult<GroupingChangeDetails>>, IChange;

/// <remarks>
/// Parts leave their issues first, while the old rules are in force and no event has a new hash. Then, in one transaction, the rules and
/// the hashes that lead on; then merges, which may wait. Each is one step, and noted when it is done.
/// </remarks>
internal sealed class ApplyGroupingChangeHandler(ErrorHubDbContext db, UseCaseSender useCases, IEnumerable<ICountJournal> journals, TimeProvider time)
    : IRequestHandler<ApplyGroupingChange, ChangeResult<GroupingChangeDetails>>
{
    public async Task<ChangeResult<GroupingChangeDetails>> Handle(ApplyGroupingChange request, CancellationToken cancellationToken)
    {
        if (await db.GroupingChanges.OfAsync(db, request.Scope, request.Slug, request.ChangeId, cancellationToken) is not { } change)
            return ChangeResult<GroupingChangeDetails>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<GroupingChangeDetails>.Forbidden();
        if (change.State is not (GroupingChangeState.Tried or GroupingChangeState.Applying))
            return ChangeResult<GroupingChangeDetails>.Conflict("It was applied already.");

        var project = await db.Projects.SingleAsync(p => p.Id == change.ProjectId, cancellationToken);
        var done = RegroupingDone.Parse(change.Done);
        var plan = RegroupingPlan.Parse(change.Plan);
        if (done.Steps <= plan.Splits.Count && project.GroupingRules != change.Before)
            return ChangeResult<GroupingChangeDetails>.Conflict("The rules have changed since these were tried. Try them again.");

        await SetAsync(change, GroupingChangeState.Applying, done, cancellationToken);
        var name = new ProjectName(project.Id, project.Slug, project.Name);
        var part = new IssuePart(db, journals.FirstOrDefault(), time, request.Scope.Actor, name);
        var (before, after) = await ProjectGrouping.OfAsync(db, project.Id, change.Before, change.After, cancellationToken);
        foreach (var split in plan.Splits.Skip(done.Steps))
        {
            var (any, problem) = await part.TakeOutAsync(
                Convert.FromHexString(split.Hash), Convert.FromHexString(split.Part),
                e => after.Of(e).Hash.ToString() == split.NewHash && before.Of(e).Hash.ToString() != split.NewHash, cancellationToken);
            if (problem is not null)
                return ChangeResult<GroupingChangeDetails>.Conflict(problem);

            if (any)
                done.Splits.Add(new(split.IssueId, split.Hash, split.Part));

            done = await StepAsync(change, done, cancellationToken);
        }

        if (done.Steps == plan.Splits.Count)
        {
            await EnforceAsync(request.Scope.Actor, change, plan, part, cancellationToken);
            done = await StepAsync(change, done, cancellationToken);
        }

        foreach (var merge in plan.Merges.Skip(done.Steps - plan.Splits.Count - 1))
        {
            if (await MergeAsync(request.Scope, change.ProjectId, merge, part, done, cancellationToken) is { } problem)
                return ChangeResult<GroupingChangeDetails>.Conflict(problem);

            done = await StepAsync(change, done, cancellationToken);
        }

        await SetAsync(change, GroupingChangeState.Applied, done, cancellationToken);
        return ChangeResult<GroupingChangeDetails>.Done(new GroupingChangeDetails(change, plan));
    }

    private async Task EnforceAsync(Actor actor, GroupingChange change, RegroupingPlan plan, IssuePart part, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockProjectAsync(change.ProjectId, cancellationToken);
        foreach (var fresh in plan.NewHashes)
        {
            var hash = Convert.FromHexString(fresh.Hash);
            var issue = fresh.Part is { } from ? await part.IssueOfAsync(Convert.FromHexString(from), cancellationToken) : await NowAsync(change.ProjectId, fresh.IssueId!.Value, cancellationToken);
            // Somebody may have deleted the issue since, or an event have made one of its own.
            if (issue is { } id && await part.IssueOfAsync(hash, cancellationToken) is null)
                db.IssueFingerprints.Add(new IssueFingerprint { ProjectId = change.ProjectId, Hash = hash, Version = Grouper.Version, IssueId = id });
        }

        var project = await db.Projects.SingleAsync(p => p.Id == change.ProjectId, cancellationToken);
        project.GroupingRules = change.After;
        db.Activity.Add(ActivityRecord.Of(
            actor, time.GetUtcNow(), "project.grouping_changed", project.Slug, project.Id,
            $"{plan.IssuesBefore} issues to {plan.IssuesAfter}: {plan.Merged} merged into {plan.Merges.Count}, {plan.Split} split"));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <returns>Why it cannot be done now; null when it is.</returns>
    private async Task<string?> MergeAsync(
        AccessScope scope, long projectId, PlannedMerge merge, IssuePart part, RegroupingDone done, CancellationToken cancellationToken)
    {
        List<Guid> ids = [];
        foreach (var issue in merge.Issues)
            if (await NowAsync(projectId, issue.Id, cancellationToken) is { } id)
                ids.Add(id);

        foreach (var hash in merge.Parts)
            if (await part.IssueOfAsync(Convert.FromHexString(hash), cancellationToken) is { } id)
                ids.Add(id);

        ids = [.. ids.Distinct()];
        if (ids.Count < 2)
            return null;

        var hashes = (await db.IssueFingerprints.AsNoTracking().Where(f => f.ProjectId == projectId && ids.Contains(f.IssueId)).ToListAsync(cancellationToken))
            .ToLookup(f => f.IssueId, f => Convert.ToHexStringLower(f.Hash));
        // As many at once as a merge takes; the next ones join what came of them.
        for (var target = ids[0]; ids.Count > 1; ids = [target, .. ids.Skip(MergeIssuesHandler.MaxIssues)])
        {
            var merged = await useCases.SendAsync(new MergeIssues(scope, [.. ids.Take(MergeIssuesHandler.MaxIssues)]), cancellationToken);
            if (merged.Value is not { } result)
                return merged.Problem;

            target = result.IssueId;
            done.Merges.AddRange(result.MergedIds.Select(id => new DoneMerge(id, [.. hashes[id]])));
        }

        return null;
    }

    /// <summary>Where an issue is by now; null when it is gone.</summary>
    private async Task<Guid?> NowAsync(long projectId, Guid issueId, CancellationToken cancellationToken) =>
        await db.Issues.AnyAsync(i => i.ProjectId == projectId && i.Id == issueId, cancellationToken)
            ? issueId
            : await db.IssueRedirects.Where(r => r.ProjectId == projectId && r.IssueId == issueId).Select(r => (Guid?)r.TargetId).FirstOrDefaultAsync(cancellationToken);

    private async Task<RegroupingDone> StepAsync(GroupingChange change, RegroupingDone done, CancellationToken cancellationToken)
    {
        done = done with { Steps = done.Steps + 1 };
        await SetAsync(change, GroupingChangeState.Applying, done, cancellationToken);
        return done;
    }

    private async Task SetAsync(GroupingChange change, GroupingChangeState state, RegroupingDone done, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        db.Attach(change);
        (change.State, change.Done, change.StateChangedAt) = (state, done.ToJson(), time.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
    }
}

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
/// the hashes that lead on; then merges, which may wait. Each is one step, noted as done when it is.
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

        var steps = new GroupingSteps(db, change, time);
        var plan = RegroupingPlan.Parse(change.Plan);
        var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == change.ProjectId, cancellationToken);
        if (steps.Done.Steps <= plan.Splits.Count && project.GroupingRules != change.Before)
            return RulesChanged;

        try
        {
            var part = new IssuePart(db, journals.FirstOrDefault(), time, request.Scope.Actor, new ProjectName(project.Id, project.Slug, project.Name));
            var problem = await SplitAsync(steps, plan, part, cancellationToken)
                ?? await EnforceAsync(steps, plan, part, request.Scope.Actor, cancellationToken)
                ?? await MergeAsync(steps, plan, part, request.Scope, cancellationToken);
            if (problem is not null)
                return ChangeResult<GroupingChangeDetails>.Conflict(problem);

            await steps.SaveAsync(GroupingChangeState.Applied, cancellationToken);
            return ChangeResult<GroupingChangeDetails>.Done(new GroupingChangeDetails(change, plan));
        }
        catch (DbUpdateConcurrencyException)
        {
            return GroupingSteps.Busy;
        }
    }

    private static ChangeResult<GroupingChangeDetails> RulesChanged =>
        ChangeResult<GroupingChangeDetails>.Conflict("The rules have changed since these were tried. Try them again.");

    private async Task<string?> SplitAsync(GroupingSteps steps, RegroupingPlan plan, IssuePart part, CancellationToken cancellationToken)
    {
        var (before, after) = await ProjectGrouping.OfAsync(db, steps.Change.ProjectId, steps.Change.Before, steps.Change.After, cancellationToken);
        foreach (var split in plan.Splits.Skip(steps.Done.Steps))
        {
            steps.Done.Splits.Add(new(split.Hash, split.Part));
            await steps.SaveAsync(GroupingChangeState.Applying, cancellationToken);
            var problem = await part.TakeOutAsync(
                Convert.FromHexString(split.Hash), Convert.FromHexString(split.Part),
                e => after.Of(e).Hash.ToString() == split.NewHash && before.Of(e).Hash.ToString() != split.NewHash, cancellationToken);
            if (problem is not null)
                return problem;

            await steps.SaveNextAsync(cancellationToken);
        }

        return null;
    }

    /// <summary>Puts the rules in force, and leads new hashes to their issues.</summary>
    private async Task<string?> EnforceAsync(GroupingSteps steps, RegroupingPlan plan, IssuePart part, Actor actor, CancellationToken cancellationToken)
    {
        if (steps.Done.Steps > plan.Splits.Count)
            return null;

        var change = steps.Change;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockProjectAsync(change.ProjectId, cancellationToken);
        db.ChangeTracker.Clear();
        var project = await db.Projects.SingleAsync(p => p.Id == change.ProjectId, cancellationToken);
        if (project.GroupingRules != change.Before)
            return RulesChanged.Problem;

        foreach (var fresh in plan.NewHashes)
        {
            var hash = Convert.FromHexString(fresh.Hash);
            var issue = fresh.Part is { } from ? await part.IssueOfAsync(Convert.FromHexString(from), cancellationToken) : await NowAsync(change.ProjectId, fresh.IssueId!.Value, cancellationToken);
            // Somebody may have deleted the issue since, or an event have made one of its own.
            if (issue is { } id && await part.IssueOfAsync(hash, cancellationToken) is null)
                db.IssueFingerprints.Add(new IssueFingerprint { ProjectId = change.ProjectId, Hash = hash, Version = Grouper.Version, IssueId = id });
        }

        project.GroupingRules = change.After;
        db.Activity.Add(ActivityRecord.Of(
            actor, time.GetUtcNow(), "project.grouping_changed", project.Slug, project.Id,
            $"{plan.IssuesBefore} issues to {plan.IssuesAfter}: {plan.Merged} merged into {plan.Merges.Count}, {plan.Split} split"));
        await db.SaveChangesAsync(cancellationToken);
        await steps.SaveNextAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    private async Task<string?> MergeAsync(GroupingSteps steps, RegroupingPlan plan, IssuePart part, AccessScope scope, CancellationToken cancellationToken)
    {
        var projectId = steps.Change.ProjectId;
        foreach (var merge in plan.Merges.Skip(steps.Done.Steps - plan.Splits.Count - 1))
        {
            List<Guid> ids = [];
            foreach (var issue in merge.Issues)
                if (await NowAsync(projectId, issue.Id, cancellationToken) is { } id)
                    ids.Add(id);

            foreach (var hash in merge.Parts)
                if (await part.IssueOfAsync(Convert.FromHexString(hash), cancellationToken) is { } id)
                    ids.Add(id);

            ids = [.. ids.Distinct()];
            var hashes = await db.IssueFingerprints.AsNoTracking().Where(f => f.ProjectId == projectId && ids.Contains(f.IssueId)).ToListAsync(cancellationToken);
            steps.Done.Merges.AddRange(hashes.GroupBy(f => f.IssueId, (id, of) => new DoneMerge(id, [.. of.Select(f => Convert.ToHexStringLower(f.Hash))])));
            await steps.SaveAsync(GroupingChangeState.Applying, cancellationToken);
            if (await MergeAsync(scope, ids, cancellationToken) is { } problem)
                return problem;

            await steps.SaveNextAsync(cancellationToken);
        }

        return null;
    }

    // As many at once as a merge takes; the next ones join what came of them.
    private async Task<string?> MergeAsync(AccessScope scope, List<Guid> ids, CancellationToken cancellationToken)
    {
        while (ids.Count > 1)
        {
            var merged = await useCases.SendAsync(new MergeIssues(scope, [.. ids.Take(MergeIssuesHandler.MaxIssues)]), cancellationToken);
            if (merged.Value is not { } result)
                return merged.Problem;

            ids = [result.IssueId, .. ids.Skip(MergeIssuesHandler.MaxIssues)];
        }

        return null;
    }

    /// <summary>Where an issue is by now; null when it is gone.</summary>
    private async Task<Guid?> NowAsync(long projectId, Guid issueId, CancellationToken cancellationToken) =>
        await db.Issues.AnyAsync(i => i.ProjectId == projectId && i.Id == issueId, cancellationToken)
            ? issueId
            : await db.IssueRedirects.Where(r => r.ProjectId == projectId && r.IssueId == issueId).Select(r => (Guid?)r.TargetId).FirstOrDefaultAsync(cancellationToken);
}

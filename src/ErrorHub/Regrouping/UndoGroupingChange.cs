using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Storage;
using ErrorHub.UseCases;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Regrouping;

/// <summary>
/// Takes a change of rules back: the rules before are in force again, what was merged is apart, and what was split is together. Only
/// the change made last can be taken back. Interrupted, it goes on when it is sent again. Owners only.
/// </summary>
/// <param name="Scope">Who takes it back.</param>
/// <param name="Slug">The project.</param>
/// <param name="ChangeId">The change.</param>
public sealed record UndoGroupingChange(AccessScope Scope, string Slug, Guid ChangeId) : IRequest<ChangeResult<GroupingChangeDetails>>, IChange;

internal sealed class UndoGroupingChangeHandler(ErrorHubDbContext db, UseCaseSender useCases, IEnumerable<ICountJournal> journals, TimeProvider time)
    : IRequestHandler<UndoGroupingChange, ChangeResult<GroupingChangeDetails>>
{
    public async Task<ChangeResult<GroupingChangeDetails>> Handle(UndoGroupingChange request, CancellationToken cancellationToken)
    {
        if (await db.GroupingChanges.OfAsync(db, request.Scope, request.Slug, request.ChangeId, cancellationToken) is not { } change)
            return ChangeResult<GroupingChangeDetails>.NotFound();
        if (!request.Scope.IsOwner)
            return ChangeResult<GroupingChangeDetails>.Forbidden();
        if (change.State is not (GroupingChangeState.Applied or GroupingChangeState.Undoing))
            return ChangeResult<GroupingChangeDetails>.Conflict("There is nothing to take back.");

        var steps = new GroupingSteps(db, change, time);
        var plan = RegroupingPlan.Parse(change.Plan);
        var project = await db.Projects.AsNoTracking().SingleAsync(p => p.Id == change.ProjectId, cancellationToken);
        try
        {
            if (change.State == GroupingChangeState.Applied && !await RestoreAsync(steps, plan, request.Scope.Actor, cancellationToken))
                return ChangeResult<GroupingChangeDetails>.Conflict("The rules have changed since. Take that back first.");

            var part = new IssuePart(db, journals.FirstOrDefault(), time, request.Scope.Actor, new ProjectName(project.Id, project.Slug, project.Name));
            foreach (var merge in Enumerable.Reverse(steps.Done.Merges))
                if (await TakeApartAsync(request.Scope, project.Id, merge, cancellationToken) is { } problem)
                    return ChangeResult<GroupingChangeDetails>.Conflict(problem);

            foreach (var split in steps.Done.Splits.Concat(steps.Done.Returns))
                await JoinAsync(request.Scope, part, split, cancellationToken);

            var (before, _) = await ProjectGrouping.OfAsync(db, project.Id, change.Before, change.After, cancellationToken);
            foreach (var fresh in plan.NewHashes)
                if (await ReturnAsync(request.Scope, steps, part, fresh.Hash, before, cancellationToken) is { } problem)
                    return ChangeResult<GroupingChangeDetails>.Conflict(problem);

            await steps.SaveAsync(GroupingChangeState.Undone, cancellationToken);
            return ChangeResult<GroupingChangeDetails>.Done(new GroupingChangeDetails(change, plan));
        }
        catch (DbUpdateConcurrencyException)
        {
            return GroupingSteps.Busy;
        }
    }

    /// <summary>Puts the rules before in force again; false when they are not those of the change any more.</summary>
    private async Task<bool> RestoreAsync(GroupingSteps steps, RegroupingPlan plan, Actor actor, CancellationToken cancellationToken)
    {
        var change = steps.Change;
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockProjectAsync(change.ProjectId, cancellationToken);
        db.ChangeTracker.Clear();
        var project = await db.Projects.SingleAsync(p => p.Id == change.ProjectId, cancellationToken);
        if (project.GroupingRules != change.After)
            return false;

        project.GroupingRules = change.Before;
        db.Activity.Add(ActivityRecord.Of(
            actor, time.GetUtcNow(), "project.grouping_undone", project.Slug, project.Id, $"{plan.IssuesAfter} issues to {plan.IssuesBefore}"));
        await db.SaveChangesAsync(cancellationToken);
        await steps.SaveAsync(GroupingChangeState.Undoing, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    // Those hashes that are still together, for people may have unmerged some since.
    /// <returns>Why it cannot be done now; null when it is.</returns>
    private async Task<string?> TakeApartAsync(AccessScope scope, long projectId, DoneMerge merge, CancellationToken cancellationToken)
    {
        if (await db.Issues.AnyAsync(i => i.ProjectId == projectId && i.Id == merge.IssueId, cancellationToken))
            return null;

        var hashes = merge.Hashes.ConvertAll(Convert.FromHexString);
        var leading = await db.IssueFingerprints.AsNoTracking().Where(f => f.ProjectId == projectId && hashes.Contains(f.Hash)).ToListAsync(cancellationToken);
        foreach (var issue in leading.GroupBy(f => f.IssueId))
        {
            // Nothing would stay there.
            if (await db.IssueFingerprints.CountAsync(f => f.ProjectId == projectId && f.IssueId == issue.Key, cancellationToken) == issue.Count())
                continue;

            var unmerge = new UnmergeHashes(scope, issue.Key, [.. issue.Select(f => Convert.ToHexStringLower(f.Hash))], merge.IssueId);
            if ((await useCases.SendAsync(unmerge, cancellationToken)).Problem is { } problem)
                return problem;
        }

        return null;
    }

    /// <summary>Gives what came under a new hash meanwhile the hash that it would have had, and to the issue of that.</summary>
    /// <returns>Why it cannot be done now; null when it is.</returns>
    private async Task<string?> ReturnAsync(
        AccessScope scope, GroupingSteps steps, IssuePart part, string newHash, ProjectGrouping before, CancellationToken cancellationToken)
    {
        var hash = Convert.FromHexString(newHash);
        foreach (var old in await part.RenameAsync(hash, e => before.Of(e).Hash, cancellationToken))
        {
            if (await part.IssueOfAsync(Convert.FromHexString(old), cancellationToken) is null)
                continue;

            var own = new DoneSplit(old, Convert.ToHexStringLower(IssuePart.HashOf(newHash, old)));
            steps.Done.Returns.Add(own);
            await steps.SaveAsync(GroupingChangeState.Undoing, cancellationToken);
            if (await part.TakeOutAsync(hash, Convert.FromHexString(own.Part), e => before.Of(e).Hash.ToString() == old, cancellationToken) is { } problem)
                return problem;

            await JoinAsync(scope, part, own, cancellationToken);
        }

        await part.ForgetAsync(hash, cancellationToken);
        return null;
    }

    private async Task JoinAsync(AccessScope scope, IssuePart part, DoneSplit split, CancellationToken cancellationToken)
    {
        var (own, home) = (Convert.FromHexString(split.Part), Convert.FromHexString(split.Hash));
        if (await part.IssueOfAsync(own, cancellationToken) is { } id && await part.IssueOfAsync(home, cancellationToken) is { } to && to != id)
            await useCases.SendAsync(new MergeIssues(scope, [to, id], to), cancellationToken);

        await part.RenameAsync(own, home, cancellationToken);
    }
}

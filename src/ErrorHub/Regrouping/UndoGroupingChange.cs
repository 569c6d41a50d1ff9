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

        var project = await db.Projects.SingleAsync(p => p.Id == change.ProjectId, cancellationToken);
        if (change.State == GroupingChangeState.Applied && project.GroupingRules != change.After)
            return ChangeResult<GroupingChangeDetails>.Conflict("The rules have changed since. Take that back first.");

        var (plan, done) = (RegroupingPlan.Parse(change.Plan), RegroupingDone.Parse(change.Done));
        if (change.State == GroupingChangeState.Applied)
        {
            project.GroupingRules = change.Before;
            (change.State, change.StateChangedAt) = (GroupingChangeState.Undoing, time.GetUtcNow());
            db.Activity.Add(ActivityRecord.Of(request.Scope.Actor, time.GetUtcNow(), "project.grouping_undone", project.Slug, project.Id, $"{plan.IssuesAfter} issues to {plan.IssuesBefore}"));
            await db.SaveChangesAsync(cancellationToken);
        }

        var part = new IssuePart(db, journals.FirstOrDefault(), time, request.Scope.Actor, new ProjectName(project.Id, project.Slug, project.Name));
        foreach (var merge in Enumerable.Reverse(done.Merges))
            if (await TakeApartAsync(request.Scope, project.Id, merge, cancellationToken) is { } problem)
                return ChangeResult<GroupingChangeDetails>.Conflict(problem);

        foreach (var split in done.Splits)
            await JoinAsync(request.Scope, part, Convert.FromHexString(split.Part), Convert.FromHexString(split.Hash), cancellationToken);

        var (before, _) = await ProjectGrouping.OfAsync(db, project.Id, change.Before, change.After, cancellationToken);
        foreach (var fresh in plan.NewHashes)
            if (await ReturnAsync(request.Scope, part, fresh.Hash, before, cancellationToken) is { } problem)
                return ChangeResult<GroupingChangeDetails>.Conflict(problem);

        db.Attach(change);
        (change.State, change.StateChangedAt) = (GroupingChangeState.Undone, time.GetUtcNow());
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<GroupingChangeDetails>.Done(new GroupingChangeDetails(change, plan));
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
            if ((await useCases.SendAsync(new UnmergeHashes(scope, issue.Key, [.. issue.Select(f => Convert.ToHexStringLower(f.Hash))]), cancellationToken)).Problem is { } problem)
                return problem;

        return null;
    }

    /// <summary>Gives what came under a new hash meanwhile the hash that it would have had, and to the issue of that.</summary>
    /// <returns>Why it cannot be done now; null when it is.</returns>
    private async Task<string?> ReturnAsync(
        AccessScope scope, IssuePart part, string newHash, ProjectGrouping before, CancellationToken cancellationToken)
    {
        var hash = Convert.FromHexString(newHash);
        foreach (var old in await part.HashesAsync(hash, e => before.Of(e).Hash, cancellationToken))
        {
            var to = Convert.FromHexString(old);
            if (await part.IssueOfAsync(to, cancellationToken) is null)
                continue;

            var own = IssuePart.HashOf(newHash, old);
            var (_, problem) = await part.TakeOutAsync(hash, own, e => before.Of(e).Hash.ToString() == old, cancellationToken);
            if (problem is not null)
                return problem;

            await JoinAsync(scope, part, own, to, cancellationToken);
        }

        await part.ForgetAsync(hash, cancellationToken);
        return null;
    }

    private async Task JoinAsync(AccessScope scope, IssuePart part, byte[] own, byte[] home, CancellationToken cancellationToken)
    {
        if (await part.IssueOfAsync(own, cancellationToken) is { } id && await part.IssueOfAsync(home, cancellationToken) is { } to && to != id)
            await useCases.SendAsync(new MergeIssues(scope, [to, id]), cancellationToken);

        await part.RenameAsync(own, home, cancellationToken);
    }
}

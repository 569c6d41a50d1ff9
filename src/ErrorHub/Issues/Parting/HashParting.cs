using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues.Parting;

/// <summary>Takes hashes out of an issue, with their events, counts and users, in one transaction.</summary>
internal sealed class HashParting(ErrorHubDbContext db, ICountJournal? journal, TimeProvider time)
{
    /// <param name="actor">Who does it.</param>
    /// <param name="project">Project of the issue.</param>
    /// <param name="issueId">The issue.</param>
    /// <param name="hashes">All hashes of the issue.</param>
    /// <param name="leaving">Those that leave; fewer than all.</param>
    /// <param name="record">The action and the detail by which the activity log has it; the detail is followed by where they went.</param>
    /// <param name="home">The issue that was merged away and that they are to be again; null for the one they were first merged from.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ChangeResult<PartedIssue>> PartAsync(
        Actor actor, ProjectName project, Guid issueId, IReadOnlyList<IssueFingerprint> hashes, IReadOnlyList<IssueFingerprint> leaving,
        (string Action, string Detail) record, Guid? home, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var staying = hashes.Except(leaving).Select(h => h.Hash).ToList();
        var reader = new PartReader(db, journal, project.Id, [.. leaving.Select(h => h.Hash)], staying);
        await reader.ReadBeforeAsync(now - PartReader.Settled, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.LockForPartingAsync(project.Id, issueId, hashes, cancellationToken))
            return ChangeResult<PartedIssue>.Conflict("The issue has changed meanwhile. Try again.");

        var old = await db.Issues.SingleAsync(i => i.ProjectId == project.Id && i.Id == issueId, cancellationToken);
        var parts = await reader.FinishAsync(cancellationToken);
        var issue = parts.Leaving.Events == 0 ? null : await MakeAsync(old, parts, home ?? HomeOf(leaving), now, cancellationToken);
        await MoveAsync(project.Id, leaving, issue, cancellationToken);
        var shortId = issue is null ? null : IssueShortId.Of(project.Slug, issue.Number);
        db.IssueTransitions.Add(IssueTransition.By(actor, old, IssueTransitionKind.Parted, now, issue?.Number));
        if (issue is not null)
            db.IssueTransitions.Add(IssueTransition.By(actor, issue, IssueTransitionKind.PartedFrom, now, old.Number));

        db.Activity.Add(ActivityRecord.Of(
            actor, now, record.Action, IssueShortId.Of(project.Slug, old.Number), project.Id, shortId is null ? record.Detail : $"{record.Detail} to {shortId}"));
        await db.SaveAnewAsync(old, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ChangeResult<PartedIssue>.Done(new PartedIssue(issue?.Id, shortId));
    }

    // What came from one issue is that issue again.
    private static Guid? HomeOf(IReadOnlyList<IssueFingerprint> leaving) =>
        leaving.Select(h => h.MergedFrom).Distinct().ToList() is [{ } only] ? only : null;

    private async Task<Issue> MakeAsync(
        Issue old, IssueParts parts, Guid? homeId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var home = homeId is { } only
            ? await db.IssueRedirects.FirstOrDefaultAsync(r => r.ProjectId == old.ProjectId && r.IssueId == only && r.TargetId == old.Id, cancellationToken)
            : null;
        var rules = await db.Projects.GroupingRulesAsync(old.ProjectId, cancellationToken);
        var parting = new IssueParting(db, old, parts, rules);
        if (home is not null)
        {
            db.IssueRedirects.Remove(home);
            return await parting.MakeAsync(home.IssueId, home.Number, now, cancellationToken);
        }

        var project = await db.Projects.SingleAsync(p => p.Id == old.ProjectId, cancellationToken);
        return await parting.MakeAsync(Guid.CreateVersion7(now), project.NextIssueNumber++, now, cancellationToken);
    }

    /// <summary>Points the hashes to the new issue. Without one they are forgotten, and the next event makes an issue.</summary>
    private async Task MoveAsync(long projectId, IReadOnlyList<IssueFingerprint> leaving, Issue? issue, CancellationToken cancellationToken)
    {
        foreach (var hash in leaving.Select(h => h.Hash))
        {
            var row = db.IssueFingerprints.Where(f => f.ProjectId == projectId && f.Hash == hash);
            if (issue is null)
                await row.ExecuteDeleteAsync(cancellationToken);
            else
                await row.ExecuteUpdateAsync(
                    set => set.SetProperty(f => f.IssueId, issue.Id).SetProperty(f => f.MergedFrom, (Guid?)null), cancellationToken);
        }
    }
}

using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Issues.Parting;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>
/// Takes hashes out of an issue, for good: with their events, counts and users they become an issue of their own. Hashes that were merged
/// from one issue become that issue again, with its number and address.
/// </summary>
/// <param name="Scope">Who does it, and what they may see.</param>
/// <param name="IssueId">The issue.</param>
/// <param name="Hashes">Some of its hashes, 32 hex digits each; at least one must stay.</param>
public sealed record UnmergeHashes(AccessScope Scope, Guid IssueId, IReadOnlyList<string> Hashes)
    : IRequest<ChangeResult<PartedIssue>>, IChange;

/// <summary>What was taken out of an issue.</summary>
/// <param name="IssueId">The issue it is now; null when no event of it is stored, and the next one will make it.</param>
/// <param name="ShortId">Such as <c>SHOP-12</c>; null likewise.</param>
public sealed record PartedIssue(Guid? IssueId, string? ShortId);

internal sealed class UnmergeHashesHandler(ErrorHubDbContext db, IEnumerable<ICountJournal> journals, TimeProvider time)
    : IRequestHandler<UnmergeHashes, ChangeResult<PartedIssue>>
{
    public async Task<ChangeResult<PartedIssue>> Handle(UnmergeHashes request, CancellationToken cancellationToken)
    {
        var project = await db.ProjectOfIssueAsync(request.Scope, request.IssueId, cancellationToken);
        if (project is null)
            return ChangeResult<PartedIssue>.NotFound();

        var hashes = await db.IssueHashesAsync(project.Id, request.IssueId, cancellationToken);
        var named = request.Hashes.Select(h => h.ToLowerInvariant()).ToHashSet();
        var leaving = hashes.FindAll(h => named.Contains(Convert.ToHexStringLower(h.Hash)));
        if (named.Count == 0 || leaving.Count < named.Count)
            return ChangeResult<PartedIssue>.Invalid("Name hashes of this issue.");

        var staying = hashes.Except(leaving).Select(h => h.Hash).ToList();
        if (staying.Count == 0)
            return ChangeResult<PartedIssue>.Invalid("At least one hash must stay in the issue.");

        var now = time.GetUtcNow();
        var reader = new PartReader(db, journals.FirstOrDefault(), project.Id, leaving.ConvertAll(h => h.Hash), staying);
        await reader.ReadBeforeAsync(now - PartReader.Settled, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.LockForPartingAsync(project.Id, request.IssueId, hashes, cancellationToken))
            return ChangeResult<PartedIssue>.Conflict("The issue has changed meanwhile. Try again.");

        var old = await db.Issues.SingleAsync(i => i.ProjectId == project.Id && i.Id == request.IssueId, cancellationToken);
        var parts = await reader.FinishAsync(cancellationToken);
        var issue = parts.Leaving.Events == 0 ? null : await PartAsync(old, parts, leaving, now, cancellationToken);
        await MoveAsync(project.Id, leaving, issue, cancellationToken);
        Record(request.Scope.Actor, old, issue, project.Slug, leaving.Count, now);
        await db.SaveAnewAsync(old, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ChangeResult<PartedIssue>.Done(new PartedIssue(issue?.Id, issue is null ? null : IssueShortId.Of(project.Slug, issue.Number)));
    }

    private async Task<Issue> PartAsync(
        Issue old, IssueParts parts, List<IssueFingerprint> leaving, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What came from one issue is that issue again.
        var home = leaving.Select(h => h.MergedFrom).Distinct().ToList() is [{ } only]
            ? await db.IssueRedirects.FirstOrDefaultAsync(r => r.ProjectId == old.ProjectId && r.IssueId == only && r.TargetId == old.Id, cancellationToken)
            : null;
        var parting = new IssueParting(db, old, parts);
        if (home is not null)
        {
            db.IssueRedirects.Remove(home);
            return await parting.MakeAsync(home.IssueId, home.Number, now, cancellationToken);
        }

        var project = await db.Projects.SingleAsync(p => p.Id == old.ProjectId, cancellationToken);
        return await parting.MakeAsync(Guid.CreateVersion7(now), project.NextIssueNumber++, now, cancellationToken);
    }

    /// <summary>Points the hashes to the new issue. Without one they are forgotten, and the next event makes an issue.</summary>
    private async Task MoveAsync(long projectId, List<IssueFingerprint> leaving, Issue? issue, CancellationToken cancellationToken)
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

    private void Record(Actor actor, Issue old, Issue? issue, string slug, int hashes, DateTimeOffset now)
    {
        db.IssueTransitions.Add(IssueTransition.By(actor, old, IssueTransitionKind.Parted, now, issue?.Number));
        if (issue is not null)
            db.IssueTransitions.Add(IssueTransition.By(actor, issue, IssueTransitionKind.PartedFrom, now, old.Number));

        var detail = $"{(hashes == 1 ? "1 hash" : $"{hashes} hashes")}{(issue is null ? "" : $" to {IssueShortId.Of(slug, issue.Number)}")}";
        db.Activity.Add(ActivityRecord.Of(actor, now, "issue.unmerged", IssueShortId.Of(slug, old.Number), old.ProjectId, detail));
    }
}

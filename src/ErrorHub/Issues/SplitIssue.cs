using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Issues.Parting;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>
/// Makes an issue of the events that reached the fault by certain call paths, for good: those stored move there, and from now on their
/// strict hash is their identity.
/// </summary>
/// <param name="Scope">Who splits, and what they may see.</param>
/// <param name="IssueId">The issue that holds too much.</param>
/// <param name="Paths">Strict hashes, 32 hex digits each, at most 100; they become one issue.</param>
public sealed record SplitIssue(AccessScope Scope, Guid IssueId, IReadOnlyList<string> Paths) : IRequest<ChangeResult<PartedIssue>>, IChange;

internal sealed class SplitIssueHandler(ErrorHubDbContext db, IEnumerable<ICountJournal> journals, TimeProvider time)
    : IRequestHandler<SplitIssue, ChangeResult<PartedIssue>>
{
    private const int MaxPaths = 100;
    private const int Step = 500;

    public async Task<ChangeResult<PartedIssue>> Handle(SplitIssue request, CancellationToken cancellationToken)
    {
        if (!TryRead(request.Paths, out var paths))
            return ChangeResult<PartedIssue>.Invalid($"Name 1 to {MaxPaths} call paths of this issue.");

        var project = await db.ProjectOfIssueAsync(request.Scope, request.IssueId, cancellationToken);
        if (project is null)
            return ChangeResult<PartedIssue>.NotFound();

        var now = time.GetUtcNow();
        var hashes = await db.IssueHashesAsync(project.Id, request.IssueId, cancellationToken);
        var reader = new PartReader(db, journals.FirstOrDefault(), project.Id, hashes.ConvertAll(h => h.Hash), [], paths);
        await reader.ReadBeforeAsync(now - PartReader.Settled, cancellationToken);

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.LockForPartingAsync(project.Id, request.IssueId, hashes, cancellationToken))
            return ChangeResult<PartedIssue>.Conflict("The issue has changed meanwhile. Try again.");

        var parts = await reader.FinishAsync(cancellationToken);
        if (parts.Leaving.Events == 0)
            return ChangeResult<PartedIssue>.Invalid("No stored event of this issue takes these call paths.");

        if (parts.Staying.Events == 0)
            return ChangeResult<PartedIssue>.Invalid("At least one call path must stay in the issue.");

        var old = await db.Issues.SingleAsync(i => i.ProjectId == project.Id && i.Id == request.IssueId, cancellationToken);
        var row = await db.Projects.SingleAsync(p => p.Id == project.Id, cancellationToken);
        var issue = await new IssueParting(db, old, parts).MakeAsync(Guid.CreateVersion7(now), row.NextIssueNumber++, now, cancellationToken);
        if (await TakenAsync(project.Id, reader.OnPaths, cancellationToken))
            return ChangeResult<PartedIssue>.Invalid("One of these call paths is an issue of its own already.");

        await MoveAsync(issue, reader.OnPaths, cancellationToken);
        var actor = request.Scope.Actor;
        db.IssueTransitions.Add(IssueTransition.By(actor, old, IssueTransitionKind.Parted, now, issue.Number));
        db.IssueTransitions.Add(IssueTransition.By(actor, issue, IssueTransitionKind.PartedFrom, now, old.Number));
        var shortId = IssueShortId.Of(project.Slug, issue.Number);
        db.Activity.Add(ActivityRecord.Of(
            actor, now, "issue.split", IssueShortId.Of(project.Slug, old.Number), project.Id,
            $"{(paths.Count == 1 ? "1 call path" : $"{paths.Count} call paths")} to {shortId}"));
        await db.SaveAnewAsync(old, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ChangeResult<PartedIssue>.Done(new PartedIssue(issue.Id, shortId));
    }

    private static bool TryRead(IReadOnlyList<string> texts, out HashSet<UInt128> paths)
    {
        paths = [];
        foreach (var text in texts)
        {
            if (text.Length != 32 || !text.All(char.IsAsciiHexDigit))
                return false;

            paths.Add(Bytes16.Number(Convert.FromHexString(text)));
        }

        return paths.Count is > 0 and <= MaxPaths;
    }

    private async Task<bool> TakenAsync(long projectId, List<PathEvent> events, CancellationToken cancellationToken)
    {
        var stricts = events.Select(e => e.Strict.ToString()).Distinct().Select(Convert.FromHexString).ToList();
        return await db.IssueFingerprints.AnyAsync(f => f.ProjectId == projectId && stricts.Contains(f.Hash), cancellationToken);
    }

    private async Task MoveAsync(Issue issue, List<PathEvent> events, CancellationToken cancellationToken)
    {
        foreach (var ofPath in events.GroupBy(e => e.Strict.ToString()))
        {
            var strict = ofPath.First().Strict;
            db.IssueFingerprints.Add(new IssueFingerprint
            {
                ProjectId = issue.ProjectId,
                Hash = strict.Value,
                Version = strict.Version,
                IssueId = issue.Id,
            });
            foreach (var identity in ofPath.Select(e => Convert.ToHexString(e.Hash)).Distinct().Select(Convert.FromHexString))
            {
                // An issue that was split off and deleted since has left its pair behind.
                if (!await db.CallPathSplits.AnyAsync(s => s.ProjectId == issue.ProjectId && s.Hash == identity && s.Strict == strict.Value, cancellationToken))
                    db.CallPathSplits.Add(new CallPathSplit { ProjectId = issue.ProjectId, Hash = identity, Strict = strict.Value });
            }

            foreach (var step in ofPath.OrderBy(e => e.ReceivedAt).Chunk(Step))
            {
                var (first, last) = (step[0].ReceivedAt, step[^1].ReceivedAt);
                var ids = step.Select(e => e.Id).ToArray();
                await db.Events
                    .Where(e => e.ProjectId == issue.ProjectId && e.ReceivedAt >= first && e.ReceivedAt <= last && ids.Contains(e.Id))
                    .ExecuteUpdateAsync(set => set.SetProperty(e => e.Hash, strict.Value), cancellationToken);
            }
        }
    }
}

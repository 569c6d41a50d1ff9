using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Grouping;
using ErrorHub.Issues.Parting;
using ErrorHub.Projects;
using ErrorHub.Protocol.Events;
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

/// <remarks>
/// First the strict hashes lead to the same issue, then the events get them, and only then do they leave it: the events, of which there may
/// be a million, are rewritten without a lock. A split that was interrupted goes on when it is asked for again.
/// </remarks>
internal sealed class SplitIssueHandler(ErrorHubDbContext db, IEnumerable<ICountJournal> journals, TimeProvider time)
    : IRequestHandler<SplitIssue, ChangeResult<PartedIssue>>
{
    private const int MaxPaths = 100;

    public async Task<ChangeResult<PartedIssue>> Handle(SplitIssue request, CancellationToken cancellationToken)
    {
        if (!TryRead(request.Paths, out var paths))
            return ChangeResult<PartedIssue>.Invalid($"Name 1 to {MaxPaths} call paths of this issue.");

        var project = await db.ProjectOfIssueAsync(request.Scope, request.IssueId, cancellationToken);
        if (project is null)
            return ChangeResult<PartedIssue>.NotFound();

        var before = await db.IssueHashesAsync(project.Id, request.IssueId, cancellationToken);
        var relabelling = new EventRelabelling(db, journals.FirstOrDefault(), project.Id);
        var rules = await db.Projects.GroupingRulesAsync(project.Id, cancellationToken);
        var found = new List<(byte[] Hash, List<Relabelled> Events)>();
        var pairs = new HashSet<(UInt128 Identity, UInt128 Strict)>();
        foreach (var hash in before.Select(h => h.Hash))
            found.Add((hash, await relabelling.FindAsync(hash, OnPath, cancellationToken)));

        // Those that have their strict hash already were rewritten by a split that did not end.
        var stricts = found.SelectMany(f => f.Events).Select(e => e.Hash).Concat(before.Where(IsOnPath).Select(h => new IssueHash(h.Hash, h.Version)))
            .DistinctBy(h => h.ToString()).ToList();
        if (stricts.Count == 0)
            return ChangeResult<PartedIssue>.Invalid("No stored event of this issue takes these call paths.");

        if (!await StaysAsync(project.Id, found.Where(f => !paths.Contains(Bytes16.Number(f.Hash))), cancellationToken))
            return ChangeResult<PartedIssue>.Invalid("At least one call path must stay in the issue.");

        if (await LeadAsync(project.Id, request.IssueId, before, stricts, pairs, cancellationToken) is { } problem)
            return problem;

        foreach (var (hash, events) in found)
            await relabelling.ApplyAsync(hash, events, cancellationToken);

        var hashes = await db.IssueHashesAsync(project.Id, request.IssueId, cancellationToken);
        return await new HashParting(db, journals.FirstOrDefault(), time).PartAsync(
            request.Scope.Actor, project, request.IssueId, hashes, hashes.FindAll(IsOnPath),
            ("issue.split", paths.Count == 1 ? "1 call path" : $"{paths.Count} call paths"), null, cancellationToken);

        IssueHash? OnPath(SentryEvent e)
        {
            var strict = Grouper.CallPathOf(e, rules).Hash;
            if (!paths.Contains(Bytes16.Number(strict.Value)))
                return null;

            // Since rules of the project changed, stored events may have another hash than those to come.
            pairs.Add((Bytes16.Number(Grouper.GroupingOf(e, rules).Hash.Value), Bytes16.Number(strict.Value)));
            return strict;
        }

        bool IsOnPath(IssueFingerprint hash) => paths.Contains(Bytes16.Number(hash.Hash));
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

    /// <summary>Whether an event stays.</summary>
    private async Task<bool> StaysAsync(long projectId, IEnumerable<(byte[] Hash, List<Relabelled> Events)> found, CancellationToken cancellationToken)
    {
        foreach (var (hash, leaving) in found)
            if (await db.Events.Where(e => e.ProjectId == projectId && e.Hash == hash).Take(leaving.Count + 1).CountAsync(cancellationToken) > leaving.Count)
                return true;

        return false;
    }

    /// <summary>Makes the strict hashes lead to the issue, and events to come have them.</summary>
    /// <returns>Why that cannot be; null when it is done.</returns>
    private async Task<ChangeResult<PartedIssue>?> LeadAsync(
        long projectId, Guid issueId, List<IssueFingerprint> before, List<IssueHash> stricts,
        HashSet<(UInt128 Identity, UInt128 Strict)> pairs, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (!await db.LockForPartingAsync(projectId, issueId, before, cancellationToken))
            return ChangeResult<PartedIssue>.Conflict("The issue has changed meanwhile. Try again.");

        var values = stricts.ConvertAll(s => s.Value);
        var known = await db.IssueFingerprints.AsNoTracking().Where(f => f.ProjectId == projectId && values.Contains(f.Hash)).ToListAsync(cancellationToken);
        if (known.Exists(f => f.IssueId != issueId))
            return ChangeResult<PartedIssue>.Invalid("One of these call paths is an issue of its own already.");

        foreach (var strict in stricts.Where(s => !known.Exists(f => f.Hash.AsSpan().SequenceEqual(s.Value))))
            db.IssueFingerprints.Add(new IssueFingerprint { ProjectId = projectId, Hash = strict.Value, Version = strict.Version, IssueId = issueId });

        foreach (var (identity, strict) in pairs.Select(p => (Bytes16.Of(p.Identity), Bytes16.Of(p.Strict))))
        {
            // An issue that was split off and deleted since has left its pair behind.
            if (!await db.CallPathSplits.AnyAsync(s => s.ProjectId == projectId && s.Hash == identity && s.Strict == strict, cancellationToken))
                db.CallPathSplits.Add(new CallPathSplit { ProjectId = projectId, Hash = identity, Strict = strict });
        }

        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return null;
    }
}

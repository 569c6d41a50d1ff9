using ErrorHub.Accounts;
using ErrorHub.Grouping;
using ErrorHub.Issues;
using ErrorHub.Issues.Parting;
using ErrorHub.Projects;
using ErrorHub.Protocol.Events;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Regrouping;

/// <summary>
/// Takes events of a hash out of their issue, and gives them to another. They get a hash of their own while that still leads to the same
/// issue; then the hash leaves. Each step may be interrupted and done again.
/// </summary>
internal sealed class IssuePart(ErrorHubDbContext db, ICountJournal? journal, TimeProvider time, Actor actor, ProjectName project)
{
    private readonly EventRelabelling _relabelling = new(db, journal, project.Id);

    /// <summary>A hash that no event gets by itself: of the events of one hash that get another one.</summary>
    public static byte[] HashOf(string hash, string newHash) =>
        ComponentHash.Of("part", Grouper.Version, [new("hash", hash), new("hash", newHash)]);

    /// <summary>Makes some events of a hash an issue of their own.</summary>
    /// <param name="hash">Their hash.</param>
    /// <param name="part">The one they get.</param>
    /// <param name="leaves">Which of them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Why it cannot be done now; null when it is, or when there is nothing to take.</returns>
    public async Task<string?> TakeOutAsync(byte[] hash, byte[] part, Func<SentryEvent, bool> leaves, CancellationToken cancellationToken)
    {
        var partIssueId = await IssueOfAsync(part, cancellationToken);
        if (await IssueOfAsync(hash, cancellationToken) is not { } id || (partIssueId is { } other && other != id))
            return null;

        var label = new IssueHash(part, Grouper.Version);
        var events = await _relabelling.FindAsync(hash, e => leaves(e) ? label : null, cancellationToken);
        if (events.Count == 0 && partIssueId is null)
            return null;

        if (!await LeadAsync(id, hash, label, cancellationToken))
            return "The issue has changed meanwhile. Try again.";

        await _relabelling.ApplyAsync(hash, events, cancellationToken);
        var hashes = await db.IssueHashesAsync(project.Id, id, cancellationToken);
        var leaving = hashes.FindAll(h => h.Hash.AsSpan().SequenceEqual(part));
        var parted = leaving.Count == 0 || leaving.Count == hashes.Count
            ? ChangeResult<PartedIssue>.Conflict("The issue has changed meanwhile. Try again.")
            : await new HashParting(db, journal, time).PartAsync(actor, project, id, hashes, leaving, ("issue.split", "1 part by rules"), null, cancellationToken);
        db.ChangeTracker.Clear();
        return parted.Problem;
    }

    /// <summary>Gives all events of a hash another one that leads to the same issue, and forgets the first.</summary>
    public async Task RenameAsync(byte[] hash, byte[] newHash, CancellationToken cancellationToken)
    {
        var name = new IssueHash(newHash, Grouper.Version);
        if (await AreTogetherAsync(hash, newHash, cancellationToken))
            await _relabelling.ApplyAsync(hash, await _relabelling.FindAsync(hash, name, cancellationToken), cancellationToken);

        await ForgetAsync(hash, cancellationToken);
    }

    /// <summary>Gives those events of a hash their own hash back that leads to the same issue.</summary>
    /// <returns>The hashes of the others, which lead elsewhere, each once.</returns>
    public async Task<List<string>> RenameAsync(byte[] hash, Func<SentryEvent, IssueHash> hashOf, CancellationToken cancellationToken)
    {
        List<string> elsewhere = [];
        foreach (var ofHash in (await _relabelling.FindAsync(hash, hashOf, cancellationToken)).GroupBy(e => e.Hash.ToString()))
            if (await AreTogetherAsync(hash, Convert.FromHexString(ofHash.Key), cancellationToken))
                await _relabelling.ApplyAsync(hash, [.. ofHash], cancellationToken);
            else
                elsewhere.Add(ofHash.Key);

        return elsewhere;
    }

    /// <summary>Forgets a hash that no stored event has.</summary>
    public async Task ForgetAsync(byte[] hash, CancellationToken cancellationToken)
    {
        if (await IssueOfAsync(hash, cancellationToken) is not { } id)
            return;

        // Whoever writes an event of it waits for one of these, and looks again.
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockProjectAsync(project.Id, cancellationToken);
        await db.LockIssuesAsync(project.Id, [id], cancellationToken);
        await db.IssueFingerprints
            .Where(f => f.ProjectId == project.Id && f.Hash == hash && !db.Events.Any(e => e.ProjectId == project.Id && e.Hash == hash))
            .ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>The issue that a hash leads to; null when it leads to none.</summary>
    public Task<Guid?> IssueOfAsync(byte[] hash, CancellationToken cancellationToken) => db.IssueFingerprints
        .Where(f => f.ProjectId == project.Id && f.Hash == hash)
        .Join(db.Issues, f => new { f.ProjectId, Id = f.IssueId }, i => new { i.ProjectId, i.Id }, (f, i) => (Guid?)i.Id)
        .FirstOrDefaultAsync(cancellationToken);

    private async Task<bool> AreTogetherAsync(byte[] left, byte[] right, CancellationToken cancellationToken) =>
        await IssueOfAsync(left, cancellationToken) is { } id && await IssueOfAsync(right, cancellationToken) == id;

    /// <summary>Makes the part's hash lead to the issue of the whole.</summary>
    private async Task<bool> LeadAsync(Guid issueId, byte[] hash, IssueHash part, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.LockProjectAsync(project.Id, cancellationToken);
        if (await IssueOfAsync(hash, cancellationToken) != issueId)
            return false;

        // One that is left over leads to an issue that is gone, and no event has it.
        await db.IssueFingerprints.Where(f => f.ProjectId == project.Id && f.Hash == part.Value).ExecuteDeleteAsync(cancellationToken);
        db.IssueFingerprints.Add(new IssueFingerprint { ProjectId = project.Id, Hash = part.Value, Version = part.Version, IssueId = issueId });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
        return true;
    }
}

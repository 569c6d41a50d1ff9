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
    private readonly EventRelabelling _relabelling = new(db, project.Id);

    /// <summary>A hash that no event gets by itself: of the events of one hash that get another one.</summary>
    public static byte[] HashOf(string hash, string newHash) =>
        ComponentHash.Of("part", Grouper.Version, [new("hash", hash), new("hash", newHash)]);

    /// <summary>Makes some events of a hash an issue of their own.</summary>
    /// <param name="hash">Their hash.</param>
    /// <param name="part">The one they get.</param>
    /// <param name="leaves">Which of them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Whether there was anything to take, and why it could not be taken now; null when it could.</returns>
    public async Task<(bool Any, string? Problem)> TakeOutAsync(
        byte[] hash, byte[] part, Func<SentryEvent, bool> leaves, CancellationToken cancellationToken)
    {
        var partIssueId = await IssueOfAsync(part, cancellationToken);
        if (await IssueOfAsync(hash, cancellationToken) is not { } id || (partIssueId is { } other && other != id))
            return (false, null);

        var label = new IssueHash(part, Grouper.Version);
        var events = await _relabelling.FindAsync(hash, e => leaves(e) ? label : null, cancellationToken);
        if (partIssueId is null)
        {
            if (events.Count == 0)
                return (false, null);

            db.IssueFingerprints.Add(new IssueFingerprint { ProjectId = project.Id, Hash = part, Version = label.Version, IssueId = id });
            await db.SaveChangesAsync(cancellationToken);
            db.ChangeTracker.Clear();
        }

        await _relabelling.ApplyAsync(events, cancellationToken);
        var hashes = await db.IssueHashesAsync(project.Id, id, cancellationToken);
        var parted = await new HashParting(db, journal, time).PartAsync(
            actor, project, id, hashes, hashes.FindAll(h => h.Hash.AsSpan().SequenceEqual(part)), ("issue.split", "1 part by rules"), cancellationToken);
        db.ChangeTracker.Clear();
        return (true, parted.Problem);
    }

    /// <summary>Gives all events of a hash another one that leads to the same issue, and forgets the first.</summary>
    public async Task RenameAsync(byte[] hash, byte[] newHash, CancellationToken cancellationToken)
    {
        if (await IssueOfAsync(hash, cancellationToken) is not { } id || await IssueOfAsync(newHash, cancellationToken) != id)
            return;

        var name = new IssueHash(newHash, Grouper.Version);
        await _relabelling.ApplyAsync(await _relabelling.FindAsync(hash, _ => name, cancellationToken), cancellationToken);
        await ForgetAsync(hash, cancellationToken);
    }

    /// <summary>The hashes that the events of a hash would have, each once.</summary>
    public async Task<List<string>> HashesAsync(byte[] hash, Func<SentryEvent, IssueHash> hashOf, CancellationToken cancellationToken) =>
        [.. (await _relabelling.FindAsync(hash, hashOf, cancellationToken)).Select(e => e.Hash.ToString()).Distinct()];

    /// <summary>Forgets a hash that no stored event has.</summary>
    public async Task ForgetAsync(byte[] hash, CancellationToken cancellationToken)
    {
        if (!await db.Events.AnyAsync(e => e.ProjectId == project.Id && e.Hash == hash, cancellationToken))
            await db.IssueFingerprints.Where(f => f.ProjectId == project.Id && f.Hash == hash).ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>Where a hash leads; null when it leads nowhere.</summary>
    public async Task<Guid?> IssueOfAsync(byte[] hash, CancellationToken cancellationToken) =>
        await db.IssueFingerprints.Where(f => f.ProjectId == project.Id && f.Hash == hash).Select(f => (Guid?)f.IssueId).FirstOrDefaultAsync(cancellationToken);
}

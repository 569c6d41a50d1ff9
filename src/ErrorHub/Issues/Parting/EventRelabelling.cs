using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Protocol.Events;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues.Parting;

/// <summary>A stored event, and the hash that it gets.</summary>
internal sealed record Relabelled(DateTimeOffset ReceivedAt, Guid Id, IssueHash Hash);

/// <summary>
/// Gives stored events of a hash other ones. While both hashes lead to the same issue that changes nothing that anybody counts or sees,
/// so it needs no lock, may stop half-way and may be done again.
/// </summary>
internal sealed class EventRelabelling(ErrorHubDbContext db, ICountJournal? journal, long projectId)
{
    private const int Step = 500;

    /// <summary>The events that get another hash. Those that are not counted yet keep theirs, for it says where they will be counted.</summary>
    /// <param name="hash">Their hash now.</param>
    /// <param name="hashOf">The other one; null for an event that keeps its own.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<List<Relabelled>> FindAsync(byte[] hash, Func<SentryEvent, IssueHash?> hashOf, CancellationToken cancellationToken)
    {
        List<Relabelled> found = [];
        var rows = db.Events.AsNoTracking().Where(e => e.ProjectId == projectId && e.Hash == hash)
            .Select(e => new { e.ReceivedAt, e.Id, e.Body, e.Codec, e.BodyBytes });
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
            if (EventBodies.Read(row.Body, row.Codec, row.BodyBytes) is { } e && hashOf(e) is { } other && !hash.AsSpan().SequenceEqual(other.Value))
                found.Add(new(row.ReceivedAt, row.Id, other));

        return await CountedAsync(found, cancellationToken);
    }

    /// <summary>All events of a hash, likewise, that get another one whatever they are.</summary>
    public async Task<List<Relabelled>> FindAsync(byte[] hash, IssueHash other, CancellationToken cancellationToken) => await CountedAsync(
        await db.Events.AsNoTracking().Where(e => e.ProjectId == projectId && e.Hash == hash).Select(e => new Relabelled(e.ReceivedAt, e.Id, other)).ToListAsync(cancellationToken),
        cancellationToken);

    // Asked after the events: one that came with its note in between must not pass for counted.
    private async Task<List<Relabelled>> CountedAsync(List<Relabelled> found, CancellationToken cancellationToken)
    {
        if (journal is not null && await journal.UncountedAsync(cancellationToken) is { Count: > 0 } uncounted)
            found.RemoveAll(e => uncounted.Contains(e.Id));

        return found;
    }

    /// <summary>Gives them that hash, unless they have got another one meanwhile.</summary>
    /// <param name="old">Their hash.</param>
    /// <param name="events">The events.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ApplyAsync(byte[] old, IReadOnlyList<Relabelled> events, CancellationToken cancellationToken)
    {
        foreach (var ofHash in events.GroupBy(e => e.Hash.ToString()))
        {
            var hash = ofHash.First().Hash.Value;
            foreach (var step in ofHash.OrderBy(e => e.ReceivedAt).Chunk(Step))
            {
                var (first, last) = (step[0].ReceivedAt, step[^1].ReceivedAt);
                var ids = step.Select(e => e.Id).ToArray();
                await db.Events
                    .Where(e => e.ProjectId == projectId && e.ReceivedAt >= first && e.ReceivedAt <= last && ids.Contains(e.Id) && e.Hash == old)
                    .ExecuteUpdateAsync(set => set.SetProperty(e => e.Hash, hash), cancellationToken);
            }
        }
    }
}

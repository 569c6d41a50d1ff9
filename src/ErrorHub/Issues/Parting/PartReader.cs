using System.Runtime.CompilerServices;
using ErrorHub.Events;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues.Parting;

/// <summary>The two sides of an issue that is taken apart.</summary>
/// <param name="Leaving">Events that leave it.</param>
/// <param name="Staying">Events that stay.</param>
internal sealed record IssueParts(EventTally Leaving, EventTally Staying)
{
    public long Events => Leaving.Events + Staying.Events;
}

/// <summary>
/// Counts the stored events of both sides. Most of them without any lock, since an issue may have a million: only those of the last
/// minute wait until nobody counts, and whether the others are still the same.
/// </summary>
/// <param name="db">The context; its transaction, once there is one, holds the locks of the project and the issue.</param>
/// <param name="journal">What is stored and not counted yet; null where every batch is counted with its events.</param>
/// <param name="projectId">The project.</param>
/// <param name="leaving">Hashes whose events leave.</param>
/// <param name="staying">Hashes whose events stay.</param>
internal sealed class PartReader(
    ErrorHubDbContext db, ICountJournal? journal, long projectId, IReadOnlyList<byte[]> leaving, IReadOnlyList<byte[]> staying)
{
    /// <summary>How old an event is at least that is counted without the lock.</summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private IssueParts _parts = NewParts();
    private DateTimeOffset _until;

    /// <summary>Counts what was received before a time.</summary>
    public async Task ReadBeforeAsync(DateTimeOffset until, CancellationToken cancellationToken)
    {
        _until = until;
        await foreach (var (e, isLeaving) in ReadAsync(events => events.Where(e => e.ReceivedAt < until), cancellationToken))
            Add(e, isLeaving);
    }

    /// <summary>Counts the rest. Nobody counts events of the issue meanwhile, so that what is counted here is what its counts hold.</summary>
    public async Task<IssueParts> FinishAsync(CancellationToken cancellationToken)
    {
        if (!await IsUnchangedAsync(cancellationToken))
        {
            _parts = NewParts();
            _until = DateTimeOffset.UnixEpoch;
        }

        var until = _until;
        var rest = new List<(TalliedEvent Event, bool IsLeaving)>();
        await foreach (var found in ReadAsync(events => events.Where(e => e.ReceivedAt >= until), cancellationToken))
            rest.Add(found);

        // Asked after the events: one that came with its note in between must not pass for counted.
        var uncounted = journal is null ? new HashSet<Guid>() : await journal.UncountedAsync(cancellationToken);
        foreach (var (e, isLeaving) in rest)
        {
            if (!uncounted.Contains(e.Id))
                Add(e, isLeaving);
        }

        return _parts;
    }

    // What the spool brings late, what has expired, and what waits to be counted for longer than usual.
    private async Task<bool> IsUnchangedAsync(CancellationToken cancellationToken)
    {
        if (journal is not null)
        {
            var settled = TimeOrderedId.LowerBound(_until);
            if ((await journal.UncountedAsync(cancellationToken)).Any(id => id.CompareTo(settled) < 0))
                return false;
        }

        var until = _until;
        var events = 0L;
        foreach (var hash in leaving.Concat(staying))
            events += await OfHash(hash).LongCountAsync(e => e.ReceivedAt < until, cancellationToken);

        return events == _parts.Events;
    }

    private async IAsyncEnumerable<(TalliedEvent Event, bool IsLeaving)> ReadAsync(
        Func<IQueryable<StoredEvent>, IQueryable<StoredEvent>> narrow,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (hash, isLeaving) in leaving.Select(h => (h, true)).Concat(staying.Select(h => (h, false))))
        {
            var events = narrow(OfHash(hash)).Select(e => new TalliedEvent(e.ReceivedAt, e.Id, e.Environment, e.Release, e.UserHash));
            await foreach (var e in events.AsAsyncEnumerable().WithCancellation(cancellationToken))
                yield return (e, isLeaving);
        }
    }

    private IQueryable<StoredEvent> OfHash(byte[] hash) => db.Events.AsNoTracking().Where(e => e.ProjectId == projectId && e.Hash == hash);

    private void Add(TalliedEvent e, bool isLeaving) => (isLeaving ? _parts.Leaving : _parts.Staying).Add(e);

    private static IssueParts NewParts() => new(new EventTally(), new EventTally());
}

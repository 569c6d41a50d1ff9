using ErrorHub.Ingest;

namespace ErrorHub.Storage;

/// <summary>
/// What a provider implements whose writer does not count every batch at once: under load it stores the events of a batch together
/// with a note of what is to be counted, and the notes of many batches are added to the issues and rollups at once. The note is
/// committed with the events, so that no count is lost, whatever ends in between.
/// </summary>
public interface ICountJournal
{
    /// <summary>How many batches this process has noted down so far.</summary>
    long Noted { get; }

    /// <summary>True while batches that this process has noted down wait to be counted, or are being counted.</summary>
    bool IsBehind { get; }

    /// <summary>Waits until this process notes down another one.</summary>
    /// <returns>False when the time was over before.</returns>
    Task<bool> WaitAsync(TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>Our keys of the events that are stored and not counted yet, of all projects and processes.</summary>
    Task<IReadOnlySet<Guid>> UncountedAsync(CancellationToken cancellationToken);

    /// <summary>
    /// True while events that were received before a time wait to be counted, of whatever project and process. Those that were refused, and
    /// wait for the next start, are not among them.
    /// </summary>
    Task<bool> IsBehindAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Counts the oldest batches, whichever process noted them down, in one transaction.</summary>
    Task<FoldedCounts> FoldAsync(CancellationToken cancellationToken);
}

/// <summary>What one transaction has counted.</summary>
/// <param name="Events">The events.</param>
/// <param name="HasMore">True when it took as many batches as it may, so that there are probably more.</param>
public readonly record struct FoldedCounts(IReadOnlyList<CommittedEvent> Events, bool HasMore);

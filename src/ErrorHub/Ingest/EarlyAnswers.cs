using System.Collections.Concurrent;

namespace ErrorHub.Ingest;

/// <summary>
/// The events that were acknowledged from the spool while the database had them in hand, or is about to. Nobody writes them a second time
/// as long as that goes on, nor after the database has said that it has them. It is kept in memory alone: after a restart they come from
/// the spool once more, and are recognised by their key.
/// </summary>
public sealed class EarlyAnswers
{
    private readonly ConcurrentDictionary<Guid, bool> _stored = [];

    /// <summary>An event is about to be spooled, and the database has it in hand.</summary>
    public void Add(ProcessedEvent e) => _stored[e.Id] = false;

    /// <summary>The database has it for good.</summary>
    public void Stored(ProcessedEvent e) => _stored.TryUpdate(e.Id, true, false);

    /// <summary>The database does not have it in hand any more, or it is out of the spool.</summary>
    public void Forget(ProcessedEvent e) => _stored.TryRemove(e.Id, out _);

    /// <summary>Whether the database has a spooled event: true, or false while that is open; null when somebody has to write it.</summary>
    public bool? IsStored(ProcessedEvent e) => _stored.TryGetValue(e.Id, out var stored) ? stored : null;
}

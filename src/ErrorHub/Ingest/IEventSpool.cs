namespace ErrorHub.Ingest;

/// <summary>
/// Local disk for events that the database does not take now. What is appended is on disk before it is acknowledged, survives any
/// crash, and goes to the database oldest first. Bounded: full means a refusal, never memory.
/// </summary>
public interface IEventSpool
{
    /// <summary>Appends events; when it returns they are on disk.</summary>
    /// <exception cref="SpoolException">It is full or its disk fails; none of them is kept.</exception>
    void Append(IReadOnlyList<ProcessedEvent> events);

    /// <summary>Appends what came beside an event; when it returns it is on disk.</summary>
    /// <exception cref="SpoolException">It is full or its disk fails; the note is not kept.</exception>
    void Append(SpoolNote note);

    /// <summary>The oldest events, which stay until they are removed.</summary>
    /// <returns>Null when it is empty.</returns>
    SpooledBatch? ReadOldest(int maxEvents);

    /// <summary>Removes what <see cref="ReadOldest"/> returned last, after the database has it.</summary>
    void Remove(SpooledBatch batch);

    /// <summary>How it stands.</summary>
    SpoolState State { get; }
}

/// <summary>The oldest events of the spool.</summary>
/// <param name="Events">The events, in the order they came.</param>
/// <param name="Segment">File they lie in.</param>
/// <param name="LastRow">Position of the last of them in it.</param>
public sealed record SpooledBatch(IReadOnlyList<ProcessedEvent> Events, string Segment, long LastRow)
{
    /// <summary>Where each of them lies in the segment.</summary>
    public required IReadOnlyList<long> Rows { get; init; }

    /// <summary>What lies between them and came beside such events, in order.</summary>
    public required IReadOnlyList<(long Row, SpoolNote Note)> Notes { get; init; }

    /// <summary>The batch without what comes after its first events.</summary>
    public SpooledBatch First(int events)
    {
        var last = Rows[events - 1];
        return this with { Events = [.. Events.Take(events)], Rows = [.. Rows.Take(events)], Notes = [.. Notes.Where(n => n.Row < last)], LastRow = last };
    }
}

/// <summary>How the spool stands.</summary>
/// <param name="Events">Acknowledged events, and notes, that wait for the database.</param>
/// <param name="Bytes">Bytes of the files that hold them.</param>
/// <param name="Problem">Why it takes no further event; null when it takes them.</param>
public readonly record struct SpoolState(long Events, long Bytes, string? Problem)
{
    /// <summary>True when half of what it may hold, or of what its disk leaves it, is taken.</summary>
    public bool IsFilling { get; init; }
}

/// <summary>The spool cannot take events; the message says why.</summary>
public sealed class SpoolException(string message, Exception? inner = null) : Exception(message, inner);

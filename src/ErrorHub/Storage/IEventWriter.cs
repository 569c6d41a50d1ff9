using ErrorHub.Ingest;
using ErrorHub.Issues;

namespace ErrorHub.Storage;

/// <summary>What the database did with one event of a batch.</summary>
/// <param name="Stored">False when the project already has an event with this id.</param>
/// <param name="IssueId">Its issue; for a duplicate <see cref="Guid.Empty"/>.</param>
/// <param name="Transition">Created or Regressed when this event made it so; else null.</param>
/// <param name="IsRepeat">
/// True when the event it already has is this very one, by our key: an earlier try was committed after all. It is counted already.
/// </param>
public readonly record struct WriteResult(bool Stored, Guid IssueId, IssueTransitionKind? Transition, bool IsRepeat = false);

/// <summary>
/// The door a provider implements for events: one transaction per batch with everything an event changes. Called by one writer at
/// a time in this process; other processes may write to the same PostgreSQL.
/// </summary>
public interface IEventWriter
{
    /// <summary>
    /// Stores a batch: events, issues with their fingerprints, transitions and users, tags, releases, environments, rollups,
    /// and the outcomes (accepted and duplicate from what was really inserted, plus <paramref name="outcomes"/>).
    /// When it returns, all of it is committed and on disk; when it throws, none of it is.
    /// </summary>
    /// <returns>One result per event, in the order given.</returns>
    Task<IReadOnlyList<WriteResult>> WriteAsync(
        IReadOnlyList<ProcessedEvent> events, IReadOnlyList<OutcomeCount> outcomes, CancellationToken cancellationToken);

    /// <summary>
    /// True when what <see cref="WriteAsync"/> threw is about the events and would come again however often they are tried; false
    /// when it is about the database, which may take them later.
    /// </summary>
    bool IsFaultOfEvents(Exception exception);

    /// <summary>The exception in a few words, without a value of any event.</summary>
    string ReasonOf(Exception exception);
}

/// <summary>The door a provider implements for the schema and its upkeep.</summary>
public interface IDatabaseMaintenance
{
    /// <summary>Name for people and logs: <c>SQLite</c> or <c>PostgreSQL</c>.</summary>
    string Provider { get; }

    /// <summary>Applies missing migrations under a lock, so that two processes starting together do it once.</summary>
    /// <returns>How many were applied.</returns>
    Task<int> MigrateAsync(CancellationToken cancellationToken);

    /// <summary>Makes room for the coming days (partitions on PostgreSQL, the planner's statistics on SQLite). Safe to repeat.</summary>
    Task PrepareStorageAsync(CancellationToken cancellationToken);

    /// <summary>Removes events that are past their retention, in bounded steps.</summary>
    Task ExpireEventsAsync(CancellationToken cancellationToken);

    /// <summary>Frees what rows have lost, as far as the database can beside everything else. Best effort: it logs what it could not do.</summary>
    Task ClearRemovedAsync(CancellationToken cancellationToken);

    /// <summary>True when an exception says that the database cannot be reached for now, and not that something is wrong with it or with us.</summary>
    bool IsAway(Exception exception);

    /// <summary>True when the database answers and its schema is the one this program needs.</summary>
    Task<bool> IsReadyAsync(CancellationToken cancellationToken);
}

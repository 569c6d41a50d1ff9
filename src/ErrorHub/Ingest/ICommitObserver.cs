using ErrorHub.Issues;

namespace ErrorHub.Ingest;

/// <summary>An event that was stored just now.</summary>
/// <param name="ProjectId">Project.</param>
/// <param name="IssueId">Issue it became part of.</param>
/// <param name="Transition">Created or Regressed when this event made it so; else null.</param>
public readonly record struct CommittedEvent(long ProjectId, Guid IssueId, IssueTransitionKind? Transition);

/// <summary>
/// Told after each commit. What it is told is a hint to look, not a record: a process
/// that dies here tells nobody, so whoever must not miss anything reads the transitions' rows.
/// </summary>
public interface ICommitObserver
{
    /// <summary>Called on the writer's loop, so it returns at once; what it throws is logged and changes nothing.</summary>
    void OnCommitted(IReadOnlyList<CommittedEvent> events);
}

using ErrorHub.Issues;
using Microsoft.Extensions.Logging;

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

/// <summary>All observers there are.</summary>
public sealed partial class CommitObservers(IEnumerable<ICommitObserver> observers, ILogger<CommitObservers> logger)
{
    private readonly ICommitObserver[] _observers = [.. observers];

    /// <summary>Tells them of events, if there are any.</summary>
    public void Tell(IReadOnlyList<CommittedEvent> events)
    {
        if (events.Count == 0)
            return;

        foreach (var observer in _observers)
        {
            try
            {
                observer.OnCommitted(events);
            }
            catch (Exception e)
            {
                Log.ObserverFailed(logger, observer.GetType().Name, e);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1204, LogLevel.Error, "{Observer} failed when told of a commit.")]
        public static partial void ObserverFailed(ILogger logger, string observer, Exception exception);
    }
}

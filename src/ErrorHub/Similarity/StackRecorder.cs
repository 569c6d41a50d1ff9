using System.Collections.Concurrent;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.UseCases;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ErrorHub.Similarity;

/// <summary>
/// Keeps the stacks of new issues, once a second and some at a time: a burst of new faults must not cost ingest its processor. What a
/// process could not keep before it ended is found at the next start.
/// </summary>
public sealed partial class StackRecorder(UseCaseSender useCases, StackCatalog catalog, TimeProvider time, ILogger<StackRecorder> logger)
    : BackgroundService, ICommitObserver
{
    private const int PerSecond = 100;

    // What does not fit is found with what else is missing.
    private const int MaxWaiting = 10_000;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<Guid> _created = new();
    private bool _isComplete;

    /// <inheritdoc/>
    public void OnCommitted(IReadOnlyList<CommittedEvent> events)
    {
        foreach (var e in events)
        {
            if (e.Transition != IssueTransitionKind.Created)
                continue;

            if (_created.Count < MaxWaiting)
                _created.Enqueue(e.IssueId);
            else
                _isComplete = false;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryRecordAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task TryRecordAsync(CancellationToken cancellationToken)
    {
        List<Guid> fresh = [];
        while (fresh.Count < PerSecond && _created.TryDequeue(out var issueId))
            fresh.Add(issueId);

        if (fresh.Count == 0 && _isComplete)
            return;

        try
        {
            var recorded = await useCases.SendAsync(new RecordStacks(fresh.Count > 0 ? fresh : null, PerSecond), cancellationToken);
            foreach (var stack in recorded)
                catalog.Add(stack);

            if (fresh.Count == 0)
                _isComplete = recorded.Count < PerSecond;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever leaves this service ends the process. The database is away, most likely; those of this second are found later.
            _isComplete = false;
            Log.Later(logger, e.Message);
            await Task.Delay(10 * Interval, time, cancellationToken);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1701, LogLevel.Debug, "Stacks of new issues are kept later: {Reason}")]
        public static partial void Later(ILogger logger, string reason);
    }
}

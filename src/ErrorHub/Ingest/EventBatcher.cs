using System.Data.Common;
using System.Threading.Channels;
using ErrorHub.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Ingest;

/// <summary>
/// Group commit: requests put their event into a bounded queue and wait; one loop takes whatever is queued, writes it in one
/// transaction and only then lets the requests answer. No artificial delay: while one batch is written, the next one gathers.
/// </summary>
public sealed partial class EventBatcher : BackgroundService
{
    private static readonly TimeSpan OutcomeInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(1);

    // A failure that is not transient gets this many tries on a single event: two processes may have made the same issue at once.
    private const int TriesOfOneEvent = 3;

    private readonly IEventWriter _writer;
    private readonly OutcomeCounter _outcomes;
    private readonly ICommitObserver[] _observers;
    private readonly IngestOptions _options;
    private readonly IngestMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<EventBatcher> _logger;
    private readonly Channel<Waiting> _queue;
    private long _queuedBytes;

    /// <summary>One request's event; without an event only a nudge to write the outcomes.</summary>
    private readonly record struct Waiting(ProcessedEvent? Event, TaskCompletionSource<WriteResult?>? Answer);

    /// <summary>Makes a batcher that writes nothing until it is started.</summary>
    public EventBatcher(
        IEventWriter writer, OutcomeCounter outcomes, IEnumerable<ICommitObserver> observers, IOptions<IngestOptions> options,
        IngestMetrics metrics, TimeProvider time, ILogger<EventBatcher> logger)
    {
        _writer = writer;
        _outcomes = outcomes;
        _observers = [.. observers];
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(_options.QueueCapacity) { SingleReader = true });
    }

    /// <summary>True while a further event would be taken.</summary>
    public bool HasRoom =>
        !_queue.Reader.Completion.IsCompleted
        && _queue.Reader.Count < _options.QueueCapacity
        && Interlocked.Read(ref _queuedBytes) < _options.QueueCapacityBytes;

    /// <summary>Queues an event and waits until its transaction is committed.</summary>
    /// <returns>What the database did with it; null when it is not stored, because the queue is full or the database cannot take it.</returns>
    /// <remarks>
    /// A sender that hangs up stops waiting, not the write: the event is in the queue, and a resend of it is a duplicate.
    /// </remarks>
    public Task<WriteResult?> WriteAsync(ProcessedEvent e, CancellationToken cancellationToken)
    {
        if (Interlocked.Add(ref _queuedBytes, e.Body.Length) > _options.QueueCapacityBytes)
        {
            Interlocked.Add(ref _queuedBytes, -e.Body.Length);
            return Task.FromResult<WriteResult?>(null);
        }

        var answer = new TaskCompletionSource<WriteResult?>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_queue.Writer.TryWrite(new Waiting(e, answer)))
            return answer.Task.WaitAsync(cancellationToken);

        Interlocked.Add(ref _queuedBytes, -e.Body.Length);
        return Task.FromResult<WriteResult?>(null);
    }

    /// <summary>Refuses new events, writes those already queued and the outcomes, then ends.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        if (ExecuteTask is { } loop)
            await loop.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        await base.StopAsync(cancellationToken);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var nudge = _time.CreateTimer(
            _ => { if (_outcomes.HasPending) _queue.Writer.TryWrite(default); }, null, OutcomeInterval, OutcomeInterval);

        // Not the token: stopping completes the queue, and what is in it is still written.
        while (await _queue.Reader.WaitToReadAsync(CancellationToken.None))
            await CommitAsync(TakeBatch(), stoppingToken);

        await CommitAsync([], stoppingToken);
    }

    private List<Waiting> TakeBatch()
    {
        var batch = new List<Waiting>();
        long bytes = 0;
        while (batch.Count < _options.MaxBatchEvents && bytes < _options.MaxBatchBytes && _queue.Reader.TryRead(out var waiting))
        {
            if (waiting.Event is null)
                continue;

            batch.Add(waiting);
            bytes += waiting.Event.Body.Length;
        }

        return batch;
    }

    private async Task CommitAsync(List<Waiting> batch, CancellationToken stoppingToken)
    {
        var attempt = new Attempt(_outcomes.Drain(), _time.GetUtcNow() + _options.WriteTimeBudget);
        if (batch.Count > 0 || attempt.Outcomes.Count > 0)
            await WriteOrSplitAsync(batch, attempt, stoppingToken);

        // Still there when nothing of the batch could be written.
        _outcomes.Restore(attempt.Outcomes);
        Tell(attempt.Committed);
    }

    /// <summary>What the parts of one batch share: the outcomes go with the first part that commits, the time is for all of them.</summary>
    private sealed class Attempt(IReadOnlyList<OutcomeCount> outcomes, DateTimeOffset deadline)
    {
        public IReadOnlyList<OutcomeCount> Outcomes { get; set; } = outcomes;

        public DateTimeOffset Deadline { get; } = deadline;

        public List<CommittedEvent> Committed { get; } = [];
    }

    /// <summary>Writes a batch. One that fails for good is halved until the poison event stands alone, so that the others are stored.</summary>
    private async Task WriteOrSplitAsync(List<Waiting> batch, Attempt attempt, CancellationToken stoppingToken)
    {
        var delay = FirstRetryDelay;
        for (var tries = 1; ; tries++)
        {
            try
            {
                await WriteOnceAsync(batch, attempt);
                return;
            }
            catch (Exception e) when (IsTransient(e) && _time.GetUtcNow() + delay < attempt.Deadline)
            {
                Log.Retrying(_logger, batch.Count, delay.TotalMilliseconds, e.Message);
                // On the way out the pause ends at once; the tries that are left follow without one.
                await Task.Delay(delay, _time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                delay = delay * 2 < MaxRetryDelay ? delay * 2 : MaxRetryDelay;
                if (stoppingToken.IsCancellationRequested && tries >= TriesOfOneEvent)
                    break;
            }
            catch (Exception e) when (!IsTransient(e) && _time.GetUtcNow() < attempt.Deadline)
            {
                if (batch.Count > 1)
                {
                    Log.Splitting(_logger, batch.Count, e);
                    await WriteOrSplitAsync(batch[..(batch.Count / 2)], attempt, stoppingToken);
                    await WriteOrSplitAsync(batch[(batch.Count / 2)..], attempt, stoppingToken);
                    return;
                }

                if (tries >= TriesOfOneEvent)
                {
                    Log.Refused(_logger, batch.Count, e);
                    break;
                }
            }
            catch (Exception e)
            {
                Log.Refused(_logger, batch.Count, e);
                break;
            }
        }

        foreach (var waiting in batch)
            Answer(waiting, null);
    }

    private async Task WriteOnceAsync(List<Waiting> batch, Attempt attempt)
    {
        var events = batch.ConvertAll(w => w.Event!);
        var start = _time.GetTimestamp();
        var results = await _writer.WriteAsync(events, attempt.Outcomes, CancellationToken.None);
        attempt.Outcomes = [];
        if (events.Count > 0)
            _metrics.RecordBatch(events.Count, _time.GetElapsedTime(start));

        for (var i = 0; i < batch.Count; i++)
        {
            var result = results[i];
            if (result.Stored)
                attempt.Committed.Add(new CommittedEvent(events[i].ProjectId, result.IssueId, result.Transition));

            _metrics.Count(
                result.Stored ? Outcome.Accepted : Outcome.Filtered,
                (result.Stored ? DiscardReason.None : DiscardReason.Duplicate).ToName(), 1);
            Answer(batch[i], result);
        }
    }

    private void Answer(Waiting waiting, WriteResult? result)
    {
        Interlocked.Add(ref _queuedBytes, -waiting.Event!.Body.Length);
        waiting.Answer!.TrySetResult(result);
    }

    private void Tell(List<CommittedEvent> committed)
    {
        if (committed.Count == 0)
            return;

        foreach (var observer in _observers)
        {
            try
            {
                observer.OnCommitted(committed);
            }
            catch (Exception e)
            {
                Log.ObserverFailed(_logger, observer.GetType().Name, e);
            }
        }
    }

    private static bool IsTransient(Exception e) => e is DbException { IsTransient: true } or TimeoutException or IOException;

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Warning, "A batch of {EventCount} events was not written, next try in {DelayMs} ms: {Reason}")]
        public static partial void Retrying(ILogger logger, int eventCount, double delayMs, string reason);

        [LoggerMessage(1202, LogLevel.Warning, "A batch of {EventCount} events was refused by the database; its halves are tried alone.")]
        public static partial void Splitting(ILogger logger, int eventCount, Exception exception);

        [LoggerMessage(1203, LogLevel.Error, "{EventCount} events could not be stored; their senders are told so.")]
        public static partial void Refused(ILogger logger, int eventCount, Exception exception);

        [LoggerMessage(1204, LogLevel.Error, "{Observer} failed when told of a commit.")]
        public static partial void ObserverFailed(ILogger logger, string observer, Exception exception);
    }
}

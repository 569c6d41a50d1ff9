using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Ingest;

/// <summary>
/// Group commit: requests put their event into a bounded queue and wait; one loop takes whatever is queued, writes it in one
/// transaction and only then lets the requests answer. No artificial delay: while one batch is written, the next one gathers. What the
/// database does not take in time goes to the spool; either way it is on disk before its sender hears of it.
/// </summary>
public sealed partial class EventBatcher : BackgroundService
{
    private static readonly TimeSpan OutcomeInterval = TimeSpan.FromSeconds(1);

    private readonly BatchWriter _writer;
    private readonly IEventSpool _spool;
    private readonly StormShedding _storms;
    private readonly DatabaseLink _database;
    private readonly OutcomeCounter _outcomes;
    private readonly IngestOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<EventBatcher> _logger;
    private readonly Channel<Waiting> _queue;
    private long _queuedBytes;

    /// <summary>One request's event; without an event only a nudge to write the outcomes.</summary>
    private readonly record struct Waiting(ProcessedEvent? Event, TaskCompletionSource<WriteAnswer>? Answer);

    /// <summary>Makes a batcher that writes nothing until it is started.</summary>
    public EventBatcher(
        BatchWriter writer, IEventSpool spool, StormShedding storms, DatabaseLink database, OutcomeCounter outcomes,
        IOptions<IngestOptions> options, TimeProvider time, ILogger<EventBatcher> logger)
    {
        _writer = writer;
        _spool = spool;
        _storms = storms;
        _database = database;
        _outcomes = outcomes;
        _options = options.Value;
        _time = time;
        _logger = logger;
        _queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(_options.QueueCapacity) { SingleReader = true });
    }

    /// <summary>True while a further event would be taken.</summary>
    public bool HasRoom =>
        !_queue.Reader.Completion.IsCompleted
        && _queue.Reader.Count < _options.QueueCapacity
        && Interlocked.Read(ref _queuedBytes) < _options.QueueCapacityBytes;

    /// <summary>Queues an event and waits until it is on disk.</summary>
    /// <remarks>
    /// A sender that hangs up stops waiting, not the write: the event is in the queue, and a resend of it is a duplicate.
    /// </remarks>
    public Task<WriteAnswer> WriteAsync(ProcessedEvent e, CancellationToken cancellationToken)
    {
        if (Interlocked.Add(ref _queuedBytes, e.Body.Length) > _options.QueueCapacityBytes)
        {
            Interlocked.Add(ref _queuedBytes, -e.Body.Length);
            return Task.FromResult(WriteAnswer.Unavailable);
        }

        var answer = new TaskCompletionSource<WriteAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_queue.Writer.TryWrite(new Waiting(e, answer)))
            return answer.Task.WaitAsync(cancellationToken);

        Interlocked.Add(ref _queuedBytes, -e.Body.Length);
        return Task.FromResult(WriteAnswer.Unavailable);
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
            await CommitAsync(TakeBatch());

        await CommitAsync([]);
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

    private async Task CommitAsync(List<Waiting> batch)
    {
        if (batch.Count == 0 && !_outcomes.HasPending)
            return;

        var unwritten = batch;
        if (!_database.IsAway)
        {
            var answers = await _writer.WriteAsync(batch.ConvertAll(w => w.Event!), _options.WriteTimeBudget);
            unwritten = [];
            for (var i = 0; i < answers.Length; i++)
            {
                if (answers[i] == WriteAnswer.Unavailable)
                    unwritten.Add(batch[i]);
                else
                    Answer(batch[i], answers[i]);
            }
        }

        if (unwritten.Count > 0)
            Spool(Shed(unwritten));
    }

    // Answers the copies of a storm for which the spool has no room left; the others.
    private List<Waiting> Shed(List<Waiting> batch)
    {
        var isFilling = _spool.State.IsFilling;
        var kept = new List<Waiting>(batch.Count);
        foreach (var waiting in batch)
        {
            if (_storms.Sheds(waiting.Event!, isFilling))
                Answer(waiting, WriteAnswer.Shed);
            else
                kept.Add(waiting);
        }

        return kept;
    }

    private void Spool(List<Waiting> batch)
    {
        if (batch.Count == 0)
            return;

        var answer = WriteAnswer.Spooled;
        try
        {
            _spool.Append(batch.ConvertAll(w => w.Event!));
            if (_database.ReportAway())
                Log.Spooling(_logger);
        }
        catch (Exception e)
        {
            // Whatever it is, since what leaves this loop ends the process. The database stays the first choice as long as nothing else is:
            // with an empty spool nobody would try it again.
            Log.Refused(_logger, batch.Count, e.Message);
            answer = WriteAnswer.Unavailable;
        }

        foreach (var waiting in batch)
            Answer(waiting, answer);
    }

    private void Answer(Waiting waiting, WriteAnswer answer)
    {
        Interlocked.Add(ref _queuedBytes, -waiting.Event!.Body.Length);
        waiting.Answer!.TrySetResult(answer);
    }

    private static partial class Log
    {
        [LoggerMessage(1205, LogLevel.Warning, "The database does not take events in time: they are acknowledged from the spool until it does.")]
        public static partial void Spooling(ILogger logger);

        [LoggerMessage(1206, LogLevel.Error, "{EventCount} events could not be stored and their senders are told so: {Reason}")]
        public static partial void Refused(ILogger logger, int eventCount, string reason);
    }
}

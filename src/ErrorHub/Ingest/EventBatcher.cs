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
/// <remarks>
/// Two times are not the same: after the shorter one, <see cref="IngestOptions.AnswerWithin"/>, senders are answered from the spool while
/// the write goes on; after the longer one, <see cref="IngestOptions.WriteTimeBudget"/>, the write is given up and the database is away.
/// </remarks>
public sealed partial class EventBatcher : BackgroundService
{
    private static readonly TimeSpan OutcomeInterval = TimeSpan.FromSeconds(1);

    private readonly BatchWriter _writer;
    private readonly IEventSpool _spool;
    private readonly EarlyAnswers _early;
    private readonly StormShedding _storms;
    private readonly DatabaseLink _database;
    private readonly OutcomeCounter _outcomes;
    private readonly IngestOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<EventBatcher> _logger;
    private readonly Channel<Waiting> _queue;
    // Taken from the queue while the database was late, and next to be written.
    private readonly List<Waiting> _behind = [];
    private Task<bool>? _coming;
    // A program that has just started is late itself: its first writes compile what they call.
    private bool _hasBeenInTime;
    private long _queuedBytes;

    /// <summary>One request's event; without an event only a nudge to write the outcomes.</summary>
    private readonly record struct Waiting(ProcessedEvent? Event, TaskCompletionSource<WriteAnswer>? Answer)
    {
        public bool IsAnswered => Answer is { Task.IsCompleted: true };
    }

    /// <summary>Makes a batcher that writes nothing until it is started.</summary>
    public EventBatcher(
        BatchWriter writer, IEventSpool spool, EarlyAnswers early, StormShedding storms, DatabaseLink database, OutcomeCounter outcomes,
        IOptions<IngestOptions> options, TimeProvider time, ILogger<EventBatcher> logger)
    {
        _writer = writer;
        _spool = spool;
        _early = early;
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
        while (_behind.Count > 0 || await _queue.Reader.WaitToReadAsync(CancellationToken.None))
            await CommitAsync(TakeBatch());

        await CommitAsync([]);
    }

    private List<Waiting> TakeBatch()
    {
        var batch = _behind.Take(_options.MaxBatchEvents).ToList();
        _behind.RemoveRange(0, batch.Count);
        TakeQueued(batch);
        return batch;
    }

    private void TakeQueued(List<Waiting> batch)
    {
        var bytes = batch.Sum(w => (long)w.Event!.Body.Length);
        while (batch.Count < _options.MaxBatchEvents && bytes < _options.MaxBatchBytes && _queue.Reader.TryRead(out var waiting))
        {
            if (waiting.Event is null)
                continue;

            batch.Add(waiting);
            bytes += waiting.Event.Body.Length;
        }
    }

    private async Task CommitAsync(List<Waiting> batch)
    {
        if (batch.Count == 0 && !_outcomes.HasPending)
            return;

        var unwritten = batch;
        if (!_database.IsAway)
        {
            var writing = _writer.WriteAsync(batch.ConvertAll(w => w.Event!), _options.WriteTimeBudget);
            await ((Task)writing).WaitAsync(_options.AnswerWithin, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _hasBeenInTime |= batch.Count > 0 && writing.IsCompletedSuccessfully;
            if (!writing.IsCompleted && _hasBeenInTime)
                await AnswerEarlyAsync(batch, writing);

            var answers = await writing;
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
            GiveUp(unwritten);
    }

    // The database is late. What it has in hand is spooled as well, and so is what comes until it has answered; their senders wait no longer.
    private async Task AnswerEarlyAsync(List<Waiting> batch, Task writing)
    {
        var late = batch;
        while (TrySpoolEarly(late) && !writing.IsCompleted)
        {
            _coming ??= _queue.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
            await Task.WhenAny(writing, _coming);
            if (!_coming.IsCompleted)
                return;

            // Nothing comes any more.
            if (!await _coming)
                return;

            _coming = null;
            late = [];
            TakeQueued(late);
            _behind.AddRange(late);
        }
    }

    // False: they wait for the database as if it were not late.
    private bool TrySpoolEarly(List<Waiting> late)
    {
        var open = late.FindAll(w => !w.IsAnswered);
        if (open.Count == 0)
            return true;

        // What room is left is for the time when nothing but the spool takes events.
        if (_spool.State.IsFilling || _behind.Count > _options.QueueCapacity)
            return false;

        foreach (var waiting in open)
            _early.Add(waiting.Event!);

        try
        {
            _spool.Append(open.ConvertAll(w => w.Event!));
        }
        catch (Exception e)
        {
            foreach (var waiting in open)
                _early.Forget(waiting.Event!);

            Log.NotEarly(_logger, e.Message);
            return false;
        }

        foreach (var waiting in open)
            Answer(waiting, WriteAnswer.Spooled);

        return true;
    }

    // Those answered early lie in the spool already, and are now the replay's; so are those that were to be written next.
    private void GiveUp(List<Waiting> unwritten)
    {
        unwritten.AddRange(_behind);
        _behind.Clear();
        var (answered, open) = (unwritten.FindAll(w => w.IsAnswered), unwritten.FindAll(w => !w.IsAnswered));
        foreach (var waiting in answered)
            _early.Forget(waiting.Event!);

        if (answered.Count > 0 && _database.ReportAway())
            Log.Spooling(_logger);

        Spool(Shed(open));
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
        if (answer is WriteAnswer.Stored or WriteAnswer.Duplicate or WriteAnswer.DeadLettered)
            _early.Stored(waiting.Event!);

        if (waiting.Answer!.TrySetResult(answer))
            Interlocked.Add(ref _queuedBytes, -waiting.Event!.Body.Length);
    }

    private static partial class Log
    {
        [LoggerMessage(1205, LogLevel.Warning, "The database does not take events in time: they are acknowledged from the spool until it does.")]
        public static partial void Spooling(ILogger logger);

        [LoggerMessage(1211, LogLevel.Warning, "The database is late, and events that wait for it cannot be answered from the spool: {Reason}")]
        public static partial void NotEarly(ILogger logger, string reason);

        [LoggerMessage(1206, LogLevel.Error, "{EventCount} events could not be stored and their senders are told so: {Reason}")]
        public static partial void Refused(ILogger logger, int eventCount, string reason);
    }
}

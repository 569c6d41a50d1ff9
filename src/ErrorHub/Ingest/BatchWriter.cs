using ErrorHub.DeadLetters;
using ErrorHub.Regrouping;
using ErrorHub.Storage;
using Microsoft.Extensions.Logging;

namespace ErrorHub.Ingest;

/// <summary>
/// Writes batches, one at a time, for the two lanes there are: fresh events and spooled ones. A batch that the database refuses for
/// what is in it is halved until the poison event stands alone; that one becomes a dead letter, the others are stored.
/// </summary>
public sealed partial class BatchWriter(
    IEventWriter writer, HashTransition transition, DeadLetterBox deadLetters, OutcomeCounter outcomes, CommitObservers observers, IngestMetrics metrics,
    TimeProvider time, ILogger<BatchWriter> logger) : IDisposable
{
    // Two processes may have made the same issue at once; a refusal has to repeat itself to be believed.
    private const int TriesOfOneEvent = 3;

    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Writes events and the outcomes that wait.</summary>
    /// <returns>One answer per event, in order; <see cref="WriteAnswer.Unavailable"/> for those the database did not take in time.</returns>
    /// <remarks>
    /// Returns when the time is over, whatever the database does. A transaction that commits later all the same stores events that the
    /// caller believes unwritten: written again, they are recognised by their own key and not counted twice.
    /// </remarks>
    public async Task<WriteAnswer[]> WriteAsync(IReadOnlyList<ProcessedEvent> events, TimeSpan patience)
    {
        var answers = new WriteAnswer[events.Count];
        // On another thread: the calls of SQLite block theirs.
        var writing = Task.Run(() => WriteInTurnAsync(events, answers, patience), CancellationToken.None);
        // By a clock of its own: cancelling is done only when Npgsql has told the server, and a silent one keeps it waiting for that, too.
        await writing.WaitAsync(patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (writing.IsCompletedSuccessfully)
            return answers;

        // A copy: what still runs must not change its mind about an answer that is given.
        var sofar = answers[..];
        Log.NotTaken(logger, events.Count, writing.Exception?.InnerException?.Message ?? $"no answer within {patience.TotalSeconds} s");
        return sofar;
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task WriteInTurnAsync(IReadOnlyList<ProcessedEvent> events, Memory<WriteAnswer> answers, TimeSpan patience)
    {
        using var deadline = new CancellationTokenSource(patience, time);
        await _turn.WaitAsync(deadline.Token);
        try
        {
            await WriteOrSplitAsync(events, answers, deadline.Token);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task WriteOrSplitAsync(IReadOnlyList<ProcessedEvent> events, Memory<WriteAnswer> answers, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await WriteOnceAsync(events, answers, cancellationToken);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && writer.IsFaultOfEvents(e))
            {
                if (events.Count > 1)
                {
                    Log.Splitting(logger, events.Count, writer.ReasonOf(e));
                    var half = events.Count / 2;
                    await WriteOrSplitAsync([.. events.Take(half)], answers[..half], cancellationToken);
                    await WriteOrSplitAsync([.. events.Skip(half)], answers[half..], cancellationToken);
                    return;
                }

                if (events.Count == 1 && tries >= TriesOfOneEvent)
                {
                    await deadLetters.AddAsync(events[0], writer.ReasonOf(e), cancellationToken);
                    Log.DeadLettered(logger, events[0].EventId.ToString(), events[0].ProjectId, writer.ReasonOf(e));
                    answers.Span[0] = WriteAnswer.DeadLettered;
                    return;
                }

                if (tries >= TriesOfOneEvent)
                    throw;
            }
        }
    }

    private async Task WriteOnceAsync(IReadOnlyList<ProcessedEvent> events, Memory<WriteAnswer> answers, CancellationToken cancellationToken)
    {
        await transition.LinkAsync(events, cancellationToken);
        var counts = outcomes.Drain();
        var start = time.GetTimestamp();
        IReadOnlyList<WriteResult> results;
        try
        {
            results = await writer.WriteAsync(events, counts, cancellationToken);
        }
        catch
        {
            outcomes.Restore(counts);
            throw;
        }

        if (events.Count > 0)
            metrics.RecordBatch(events.Count, time.GetElapsedTime(start));

        var committed = new List<CommittedEvent>(events.Count);
        for (var i = 0; i < results.Count; i++)
        {
            var result = results[i];
            if (result.Stored)
                committed.Add(new CommittedEvent(events[i].ProjectId, result.IssueId, result.Transition));

            Count(result);
            answers.Span[i] = result.Stored || result.IsRepeat ? WriteAnswer.Stored : WriteAnswer.Duplicate;
        }

        observers.Tell(committed);
    }

    private void Count(WriteResult result)
    {
        if (result.Stored)
            metrics.Count(Outcome.Accepted, DiscardReason.None.ToName(), 1);
        else if (!result.IsRepeat)
            metrics.Count(Outcome.Filtered, DiscardReason.Duplicate.ToName(), 1);
    }

    private static partial class Log
    {
        [LoggerMessage(1201, LogLevel.Warning, "A batch of {EventCount} events was not taken by the database: {Reason}")]
        public static partial void NotTaken(ILogger logger, int eventCount, string reason);

        [LoggerMessage(1202, LogLevel.Warning, "A batch of {EventCount} events was refused by the database ({Reason}); its halves are tried alone.")]
        public static partial void Splitting(ILogger logger, int eventCount, string reason);

        [LoggerMessage(1203, LogLevel.Error, "Event {EventId} of project {ProjectId} is refused by the database and kept as a dead letter: {Reason}")]
        public static partial void DeadLettered(ILogger logger, string eventId, long projectId, string reason);
    }
}

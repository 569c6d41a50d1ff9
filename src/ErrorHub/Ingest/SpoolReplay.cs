using ErrorHub.Privacy;
using ErrorHub.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Ingest;

/// <summary>
/// Moves spooled events into the database, oldest first, beside the fresh ones. It also finds out that the database is back: its
/// batch is the only one that tries while all others go to the spool.
/// </summary>
public sealed partial class SpoolReplay(
    BatchWriter writer, IEventWriter database, IEnumerable<ISpoolNoteStore> noteStores, IEventSpool spool, EarlyAnswers early, LateScrubbing late, DatabaseLink link,
    IOptions<IngestOptions> options, TimeProvider time, ILogger<SpoolReplay> logger) : BackgroundService
{
    // A refusal has to repeat itself to be believed.
    private const int TriesOfOneNote = 3;

    // Larger than a fresh batch: a database that takes two seconds for any commit still keeps up.
    private const int BatchEvents = 2_000;

    // Long enough for a slow database, short enough to notice a connection that nobody answers any more.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The start of the program does not wait for what an earlier run has left.
        await Task.Yield();
        var pause = FirstPause;
        while (!stoppingToken.IsCancellationRequested)
        {
            var moved = await MoveAsync();
            if (moved == Moved.All)
            {
                pause = FirstPause;
                continue;
            }

            // Jitter: several processes must not knock at the same moment at a database that has just come back.
            var wait = moved == Moved.NothingThere ? Idle : pause * (0.75 + (Random.Shared.NextDouble() / 2));
            await Task.Delay(wait, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < MaxPause ? pause * 2 : MaxPause;
            if (moved == Moved.NothingThere)
                pause = FirstPause;
        }
    }

    private enum Moved
    {
        NothingThere,
        NotAll,
        All,
    }

    private async Task<Moved> MoveAsync()
    {
        try
        {
            if (spool.ReadOldest(BatchEvents) is not { } batch)
            {
                if (link.ReportBack())
                    Log.Back(logger);

                return Moved.NothingThere;
            }

            // What the database has in hand by the other way, and all behind it, has its turn when that has come to an end.
            var ready = batch.Events.TakeWhile(e => early.IsStored(e) != false).Count();
            if (ready == 0 && batch.Events.Count > 0)
                return Moved.NothingThere;

            if (ready < batch.Events.Count)
                batch = batch.First(ready);

            var open = batch.Events.Where(e => early.IsStored(e) is null).ToList();
            if (await ScrubAsync(open) is not { } scrubbed)
                return Moved.NotAll;

            var start = time.GetTimestamp();
            var answers = scrubbed is [] ? [] : await writer.WriteAsync(scrubbed, Patience);
            // Those that were written are recognised when they come again.
            if (answers.Contains(WriteAnswer.Unavailable))
                return Moved.NotAll;

            foreach (var (_, note) in batch.Notes)
                await StoreAsync(note);

            spool.Remove(batch);
            foreach (var e in batch.Events)
                early.Forget(e);

            if (time.GetElapsedTime(start) < options.Value.WriteTimeBudget && link.ReportBack())
                Log.Back(logger);

            return Moved.All;
        }
        catch (Exception e)
        {
            // What leaves this service ends the process, and the disk may be back in a moment.
            Log.Failed(logger, e.Message);
            return Moved.NotAll;
        }
    }

    /// <returns>Null when the database does not say by which rules: it is away.</returns>
    private async Task<IReadOnlyList<ProcessedEvent>?> ScrubAsync(List<ProcessedEvent> events)
    {
        using var deadline = new CancellationTokenSource(Patience, time);
        var asking = Task.Run(() => late.ScrubberAsync(events.Select(e => e.ProjectId), deadline.Token), CancellationToken.None);
        await ((Task)asking).WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!asking.IsCompletedSuccessfully)
            return null;

        // The scrubbing itself has no deadline: what is given up half-way would begin anew for ever.
        var scrub = await asking;
        return await Task.Run(() => events.ConvertAll(e => scrub(e)));
    }

    private async Task StoreAsync(SpoolNote note)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                using var deadline = new CancellationTokenSource(Patience, time);
                await noteStores.Single(s => s.Kind == note.Kind).StoreAsync(note.Bytes, deadline.Token).WaitAsync(Patience, time);
                return;
            }
            catch (Exception e) when (database.IsFaultOfEvents(e.InnerException ?? e) && tries < TriesOfOneNote)
            {
                // Once more.
            }
            catch (Exception e) when (database.IsFaultOfEvents(e.InnerException ?? e))
            {
                // Its project is gone, or its kind is of a newer program: it must not hold up all that came after it.
                Log.NoteLost(logger, note.Kind, database.ReasonOf(e.InnerException ?? e));
                return;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1207, LogLevel.Information, "The database takes events again.")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(1210, LogLevel.Error, "What came beside an event (kind {Kind}) is refused by the database and not kept: {Reason}")]
        public static partial void NoteLost(ILogger logger, byte kind, string reason);

        [LoggerMessage(1208, LogLevel.Error, "The spool cannot be read: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}

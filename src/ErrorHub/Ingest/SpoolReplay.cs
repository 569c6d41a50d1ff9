using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Ingest;

/// <summary>
/// Moves spooled events into the database, oldest first, beside the fresh ones. It also finds out that the database is back: its
/// batch is the only one that tries while all others go to the spool.
/// </summary>
public sealed partial class SpoolReplay(
    BatchWriter writer, IEventSpool spool, DatabaseLink database, IOptions<IngestOptions> options, TimeProvider time,
    ILogger<SpoolReplay> logger) : BackgroundService
{
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
                if (database.ReportBack())
                    Log.Back(logger);

                return Moved.NothingThere;
            }

            var start = time.GetTimestamp();
            var answers = await writer.WriteAsync(batch.Events, Patience);
            // Those that were written are recognised when they come again.
            if (answers.Contains(WriteAnswer.Unavailable))
                return Moved.NotAll;

            spool.Remove(batch);
            if (time.GetElapsedTime(start) < options.Value.WriteTimeBudget && database.ReportBack())
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

    private static partial class Log
    {
        [LoggerMessage(1207, LogLevel.Information, "The database takes events again.")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(1208, LogLevel.Error, "The spool cannot be read: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}

using ErrorHub.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ErrorHub.Ingest;

/// <summary>
/// Counts what the writer has only noted down (<see cref="ICountJournal"/>): twice a second under load, and as soon as writing pauses.
/// What a process that died has left is counted by the others, or at the next start.
/// </summary>
public sealed partial class CountFolder(
    IEnumerable<ICountJournal> journals, CommitObservers observers, TimeProvider time, ILogger<CountFolder> logger)
    : BackgroundService
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LookForOthers = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Setback = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (journals.FirstOrDefault() is not { } journal)
            return;

        // The start of the program does not wait for what an earlier run has left.
        await Task.Yield();
        while (!stoppingToken.IsCancellationRequested)
        {
            if (!await FoldAllAsync(journal))
                await Task.Delay(Setback, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            else if (await journal.WaitAsync(LookForOthers, stoppingToken))
                await GatherAsync(journal, stoppingToken);
        }

        await FoldAllAsync(journal);
    }

    // The longer it waits, the less it costs: a fault that stands in a hundred batches is counted once.
    private async Task GatherAsync(ICountJournal journal, CancellationToken stoppingToken)
    {
        var start = time.GetTimestamp();
        long noted;
        do
        {
            noted = journal.Noted;
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (journal.Noted != noted && time.GetElapsedTime(start) < Beat && !stoppingToken.IsCancellationRequested);
    }

    private async Task<bool> FoldAllAsync(ICountJournal journal)
    {
        try
        {
            // Not the token: what is noted when the program stops is still counted.
            FoldedCounts counts;
            do
            {
                counts = await journal.FoldAsync(CancellationToken.None);
                observers.Tell(counts.Events);
            }
            while (counts.HasMore);

            return true;
        }
        catch (Exception e)
        {
            // What leaves this service ends the process, and the notes are safe where they are.
            Log.Failed(logger, e.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1212, LogLevel.Warning, "Stored events could not be counted yet: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}

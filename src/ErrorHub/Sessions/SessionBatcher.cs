using ErrorHub.Ingest;
using ErrorHub.UseCases;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ErrorHub.Sessions;

/// <summary>
/// Gathers what SDKs say of sessions and writes it once a second. A page view is a session or two, so each must not be a commit, and
/// a crash may lose that second of counts. When the database is away it waits, up to a limit; over it, sessions are the first to go.
/// </summary>
public sealed partial class SessionBatcher(UseCaseSender useCases, OutcomeCounter outcomes, TimeProvider time, ILogger<SessionBatcher> logger)
    : BackgroundService
{
    private const int Capacity = 20_000;
    private const int BatchSize = 1_000;

    // An app's releases are few. Without a cap one client could fill the table with inventions.
    private const int MaxReleasesPerProjectHour = 200;
    private const string Category = "session";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Queue<ReceivedSessions> _waiting = [];
    private readonly Dictionary<long, HashSet<(string Release, string Environment)>> _seen = [];
    private DateTimeOffset _seenHour;

    /// <summary>Takes a report, to be counted within a second; when there is no room, it is counted as lost.</summary>
    public void Add(ReceivedSessions report)
    {
        var reason = DiscardReason.None;
        lock (_lock)
        {
            if (!IsWithinCap(report))
                reason = DiscardReason.TooLarge;
            else if (_waiting.Count == Capacity)
                reason = DiscardReason.Unavailable;
            else
                _waiting.Enqueue(report);
        }

        if (reason != DiscardReason.None)
            outcomes.Add(report.ProjectId, report.ReceivedAt, Outcome.Invalid, reason, Category);
    }

    /// <summary>Writes everything that waits.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            while (Peek() is { Count: > 0 } batch)
            {
                await useCases.SendAsync(new RecordSessions(batch), cancellationToken);
                Remove(batch.Count);
                foreach (var report in batch)
                    outcomes.Add(report.ProjectId, report.ReceivedAt, Outcome.Accepted, DiscardReason.None, Category);
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await TryFlushAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _writing.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryFlushAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }

    private async Task TryFlushAsync(CancellationToken cancellationToken)
    {
        try
        {
            await FlushAsync(cancellationToken);
        }
        catch (Exception e)
        {
            // What leaves this service ends the process, and no session is worth that. The loop itself sees that it is time to stop.
            Log.Failed(logger, e);
        }
    }

    private List<ReceivedSessions> Peek()
    {
        lock (_lock)
            return [.. _waiting.Take(BatchSize)];
    }

    private void Remove(int count)
    {
        lock (_lock)
        {
            for (var i = 0; i < count; i++)
                _waiting.Dequeue();
        }
    }

    private bool IsWithinCap(ReceivedSessions report)
    {
        var hour = Stats.IssueCounts.HourOf(report.ReceivedAt);
        if (hour > _seenHour)
        {
            _seen.Clear();
            _seenHour = hour;
        }

        if (!_seen.TryGetValue(report.ProjectId, out var releases))
            _seen[report.ProjectId] = releases = [];

        var release = (report.Report.Release, report.Report.Environment);
        return releases.Contains(release) || (releases.Count < MaxReleasesPerProjectHour && releases.Add(release));
    }

    private static partial class Log
    {
        [LoggerMessage(1521, LogLevel.Warning, "Sessions wait to be counted: the database did not take them.")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}

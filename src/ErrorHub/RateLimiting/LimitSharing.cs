using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ErrorHub.RateLimiting;

/// <summary>
/// Adds what this process has taken of each limit to the database once a second, and reads what all have taken. It also lets a limit
/// outlive a restart. While the database is away each process holds to the limits by itself.
/// </summary>
public sealed partial class LimitSharing(
    IngestLimiter limiter, IServiceScopeFactory scopes, TimeProvider time, ILogger<LimitSharing> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // A row per limit. A window that began later replaces an earlier one; a process whose clock is behind changes nothing.
    private const string Add = """
        INSERT INTO limit_uses (name, window_start, taken) VALUES ({0}, {1}, {2})
        ON CONFLICT (name) DO UPDATE SET
            taken = CASE
                WHEN limit_uses.window_start = excluded.window_start THEN limit_uses.taken + excluded.taken
                WHEN limit_uses.window_start < excluded.window_start THEN excluded.taken
                ELSE limit_uses.taken END,
            window_start = CASE
                WHEN limit_uses.window_start < excluded.window_start THEN excluded.window_start ELSE limit_uses.window_start END
        RETURNING CASE WHEN window_start = {1} THEN taken ELSE 0 END AS "Value"
        """;

    private bool _isAway;

    /// <summary>Shares what was taken last, so that the next start knows of it.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await ShareAsync(cancellationToken);
    }

    /// <summary>Shares once.</summary>
    internal async Task ShareAsync(CancellationToken cancellationToken)
    {
        var uses = limiter.OpenWindows();
        if (uses.Count == 0)
            return;

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>().Database;
            foreach (var use in uses)
            {
                var taken = await database.SqlQueryRaw<long>(Add, use.Name, use.Start, use.Taken).ToListAsync(cancellationToken);
                limiter.Shared(use, taken[0]);
            }

            _isAway = false;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            if (!_isAway)
                Log.NotShared(logger, e.Message);

            _isAway = true;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Interval, time);
        try
        {
            while (await beat.WaitForNextTickAsync(stoppingToken))
                await ShareAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Time to stop.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1311, LogLevel.Warning, "Limits are not shared with other processes until the database answers: {Reason}")]
        public static partial void NotShared(ILogger logger, string reason);
    }
}

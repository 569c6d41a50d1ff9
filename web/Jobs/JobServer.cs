using ErrorHub.Web.Hosting;
using Hangfire;

namespace ErrorHub.Web.Jobs;

/// <summary>
/// Runs Hangfire once the database is ready, and registers the recurring jobs: its memory does not outlive a restart on SQLite. Not
/// AddHangfireServer, which connects while the host starts and would end a start during an outage.
/// </summary>
internal sealed partial class JobServer(IServiceProvider services, DatabaseStart start, TimeProvider time, ILogger<JobServer> logger)
    : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Ready.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The database went away again while Hangfire connected. Whatever leaves this method ends the process, and ingest with it.
                Log.Later(logger, Pause.TotalSeconds, StartErrors.FirstLine(e));
                await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RunAsync(CancellationToken stoppingToken)
    {
        var jobs = services.GetRequiredService<IRecurringJobManager>();
        jobs.AddOrUpdate<StorageJobs>("prepare-storage", job => job.PrepareStorageAsync(CancellationToken.None), Cron.Hourly());
        jobs.AddOrUpdate<StorageJobs>("expire-events", job => job.ExpireEventsAsync(CancellationToken.None), Cron.Daily(3));
        jobs.AddOrUpdate<StorageJobs>("expire-attachments", job => job.ExpireAttachmentsAsync(CancellationToken.None), Cron.Hourly(20));
        jobs.AddOrUpdate<StorageJobs>("sweep-attachments", job => job.SweepAttachmentsAsync(CancellationToken.None), Cron.Daily(4));
        jobs.AddOrUpdate<StorageJobs>("expire-feedback", job => job.ExpireFeedbackAsync(CancellationToken.None), Cron.Hourly(30));
        jobs.AddOrUpdate<StorageJobs>("expire-sessions", job => job.ExpireSessionsAsync(CancellationToken.None), Cron.Hourly(40));
        jobs.AddOrUpdate<StorageJobs>("expire-artifacts", job => job.ExpireArtifactsAsync(CancellationToken.None), Cron.Hourly(50));
        jobs.AddOrUpdate<RescrubJobs>(RescrubJobs.Id, job => job.ContinueAsync(CancellationToken.None), Cron.Minutely());
        jobs.AddOrUpdate<StorageJobs>("sample-for-leaks", job => job.SampleForLeaksAsync(CancellationToken.None), Cron.Daily(2));
        var options = new BackgroundJobServerOptions { WorkerCount = 2, Activator = services.GetRequiredService<JobActivator>() };
        using var server = new BackgroundJobServer(options, services.GetRequiredService<JobStorage>());
        await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        server.SendStop();
        await server.WaitForShutdownAsync(CancellationToken.None);
    }

    private static partial class Log
    {
        [LoggerMessage(1601, LogLevel.Warning, "Jobs cannot start yet and are tried again in {Seconds} s: {Reason}")]
        public static partial void Later(ILogger logger, double seconds, string reason);
    }
}

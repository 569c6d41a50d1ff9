using ErrorHub.Web.Hosting;
using Hangfire;

namespace ErrorHub.Web.Jobs;

/// <summary>
/// Runs Hangfire once the database is ready, and registers the recurring jobs: its memory does not outlive a restart on SQLite. Not
/// AddHangfireServer, which connects while the host starts and would end a start during an outage.
/// </summary>
internal sealed class JobServer(IServiceProvider services, DatabaseStart start) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await start.Ready.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stoppingToken.IsCancellationRequested)
            return;

        var jobs = services.GetRequiredService<IRecurringJobManager>();
        jobs.AddOrUpdate<StorageJobs>("prepare-storage", job => job.PrepareStorageAsync(CancellationToken.None), Cron.Hourly());
        jobs.AddOrUpdate<StorageJobs>("expire-events", job => job.ExpireEventsAsync(CancellationToken.None), Cron.Daily(3));
        var options = new BackgroundJobServerOptions { WorkerCount = 2, Activator = services.GetRequiredService<JobActivator>() };
        using var server = new BackgroundJobServer(options, services.GetRequiredService<JobStorage>());
        await Task.Delay(Timeout.InfiniteTimeSpan, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        server.SendStop();
        await server.WaitForShutdownAsync(CancellationToken.None);
    }
}

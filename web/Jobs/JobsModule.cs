using ErrorHub.Web.Hosting;
using Hangfire;
using Hangfire.PostgreSql;

namespace ErrorHub.Web.Jobs;

/// <summary>Hangfire: schedules only. No event and no alert depends on it. Its dashboard is not mapped.</summary>
internal static class JobsModule
{
    public static void AddJobs(this WebApplicationBuilder builder)
    {
        builder.Services.AddHangfire(hangfire =>
        {
            hangfire.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings();
            if (builder.PostgreSqlConnectionString() is { } connectionString)
                hangfire.UsePostgreSqlStorage(to => to.UseNpgsqlConnection(connectionString), new PostgreSqlStorageOptions
                {
                    SchemaName = "hangfire",
                    // The defaults hide a killed process's job for 30 minutes and start a longer one twice (reliability-security.md, finding 8).
                    InvisibilityTimeout = TimeSpan.FromMinutes(5),
                    UseSlidingInvisibilityTimeout = true,
                    QueuePollInterval = TimeSpan.FromSeconds(2),
                    DistributedLockTimeout = TimeSpan.FromMinutes(1),
                });
            else
                hangfire.UseInMemoryStorage();
        });
        builder.Services.AddTransient<StorageJobs>();
        builder.Services.AddHostedService<RecurringJobs>();
        builder.Services.AddHangfireServer(server => server.WorkerCount = 2);
    }
}

/// <summary>Registers the recurring jobs at every start: Hangfire's memory does not outlive a restart on SQLite.</summary>
internal sealed class RecurringJobs(IRecurringJobManager jobs) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        jobs.AddOrUpdate<StorageJobs>("prepare-storage", job => job.PrepareStorageAsync(CancellationToken.None), Cron.Hourly());
        jobs.AddOrUpdate<StorageJobs>("expire-events", job => job.ExpireEventsAsync(CancellationToken.None), Cron.Daily(3));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

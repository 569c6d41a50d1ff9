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
        builder.Services.AddTransient<RescrubJobs>();
        builder.Services.AddHostedService<JobServer>();
    }
}

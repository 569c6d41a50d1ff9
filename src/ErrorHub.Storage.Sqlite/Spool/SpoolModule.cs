using ErrorHub.Ingest;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Storage.Sqlite.Spool;

/// <summary>Registers the spool, whatever the database is.</summary>
public static class SpoolModule
{
    /// <summary>Adds the spool of a data directory.</summary>
    public static IServiceCollection AddEventSpool(this IServiceCollection services, string dataDirectory) =>
        services.AddSingleton<IEventSpool>(provider => new SqliteEventSpool(
            Path.Combine(dataDirectory, "spool"), provider.GetRequiredService<IOptions<SpoolOptions>>(),
            provider.GetRequiredService<ILogger<SqliteEventSpool>>()));
}

using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Hosting;

/// <summary>
/// Brings the database up to date before the program serves, or, when it is away and an earlier run has left the keys, later: events are
/// then taken into the spool from the first moment on.
/// </summary>
internal sealed partial class DatabaseStart(
    IServiceScopeFactory scopes, IDatabaseMaintenance maintenance, Bootstrap bootstrap, KeyFile keys, IHostApplicationLifetime lifetime,
    TimeProvider time, ILogger<DatabaseStart> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when the schema is current and project 1 is there. Whatever cannot work without waits for it.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Migrates and fills an empty database; leaves that for later when it is away and can be waited for.</summary>
    /// <returns>Path of the set-up link; null when there is an owner.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await MigrateAsync(cancellationToken);
            var setUpPath = await bootstrap.RunAsync(cancellationToken);
            _ready.SetResult();
            return setUpPath;
        }
        catch (Exception e) when (keys.Exists && maintenance.IsAway(e))
        {
            Log.Later(logger, maintenance.Provider, StartErrors.FirstLine(e));
            return null;
        }
    }

    /// <summary>Applies missing migrations and makes room for the coming days.</summary>
    /// <exception cref="StartException">The database was written by a newer program.</exception>
    public async Task MigrateAsync(CancellationToken cancellationToken)
    {
        await RefuseNewerSchemaAsync(cancellationToken);
        var applied = await maintenance.MigrateAsync(cancellationToken);
        await maintenance.PrepareStorageAsync(cancellationToken);
        Log.Migrated(logger, maintenance.Provider, applied);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!Ready.IsCompleted)
            {
                await Task.Delay(Pause * (0.75 + (Random.Shared.NextDouble() / 2)), time, stoppingToken);
                await RunAsync(stoppingToken);
            }
        }
        catch (Exception e) when (!stoppingToken.IsCancellationRequested)
        {
            // What would have ended a start at once ends it now; the spool keeps what was acknowledged.
            Log.Failed(logger, StartErrors.Describe(e) ?? e.ToString());
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
    }

    /// <summary>An older program on a newer schema would write rows that the newer one does not understand.</summary>
    private async Task RefuseNewerSchemaAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>().Database;
        var unknown = (await database.GetAppliedMigrationsAsync(cancellationToken)).Except(database.GetMigrations()).ToArray();
        if (unknown.Length > 0)
        {
            throw new StartException(
                $"The {maintenance.Provider} database was written by a newer ErrorHub (it has the migration {unknown[^1]}); start that version, or restore a backup made before it");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1002, LogLevel.Information, "{Provider} is up to date, {Count} migrations applied.")]
        public static partial void Migrated(ILogger logger, string provider, int count);

        [LoggerMessage(1003, LogLevel.Error, "{Provider} is away ({Reason}). Events are taken into the spool; pages and jobs wait for it.")]
        public static partial void Later(ILogger logger, string provider, string reason);

        [LoggerMessage(1004, LogLevel.Critical, "The start could not be completed: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}

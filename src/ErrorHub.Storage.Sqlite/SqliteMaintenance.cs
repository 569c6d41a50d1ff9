using ErrorHub.Retention;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Storage.Sqlite;

/// <summary>Schema and retention on SQLite.</summary>
public sealed partial class SqliteMaintenance(
    DbContextOptions<ErrorHubDbContext> contextOptions, IOptions<RetentionOptions> retention, TimeProvider time,
    ILogger<SqliteMaintenance> logger) : IDatabaseMaintenance
{
    // EF's own lock is a row in a table: a process that is killed while it migrates leaves it behind, and every later start
    // waits for ever. We hold a lock that ends with its process, so a row found under it belongs to nobody.
    private const string ForgetAbandonedLock = "DROP TABLE IF EXISTS \"__EFMigrationsLock\"";

    // Without statistics SQLite reads a project's whole day to find the events of one issue, and all issues to find one by its id.
    // It looks at a few hundred rows per index, and again only when a table has grown by much. 0x10002: look at all tables
    // (0x10000), and analyze those that need it (0x02).
    private const string Analyze = "PRAGMA analysis_limit = 400; PRAGMA optimize = 0x10002;";

    // Whole pages go, and are cut off the file soon. To write each once more would double the work of every night.
    private const string ZerosWhereFree = "PRAGMA secure_delete = FAST";

    // Nobody writes while it waits for those who read. The first column of the answer is 1 when it gave up.
    private const string WaitShortly = "PRAGMA busy_timeout = 200";

    private const string TruncateLog = "PRAGMA wal_checkpoint(TRUNCATE)";

    private const int ClearTries = 10;

    private static readonly TimeSpan ClearPause = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public string Provider => "SQLite";

    /// <inheritdoc/>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var db = new ErrorHubDbContext(contextOptions);
        var path = new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource;
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } directory)
            Directory.CreateDirectory(directory);

        await using var migrationLock = await FileLock.AcquireAsync(path + ".migrate.lock", cancellationToken);
        // Pragmas that must come before the first table are set as this opens.
        await db.Database.OpenConnectionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync(ForgetAbandonedLock, cancellationToken);
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
        if (pending > 0)
            await db.Database.MigrateAsync(cancellationToken);

        return pending;
    }

    /// <inheritdoc/>
    public async Task PrepareStorageAsync(CancellationToken cancellationToken)
    {
        await using var db = new ErrorHubDbContext(contextOptions);
        await db.Database.ExecuteSqlRawAsync(Analyze, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ExpireEventsAsync(CancellationToken cancellationToken)
    {
        await using var db = new ErrorHubDbContext(contextOptions);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync(ZerosWhereFree, cancellationToken);
        var expiry = new SqliteExpiry((SqliteConnection)db.Database.GetDbConnection());
        var removed = await expiry.RunAsync(time.GetUtcNow(), TimeSpan.FromDays(retention.Value.StatisticsDays), cancellationToken);
        if (removed > 0)
            Log.Removed(logger, removed);
    }

    /// <inheritdoc/>
    /// <remarks>In the file it is zeros already (<see cref="SqlitePragmas"/>); pages as they were may stand in the write-ahead log.</remarks>
    public async Task ClearRemovedAsync(CancellationToken cancellationToken)
    {
        await using var db = new ErrorHubDbContext(contextOptions);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await db.Database.ExecuteSqlRawAsync(WaitShortly, cancellationToken);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = TruncateLog;
        for (var tried = 1; await command.ExecuteScalarAsync(cancellationToken) is not 0L; tried++)
        {
            if (tried == ClearTries)
            {
                Log.LogInUse(logger);
                return;
            }

            await Task.Delay(ClearPause, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public bool IsAway(Exception exception) => false;

    /// <inheritdoc/>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var db = new ErrorHubDbContext(contextOptions);
            return !(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
        }
        catch (SqliteException e)
        {
            Log.NotReady(logger, e.Message);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2201, LogLevel.Information, "Events past their retention were removed: {EventCount}.")]
        public static partial void Removed(ILogger logger, long eventCount);

        [LoggerMessage(2203, LogLevel.Warning, "The write-ahead log could not be emptied, because somebody reads all the time. It keeps old pages until it is written over.")]
        public static partial void LogInUse(ILogger logger);

        [LoggerMessage(2202, LogLevel.Warning, "SQLite is not ready: {Problem}")]
        public static partial void NotReady(ILogger logger, string problem);
    }
}

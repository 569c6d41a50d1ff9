using ErrorHub.Retention;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ErrorHub.Storage.PostgreSql;

/// <summary>Schema, partitions and retention on PostgreSQL.</summary>
public sealed partial class PostgreSqlMaintenance(
    DbContextOptions<ErrorHubDbContext> contextOptions, NpgsqlDataSource dataSource, IOptions<RetentionOptions> retention,
    TimeProvider time, ILogger<PostgreSqlMaintenance> logger) : IDatabaseMaintenance
{
    private const int DaysAhead = 7;

    // EF takes a lock of its own, on a table that it first has to create: two first starts at once collide there.
    private const string LockMigrations = "SELECT pg_advisory_lock(7200)";

    private const string UnlockMigrations = "SELECT pg_advisory_unlock(7200)";

    // What another process vacuums, or autovacuum, is left to it.
    private const string Vacuum = "VACUUM (SKIP_LOCKED) issues, issue_tags, dead_letters, user_feedback, attachments, events";

    private static readonly TimeSpan VacuumPatience = TimeSpan.FromMinutes(10);

    private readonly EventPartitions _partitions = new();

    /// <inheritdoc/>
    public string Provider => "PostgreSQL";

    /// <inheritdoc/>
    public async Task<int> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var db = new ErrorHubDbContext(contextOptions);
        await CreateDatabaseIfMissingAsync(db, cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        db.Database.SetCommandTimeout(TimeSpan.FromMinutes(30));
        await db.Database.ExecuteSqlRawAsync(LockMigrations, cancellationToken);
        try
        {
            var pending = (await db.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
            if (pending > 0)
                await db.Database.MigrateAsync(cancellationToken);

            return pending;
        }
        finally
        {
            // The connection goes back to the pool, and the lock would go with it.
            await db.Database.ExecuteSqlRawAsync(UnlockMigrations, CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async Task PrepareStorageAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var classes = await ClassesInUseAsync(connection, cancellationToken);
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        // From yesterday: at midnight a batch may still hold events of the day before.
        var days = Enumerable.Range(-1, DaysAhead + 2).Select(today.AddDays);
        // What was seen before may be gone by now; this runs a few times a day and may look again.
        _partitions.Forget();
        await _partitions.EnsureAsync(
            connection, days.SelectMany(day => classes.Select(days => new EventPartition(days, day))), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task ExpireEventsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        await new PostgreSqlExpiry(connection, logger).RunAsync(
            time.GetUtcNow(), TimeSpan.FromDays(retention.Value.StatisticsDays), cancellationToken);
    }

    /// <inheritdoc/>
    /// <remarks>Old versions of rows become free room, which is written over by and by. Tables of another owner are passed over with a warning.</remarks>
    public async Task ClearRemovedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var command = dataSource.CreateCommand(Vacuum);
            command.CommandTimeout = (int)VacuumPatience.TotalSeconds;
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            Log.NotVacuumed(logger, e.Message);
        }
    }

    /// <inheritdoc/>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var db = new ErrorHubDbContext(contextOptions);
            return !(await db.Database.GetPendingMigrationsAsync(cancellationToken)).Any();
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException)
        {
            Log.NotReady(logger, e.Message);
            return false;
        }
    }

    /// <inheritdoc/>
    public bool IsAway(Exception exception) => exception switch
    {
        // Starting or stopping, out of connections, a standby. A wrong password or a missing table is no outage.
        PostgresException e => e.SqlState[..3] is "57P" or "533" || e.SqlState is PostgresErrorCodes.ReadOnlySqlTransaction,
        NpgsqlException or TimeoutException => true,
        { InnerException: { } inner } => IsAway(inner),
        _ => false,
    };

    private static async Task CreateDatabaseIfMissingAsync(ErrorHubDbContext db, CancellationToken cancellationToken)
    {
        try
        {
            await db.Database.OpenConnectionAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            try
            {
                await db.GetService<IRelationalDatabaseCreator>().CreateAsync(cancellationToken);
            }
            catch (PostgresException made) when (made.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
            {
                // Another process was faster.
            }
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }

    private async Task<IReadOnlyList<short>> ClassesInUseAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var classes = new SortedSet<short> { retention.Value.Days };
        await using var command = connection.Command("SELECT DISTINCT retention_days FROM projects WHERE retention_days IS NOT NULL");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
            classes.Add(reader.GetInt16(0));

        return [.. classes];
    }

    private static partial class Log
    {
        [LoggerMessage(2112, LogLevel.Warning, "What was scrubbed from rows is left to autovacuum: {Problem}")]
        public static partial void NotVacuumed(ILogger logger, string problem);

        [LoggerMessage(2111, LogLevel.Warning, "PostgreSQL is not ready: {Problem}")]
        public static partial void NotReady(ILogger logger, string problem);
    }
}

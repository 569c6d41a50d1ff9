using ErrorHub.Storage.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ErrorHub.Storage.Tests;

public sealed class PostgreSqlMaintenanceTests : MaintenanceTests<PostgreSqlTestDatabase>
{
    [Fact]
    public async Task PrepareStorageAsync_ClassesInUse_MakesPartitionsFromYesterdayForAWeek()
    {
        await Database.NewMaintenance().MigrateAsync(Cancellation);
        await Database.NewProjectAsync(retentionDays: 30);
        await Database.NewProjectAsync(retentionDays: 30);

        await Database.NewMaintenance().PrepareStorageAsync(Cancellation);
        await Database.NewMaintenance().PrepareStorageAsync(Cancellation);

        var days = Enumerable.Range(24, 9).Select(day => day <= 30 ? $"202611{day}" : $"202612{day - 30:00}");
        Assert.Equal(days.SelectMany(day => (string[])[$"events_r30_{day}", $"events_r90_{day}"]).Order(), await PartitionsAsync());
    }

    [Fact]
    public async Task WriteAsync_NoPartitionForTheEvent_MakesIt()
    {
        await Database.MigratedAsync();
        var project = (await Database.NewProjectAsync()).Id;

        // Two processes that both find it missing.
        var writes = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            Database.NewWriter().WriteAsync([Event(project, 7, 3), Event(project, 7, 4)], [], Cancellation)));
        await Task.WhenAll(writes);

        Assert.Equal(["events_r7_20261121", "events_r7_20261122"], (await PartitionsAsync()).Where(p => p.StartsWith("events_r7_", StringComparison.Ordinal)));
        Assert.Equal(3, await Database.ScalarAsync<int>("SELECT count(*)::int AS \"Value\" FROM events_r7_20261122"));
    }

    [Fact]
    public async Task WriteAsync_PartitionDroppedBehindItsBack_MakesItAgain()
    {
        await Database.MigratedAsync();
        var project = (await Database.NewProjectAsync()).Id;
        var writer = Database.NewWriter();
        await writer.WriteAsync([Event(project, 90, 95)], [], Cancellation);
        await Database.NewMaintenance().ExpireEventsAsync(Cancellation);

        // A copy from before: what a spool would replay.
        Assert.True(Assert.Single(await writer.WriteAsync([Event(project, 90, 95)], [], Cancellation)).Stored);
    }

    [Fact]
    public async Task ExpireEventsAsync_CutOffAfterDetaching_DropsTheDayNextTime()
    {
        await Database.MigratedAsync();
        var project = (await Database.NewProjectAsync()).Id;
        await Database.NewWriter().WriteAsync([Event(project, 90, 95)], [], Cancellation);
        await using var db = Database.NewContext();
        await db.Database.ExecuteSqlRawAsync("ALTER TABLE events_r90 DETACH PARTITION events_r90_20260822", Cancellation);

        await Database.NewMaintenance().ExpireEventsAsync(Cancellation);

        Assert.Equal(0, await Database.ScalarAsync<int>("SELECT count(*)::int AS \"Value\" FROM pg_class WHERE relname = 'events_r90_20260822'"));
    }

    [Fact]
    public async Task ExpireEventsAsync_WaitsForALongReader_WritersGoOn()
    {
        await Database.MigratedAsync();
        var project = (await Database.NewProjectAsync()).Id;
        var writer = Database.NewWriter();
        await writer.WriteAsync([Event(project, 90, 95)], [], Cancellation);
        await using var reader = Database.NewContext();
        var reading = await reader.Database.BeginTransactionAsync(Cancellation);
        Assert.Equal(1, await reader.Events.CountAsync(Cancellation));

        var expiry = Database.NewMaintenance().ExpireEventsAsync(Cancellation);
        while (await Database.ScalarAsync<int>("""
            SELECT count(*)::int AS "Value" FROM pg_stat_activity WHERE query LIKE 'ALTER TABLE%CONCURRENTLY' AND wait_event_type = 'Lock'
            """) == 0)
        {
            Assert.False(expiry.IsCompleted);
        }

        Assert.True(Assert.Single(await writer.WriteAsync([Event(project, 90, 0)], [], Cancellation)).Stored);
        Assert.False(expiry.IsCompleted);
        await reading.DisposeAsync();
        await expiry;
        Assert.DoesNotContain("events_r90_20260822", await PartitionsAsync());
    }

    [Fact]
    public async Task MigrateAsync_DatabaseMissing_CreatesIt()
    {
        await using (var db = Database.NewContext())
            await db.Database.EnsureDeletedAsync(Cancellation);

        Assert.Equal(Database.MigrationCount(), await Database.NewMaintenance().MigrateAsync(Cancellation));
    }

    [Fact]
    public async Task IsReadyAsync_ServerUnreachable_IsFalse()
    {
        await using var nowhere = PostgreSqlStorage.CreateDataSource("Host=127.0.0.1;Port=1;Username=nobody");
        var options = new DbContextOptionsBuilder<ErrorHubDbContext>();
        PostgreSqlStorage.Configure(options, nowhere);
        var maintenance = new PostgreSqlMaintenance(
            options.Options, nowhere, Options.Create(Database.Retention), Database.Time, NullLogger<PostgreSqlMaintenance>.Instance);

        Assert.False(await maintenance.IsReadyAsync(Cancellation));
    }

    [Fact]
    public void CreateDataSource_SettingsOfTheConnectionString_AreKept()
    {
        using var dataSource = PostgreSqlStorage.CreateDataSource("Host=db.test;Timeout=42;Max Auto Prepare=0");

        Assert.Equal(
            (42, 0, 30, "errorhub"),
            new Npgsql.NpgsqlConnectionStringBuilder(dataSource.ConnectionString) is var s
                ? (s.Timeout, s.MaxAutoPrepare, s.CommandTimeout, s.ApplicationName) : default);
    }

    private async Task<List<string>> PartitionsAsync()
    {
        await using var db = Database.NewContext();
        return await db.Database.SqlQueryRaw<string>("""
            SELECT c.relname::text AS "Value" FROM pg_class c WHERE c.relispartition AND c.relkind = 'r' ORDER BY 1
            """).ToListAsync(Cancellation);
    }
}

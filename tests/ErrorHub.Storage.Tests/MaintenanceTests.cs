using ErrorHub.Ingest;
using ErrorHub.Stats;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests;

/// <summary>What the upkeep of a database promises; each test starts from an empty one.</summary>
public abstract class MaintenanceTests<TDatabase> : IAsyncLifetime
    where TDatabase : TestDatabase, new()
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TDatabase Database { get; } = new();

    public ValueTask InitializeAsync() => Database.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task MigrateAsync_TwoProcessesStartTogether_AppliesEachMigrationOnce()
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var processes = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            await start.Task;
            return await Database.NewMaintenance().MigrateAsync(Cancellation);
        })).ToList();

        start.SetResult();
        var applied = await Task.WhenAll(processes);

        await using var db = Database.NewContext();
        var all = (await db.Database.GetAppliedMigrationsAsync(Cancellation)).Count();
        Assert.Equal([0, 0, 0, all], applied.Order());
        Assert.Equal(db.Database.GetMigrations().Count(), all);
    }

    [Fact]
    public async Task MigrateAsync_UpToDate_AppliesNothing()
    {
        await Database.NewMaintenance().MigrateAsync(Cancellation);

        Assert.Equal(0, await Database.NewMaintenance().MigrateAsync(Cancellation));
    }

    [Fact]
    public async Task IsReadyAsync_BeforeAndAfterMigrating_TellsWhetherTheSchemaIsThere()
    {
        var maintenance = Database.NewMaintenance();

        Assert.False(await maintenance.IsReadyAsync(Cancellation));
        await maintenance.MigrateAsync(Cancellation);
        Assert.True(await maintenance.IsReadyAsync(Cancellation));
    }

    [Fact]
    public async Task ExpireEventsAsync_EventsOfTwoClasses_RemovesExactlyWhatIsPastItsOwn()
    {
        await Database.MigratedAsync();
        var (one, two) = ((await Database.NewProjectAsync()).Id, (await Database.NewProjectAsync()).Id);
        ProcessedEvent[] events =
        [
            Event(one, 90, 0), Event(one, 90, 31), Event(one, 90, 89), Event(one, 90, 92), Event(one, 90, 400),
            Event(two, 30, 0), Event(two, 30, 29), Event(two, 30, 32), Event(two, 30, 91),
        ];
        await Database.NewWriter().WriteAsync(events, [], Cancellation);

        await Database.NewMaintenance().ExpireEventsAsync(Cancellation);

        var kept = events.Where(e => TestDatabase.Now - e.ReceivedAt < TimeSpan.FromDays(e.RetentionDays)).Select(e => e.Id).Order().ToList();
        Assert.Equal(5, kept.Count);
        await using var db = Database.NewContext();
        Assert.Equal(kept, (await db.Events.Select(e => e.Id).ToListAsync(Cancellation)).Order());
        Assert.Equal(kept, (await db.EventKeys.Select(k => k.Id).ToListAsync(Cancellation)).Order());
    }

    [Fact]
    public async Task ExpireEventsAsync_ManyEvents_RemovesThemAllStepByStep()
    {
        await Database.MigratedAsync();
        var project = (await Database.NewProjectAsync()).Id;
        await Database.NewWriter().WriteAsync(
            [.. Enumerable.Range(0, 1_100).Select(i => Event(project, 90, 100))], [], Cancellation);

        await Database.NewMaintenance().ExpireEventsAsync(Cancellation);
        await Database.NewMaintenance().ExpireEventsAsync(Cancellation);

        await using var db = Database.NewContext();
        Assert.Equal((0, 0), (await db.Events.CountAsync(Cancellation), await db.EventKeys.CountAsync(Cancellation)));
        Assert.Equal(1_100, (await db.Issues.SingleAsync(Cancellation)).EventCount);
    }

    [Fact]
    public async Task ExpireEventsAsync_Statistics_AreKeptForTwoYears()
    {
        await Database.MigratedAsync();
        var project = (await Database.NewProjectAsync()).Id;
        await Database.NewWriter().WriteAsync([Event(project, 90, 800), Event(project, 90, 731), Event(project, 90, 729)], [], Cancellation);

        await Database.NewMaintenance().ExpireEventsAsync(Cancellation);

        await using var db = Database.NewContext();
        var day = TestDatabase.Now.AddDays(-729);
        Assert.Equal(day, (await db.Set<IssueHour>().SingleAsync(Cancellation)).Hour);
        Assert.Equal(day, (await db.Set<OutcomeHour>().SingleAsync(Cancellation)).Hour);
    }

    protected static ProcessedEvent Event(long project, short retentionDays, int daysOld) =>
        TestEvents.Of(project, "Old", TestDatabase.Now.AddDays(-daysOld)) with { RetentionDays = retentionDays };
}

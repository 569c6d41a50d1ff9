using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests;

public sealed class SqliteMaintenanceTests : MaintenanceTests<SqliteTestDatabase>
{
    [Fact]
    public async Task MigrateAsync_EarlierProcessWasKilledWhileMigrating_DoesNotWaitForIt()
    {
        await using (var db = Database.NewContext())
        {
            // What EF leaves behind when its process dies between taking and releasing its lock.
            await db.Database.ExecuteSqlRawAsync("""
                CREATE TABLE "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL);
                INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-01-01 00:00:00');
                """, Cancellation);
        }

        Assert.Equal(Database.MigrationCount(), await Database.NewMaintenance().MigrateAsync(Cancellation));
    }

    [Fact]
    public async Task ExpireEventsAsync_EventsRemoved_GivesTheirPagesBack()
    {
        await Database.MigratedAsync();
        var project = (await Database.NewProjectAsync()).Id;
        await Database.NewWriter().WriteAsync(
            [.. Enumerable.Range(0, 500).Select(_ => Event(project, 90, 100) with { Body = new byte[20_000] })], [], Cancellation);
        var before = await PagesAsync();

        await Database.NewMaintenance().ExpireEventsAsync(Cancellation);

        Assert.True(await PagesAsync() < before / 10, $"{before} pages before, {await PagesAsync()} after");
    }

    [Fact]
    public async Task WriteAsync_WhileExpiryRuns_IsNotRefused()
    {
        await Database.MigratedAsync();
        var project = (await Database.NewProjectAsync()).Id;
        var writer = Database.NewWriter();
        await writer.WriteAsync([.. Enumerable.Range(0, 3_000).Select(_ => Event(project, 90, 100))], [], Cancellation);

        var expiry = Task.Run(() => Database.NewMaintenance().ExpireEventsAsync(Cancellation), Cancellation);
        var written = 0;
        while (!expiry.IsCompleted || written == 0)
            written += (await writer.WriteAsync([Event(project, 90, 0)], [], Cancellation)).Count;

        await expiry;
        await using var db = Database.NewContext();
        Assert.Equal(written, await db.Events.CountAsync(Cancellation));
    }

    [Fact]
    public async Task PrepareStorageAsync_TablesHaveGrown_QueriesFindAnIssueAndItsEventsByIndex()
    {
        await Database.MigratedAsync();
        var project = (await Database.NewProjectAsync()).Id;
        await Database.NewWriter().WriteAsync(
            [.. Enumerable.Range(0, 2_000).Select(i => TestEvents.Of(project, $"Fault{i % 40}", TestDatabase.Now.AddMinutes(-i)))], [], Cancellation);
        // A connection that was open before must not keep its old plans.
        await PagesAsync();

        await Database.NewMaintenance().PrepareStorageAsync(Cancellation);

        Assert.Contains("ix_events_project_id_hash_received_at", await PlanAsync("""
            SELECT event_id FROM events WHERE project_id = 1 AND hash = x'0A' AND received_at >= 1 AND received_at <= 2 ORDER BY received_at, id LIMIT 1
            """), StringComparison.Ordinal);
        Assert.DoesNotContain("SCAN i", await PlanAsync("""
            SELECT i.title FROM projects p JOIN issues i ON i.project_id = p.id WHERE p.deleted_at IS NULL AND i.id = 'A'
            """), StringComparison.Ordinal);
    }

    private async Task<string> PlanAsync(string query)
    {
        await using var db = Database.NewContext();
        await db.Database.OpenConnectionAsync(Cancellation);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + query;
        await using var reader = await command.ExecuteReaderAsync(Cancellation);
        var steps = new List<string>();
        while (await reader.ReadAsync(Cancellation))
            steps.Add(reader.GetString(3));

        return string.Join('\n', steps);
    }

    private Task<long> PagesAsync() => Database.ScalarAsync<long>("SELECT page_count AS \"Value\" FROM pragma_page_count");
}

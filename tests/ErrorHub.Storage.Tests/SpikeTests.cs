using ErrorHub.Stats;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests;

/// <summary>An issue that storms, or affects very many, is counted and does not fill the database.</summary>
public abstract class SpikeTests<TDatabase>(TDatabase database) : IClassFixture<TDatabase>, IAsyncLifetime
    where TDatabase : TestDatabase
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.MigratedAsync();
        database.Ingest.KeptEventsPerHour = 100;
    }

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WriteAsync_StormOfOneIssue_CountsAllAndKeepsFewerAndFewer()
    {
        var project = (await database.NewProjectAsync()).Id;
        var events = Enumerable.Range(0, 800).Select(i => TestEvents.Of(project, "Storm", user: $"user {i % 50}")).ToList();
        var quiet = TestEvents.Of(project, "Quiet");
        var writer = database.NewWriter();

        foreach (var batch in events.Append(quiet).Chunk(150))
            Assert.All(await writer.WriteAsync(batch, [], Cancellation), r => Assert.True(r.Stored));

        await using var db = database.NewContext();
        var storm = await db.Issues.SingleAsync(i => i.ProjectId == project && i.Type == "Storm", Cancellation);
        Assert.Equal((800L, 250L, 50L), (storm.EventCount, storm.KeptCount, storm.UserCount));
        Assert.Equal(250, await db.EventsOf(storm.Id).CountAsync(e => e.ProjectId == project, Cancellation));
        Assert.Equal(800, await db.IssueHours.Where(h => h.IssueId == storm.Id).SumAsync(h => h.Events, Cancellation));
        Assert.Equal(800, (await db.IssueTags.SingleAsync(t => t.IssueId == storm.Id && t.Key == "fault", Cancellation)).Events);
        var other = await db.Issues.SingleAsync(i => i.ProjectId == project && i.Type == "Quiet", Cancellation);
        Assert.Equal((1L, 1L), (other.EventCount, other.KeptCount));
        Assert.Equal(
            [("", 251L), ("spike", 550L)],
            (await db.OutcomeHours.Where(o => o.ProjectId == project).OrderBy(o => o.Reason).ToListAsync(Cancellation)).Select(o => (o.Reason, o.Quantity)));

        // What is not kept is known all the same.
        var again = await writer.WriteAsync([.. events.Select(e => e with { Id = Guid.CreateVersion7() })], [], Cancellation);
        Assert.All(again, r => Assert.False(r.Stored));
        Assert.Equal(800, (await database.NewContext().Issues.SingleAsync(i => i.Id == storm.Id, Cancellation)).EventCount);
    }

    [Fact]
    public async Task WriteAsync_MoreUsersThanAreCountedExactly_AreEstimated()
    {
        const int users = 14_000;
        var project = (await database.NewProjectAsync()).Id;
        var writer = database.NewWriter();
        var written = 0;
        foreach (var batch in Enumerable.Range(0, users).Select(i => TestEvents.Of(project, "Everyone", user: $"user {i}")).Chunk(1_000))
        {
            await writer.WriteAsync(batch, [], Cancellation);
            written += batch.Length;
            if (written == UserSketch.MaxExactUsers)
                Assert.Equal(UserSketch.MaxExactUsers, await UsersAsync(project));
        }

        Assert.InRange(await UsersAsync(project), users * 0.92, users * 1.08);
        await using var db = database.NewContext();
        Assert.Equal(UserSketch.MaxExactUsers, await db.IssueUsers.CountAsync(u => u.ProjectId == project, Cancellation));

        // Users who are known do not count again.
        var before = await UsersAsync(project);
        await writer.WriteAsync([.. Enumerable.Range(0, 1_000).Select(i => TestEvents.Of(project, "Everyone", user: $"user {i * 13}"))], [], Cancellation);
        Assert.Equal(before, await UsersAsync(project));
    }

    private async Task<long> UsersAsync(long project)
    {
        await using var db = database.NewContext();
        return (await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation)).UserCount;
    }
}

public sealed class SqliteSpikeTests(SqliteTestDatabase database) : SpikeTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlSpikeTests(PostgreSqlTestDatabase database) : SpikeTests<PostgreSqlTestDatabase>(database);

public sealed class JournalledSpikeTests(JournalledPostgreSqlTestDatabase database) : SpikeTests<JournalledPostgreSqlTestDatabase>(database);

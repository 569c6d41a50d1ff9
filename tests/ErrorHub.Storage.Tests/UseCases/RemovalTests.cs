using ErrorHub.Accounts;
using ErrorHub.Ingest;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Scrubbing;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>What was removed over time: counted with the events, bounded, and gone when it is old.</summary>
public abstract class RemovalTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    private const string Message = "exception.values[*].value";

    [Fact]
    public async Task GetRemovals_SeveralBatches_AddUpByDayRuleAndPlace()
    {
        var project = await Database.NewProjectAsync();
        var other = await Database.NewProjectAsync();
        var yesterday = Now.AddDays(-1);
        await WriteAsync(
            Event(project.Id, yesterday, new("email", Message, 2), new("creditcard", "extra.order", 1)),
            Event(project.Id, Now, new RemovalCount("email", Message, 3)),
            Event(other.Id, Now, new RemovalCount("iban", "message", 1)));
        await WriteAsync(Event(project.Id, Now, new("email", Message, 1), new("email", "user.email", 4)));

        var report = (await SendAsync(new GetRemovals(MemberOf(project.Id), project.Slug)))!;

        Assert.Equal(["email 10", "creditcard 1"], report.Rules.Select(r => $"{r.Rule} {r.Total}"));
        Assert.Equal((2, 8), (report.Rules[0].PerDay[^2], report.Rules[0].PerDay[^1]));
        Assert.Equal(
            [$"{Message} email 6", "user.email email 4", "extra.order creditcard 1"], report.Places.Select(p => $"{p.Path} {p.Rule} {p.Total}"));
        Assert.Null(await SendAsync(new GetRemovals(MemberOf(other.Id), project.Slug)));
    }

    [Fact]
    public async Task GetRemovals_DuplicateEvent_IsCountedOnce()
    {
        var project = await Database.NewProjectAsync();
        var e = Event(project.Id, Now, new RemovalCount("email", Message, 2));
        await WriteAsync(e);
        await WriteAsync(e with { Id = Guid.CreateVersion7() });

        Assert.Equal(2, Assert.Single((await SendAsync(new GetRemovals(AccessScope.System, project.Slug)))!.Rules).Total);
    }

    [Fact]
    public async Task GetRemovals_PlaceMetThisWeek_IsNew()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Event(project.Id, Now.AddDays(-20), new RemovalCount("email", Message, 1)));
        await WriteAsync(Event(project.Id, Now, new("email", Message, 1), new("email", "tags.customer", 1)));

        var report = (await SendAsync(new GetRemovals(AccessScope.System, project.Slug)))!;

        Assert.Equal("tags.customer", Assert.Single(report.Places, p => p.IsNew).Path);
        Assert.Equal(Now.AddDays(-20).Date, Assert.Single(report.Places, p => p.Path == Message).FirstSeen!.Value.UtcDateTime);
    }

    [Fact]
    public async Task GetRemovals_RulesInForceWithoutAHit_AreListedOwnOnesFirst()
    {
        var project = await Database.NewProjectAsync();
        var settings = new ScrubbingSettings { Rules = [new OwnRule("patient-no", @"PAT-\d{6}")], IpAddresses = AddressHandling.Keep, Variables = PartHandling.Drop };
        Assert.NotNull((await SendAsync(new SetScrubbing(AccessScope.System, project.Slug, settings))).Value);
        await WriteAsync(Event(project.Id, Now.AddDays(-100), new RemovalCount("iban", Message, 1)), Event(project.Id, Now, new RemovalCount("email", Message, 1)));

        var idle = (await SendAsync(new GetRemovals(AccessScope.System, project.Slug)))!.IdleRules;

        Assert.Equal(new IdleRule("patient-no", null, true), idle[0]);
        Assert.Equal(Now.AddDays(-100).Date, Assert.Single(idle, r => r.Rule == "iban").LastHit!.Value.UtcDateTime);
        Assert.Contains(idle, r => r.Rule == "variables");
        Assert.DoesNotContain(idle, r => r.Rule is "email" or "ip" or "bodies");
    }

    [Fact]
    public async Task WriteAsync_KeysThatSomebodyInvents_FillOneRowAndLoseNoCount()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Event(project.Id, Now, new RemovalCount("email", Message, 1)));
        for (var batch = 0; batch < 12; batch++)
            await WriteAsync(Enumerable.Range(0, 4).Select(i => Event(
                project.Id, Now, [.. Enumerable.Range(0, 64).Select(k => new RemovalCount("email", $"extra.k{batch}-{i}-{k}", 1))])));

        await WriteAsync(Event(project.Id, Now, new RemovalCount("email", Message, 1)));

        await using var db = Database.NewContext();
        var paths = await db.RemovalPaths.CountAsync(p => p.ProjectId == project.Id, Cancellation);
        var days = await db.RemovalDays.Where(r => r.ProjectId == project.Id).ToListAsync(Cancellation);
        Assert.Equal((RemovalPath.MaxPerProject, paths + 1), (paths, days.Count));
        Assert.Equal((12 * 4 * 64) + 2, days.Sum(r => r.Removals));
        Assert.Equal(2, days.Single(r => r.Path == Message).Removals);
    }

    [Fact]
    public async Task ExpireEventsAsync_OldDaysAndPlaces_AreForgotten()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(
            Event(project.Id, Now.AddDays(-800), new RemovalCount("iban", "tags.ancient", 1)),
            Event(project.Id, Now.AddDays(-100), new("iban", "tags.gone", 1), new("iban", "tags.back", 1)),
            Event(project.Id, Now, new RemovalCount("iban", "tags.back", 1)));

        await Database.NewMaintenance().ExpireEventsAsync(Cancellation);

        await using var db = Database.NewContext();
        Assert.Equal("tags.back", (await db.RemovalPaths.SingleAsync(p => p.ProjectId == project.Id, Cancellation)).Path);
        Assert.Equal(3, await db.RemovalDays.CountAsync(r => r.ProjectId == project.Id, Cancellation));
    }

    private static ProcessedEvent Event(long project, DateTimeOffset receivedAt, params RemovalCount[] removals) =>
        TestEvents.Of(project, "Leak", receivedAt) with { Removals = removals };
}

public sealed class SqliteRemovalTests(SqliteTestDatabase database) : RemovalTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlRemovalTests(PostgreSqlTestDatabase database) : RemovalTests<PostgreSqlTestDatabase>(database);

/// <summary>The same, when every batch is noted down first and counted after.</summary>
public sealed class JournalledRemovalTests(JournalledPostgreSqlTestDatabase database) : RemovalTests<JournalledPostgreSqlTestDatabase>(database);

using ErrorHub.Accounts;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Protocol.Events;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

public abstract class SearchIssuesTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    private static readonly SentryLevel[] Levels = [SentryLevel.Debug, SentryLevel.Info, SentryLevel.Warning, SentryLevel.Error, SentryLevel.Fatal];

    [Theory]
    [InlineData(IssueSort.Severity, null)]
    [InlineData(IssueSort.LastSeen, null)]
    [InlineData(IssueSort.FirstSeen, null)]
    [InlineData(IssueSort.Events, null)]
    [InlineData(IssueSort.Events, 48)]
    [InlineData(IssueSort.Users, null)]
    [InlineData(IssueSort.Trends, null)]
    [InlineData(IssueSort.Trends, 48)]
    public async Task Handle_EverySort_PagesThroughOneOrderForwardsAndBack(IssueSort sort, int? hours)
    {
        var project = await ManyIssuesAsync();
        var period = hours is { } h ? TimeSpan.FromHours(h) : (TimeSpan?)null;
        var expected = await InOrderAsync(project, sort, period);

        var forwards = new List<IssuePage> { await PageAsync(null) };
        while (forwards[^1].Next is { } next)
            forwards.Add(await PageAsync(next));
        var backwards = new List<IssuePage> { forwards[^1] };
        while (backwards[^1].Previous is { } previous)
            backwards.Add(await PageAsync(previous));

        Assert.True(forwards.Count > 3);
        Assert.Equal(expected, forwards.SelectMany(p => p.Rows).Select(r => r.Id));
        // Backwards the pages are cut from the other end, so only their rows compare.
        Assert.Equal(expected, Enumerable.Reverse(backwards).SelectMany(p => p.Rows).Select(r => r.Id).Distinct());
        Assert.Null(forwards[0].Previous);
        Assert.Null(backwards[^1].Previous);

        Task<IssuePage> PageAsync(string? cursor) =>
            SendAsync(new SearchIssues(AccessScope.System, [project], null, "", sort, period, cursor, 4));
    }

    [Fact]
    public async Task Handle_IssueMovesUpBetweenPages_NoRowComesTwice()
    {
        var project = await ManyIssuesAsync();
        var first = await SearchAsync(project, "", limit: 5);
        var second = await SearchAsync(project, "", limit: 5, cursor: first.Next);
        await WriteAsync(TestEvents.Of(project, second.Rows[2].Type!, Now.AddMinutes(1)));

        var again = await SearchAsync(project, "", limit: 5, cursor: first.Next);

        Assert.Empty(first.Rows.Select(r => r.Id).Intersect(again.Rows.Select(r => r.Id)));
        Assert.DoesNotContain(second.Rows[2].Id, again.Rows.Select(r => r.Id));
    }

    [Theory]
    [InlineData("", "alpha beta delta epsilon gamma")]
    [InlineData("is:unresolved", "alpha beta epsilon")]
    [InlineData("is:resolved", "gamma")]
    [InlineData("is:archived", "delta")]
    [InlineData("is:ignored", "delta")]
    [InlineData("is:regressed", "epsilon")]
    [InlineData("is:new", "alpha beta")]
    [InlineData("is:for_review", "alpha beta epsilon")]
    [InlineData("is:ongoing", "")]
    [InlineData("is:assigned", "epsilon")]
    [InlineData("is:unassigned is:unresolved", "alpha beta")]
    [InlineData("assigned:me", "epsilon")]
    [InlineData("assigned:none !is:archived", "alpha beta gamma")]
    [InlineData("assigned:EVE@example.com", "epsilon")]
    [InlineData("level:fatal", "alpha")]
    [InlineData("level:[warning, info]", "delta gamma")]
    [InlineData("!level:error", "alpha delta gamma")]
    [InlineData("100%_off", "beta")]
    [InlineData("%", "beta")]
    [InlineData("0%_o", "beta")]
    [InlineData("0__o", "")]
    [InlineData("ALPHA", "alpha")]
    [InlineData("!alpha stock", "beta delta epsilon gamma")]
    [InlineData("\"no stock\"", "alpha beta delta epsilon gamma")]
    [InlineData("\"stock no\"", "")]
    [InlineData("platform:node", "beta")]
    [InlineData("platform:py*", "alpha delta epsilon gamma")]
    [InlineData("shop:berlin", "alpha")]
    [InlineData("shop:[berlin, paris]", "alpha beta")]
    [InlineData("shop:*er*", "alpha")]
    [InlineData("has:shop", "alpha beta")]
    [InlineData("!has:shop", "delta epsilon gamma")]
    [InlineData("shop:\"\"", "delta epsilon gamma")]
    [InlineData("logger:shop", "alpha beta epsilon gamma")]
    [InlineData("!logger:shop", "delta")]
    [InlineData("error.type:alpha", "alpha")]
    [InlineData("error.unhandled:true", "alpha")]
    [InlineData("error.handled:true", "beta delta epsilon gamma")]
    [InlineData("timesSeen:>2", "alpha")]
    [InlineData("timesSeen:<=1", "beta delta gamma")]
    [InlineData("firstSeen:+7d", "gamma")]
    [InlineData("lastSeen:-24h", "alpha beta delta epsilon")]
    [InlineData("lastSeen:<2026-11-24", "gamma")]
    [InlineData("'; DROP TABLE issues; --", "")]
    [InlineData("shop:'", "")]
    public async Task Handle_Query_FindsWhatItSays(string query, string expected)
    {
        var (project, me) = await FiveIssuesAsync();

        var page = await SendAsync(new SearchIssues(
            AccessScope.System with { Actor = Actor.System with { UserId = me } }, [project], null, query, IssueSort.LastSeen, null, null, 100));

        Assert.Null(page.QueryError);
        Assert.Equal(expected, string.Join(' ', page.Rows.Select(r => r.Type).Order()));
    }

    [Fact]
    public async Task Handle_ProjectAndShortId_AreFoundByTheirNames()
    {
        var (one, two) = (await Database.NewProjectAsync(), await Database.NewProjectAsync());
        await WriteAsync(TestEvents.Of(one.Id, "A"), TestEvents.Of(one.Id, "B"), TestEvents.Of(two.Id, "A"));

        Assert.Equal(["A", "B"], await TypesAsync($"project:{one.Slug}"));
        Assert.Equal(["B"], await TypesAsync($"issue:{one.Slug.ToUpperInvariant()}-2"));
        Assert.Equal(["A"], await TypesAsync($"issue:{two.Slug}-1"));
        Assert.Empty(await TypesAsync($"issue:{two.Slug}-2"));

        async Task<IEnumerable<string?>> TypesAsync(string query) => (await SendAsync(new SearchIssues(
            MemberOf(one.Id, two.Id), [], null, query, IssueSort.FirstSeen, null, null, 10))).Rows.Select(r => r.Type).Order();
    }

    [Theory]
    [InlineData("is:purple")]
    [InlineData("level:bad")]
    [InlineData("timesSeen:many")]
    public async Task Handle_QueryIsWrong_SaysSoAndFindsNothing(string query)
    {
        var (project, _) = await NewIssueAsync();

        var page = await SearchAsync(project, query);

        Assert.Empty(page.Rows);
        Assert.NotNull(page.QueryError);
    }

    [Fact]
    public async Task Handle_CursorOfAnotherOrderOrAltered_IsRefused()
    {
        var project = await ManyIssuesAsync();
        var cursor = (await SearchAsync(project, "", limit: 2)).Next!;

        Assert.NotNull((await SendAsync(
            new SearchIssues(AccessScope.System, [project], null, "", IssueSort.Users, null, cursor, 2))).QueryError);
        Assert.NotNull((await SearchAsync(project, "", cursor: "x" + cursor[1..])).QueryError);
        Assert.NotNull((await SearchAsync(project, "", cursor: "")).QueryError);
    }

    [Fact]
    public async Task Handle_EnvironmentAndPeriod_CountOnlyWhatIsInThem()
    {
        var project = (await Database.NewProjectAsync()).Id;
        await WriteAsync(
            In("production", "alpha", 0), In("production", "alpha", 3), In("staging", "alpha", 3), In("staging", "alpha", 200),
            In("production", "beta", 1), In("staging", "old", 200));

        var staging = await RowsAsync("staging", null);
        var day = await RowsAsync(null, TimeSpan.FromDays(1));
        var both = await RowsAsync("staging", TimeSpan.FromDays(1));

        Assert.Equal([("alpha", 2L, 4L), ("old", 1L, 1L)], staging.Select(r => (r.Type!, r.Events, r.TotalEvents)));
        Assert.Equal([("alpha", 3L, 4L), ("beta", 1L, 1L)], day.Select(r => (r.Type!, r.Events, r.TotalEvents)));
        Assert.Equal([("alpha", 1L, 4L)], both.Select(r => (r.Type!, r.Events, r.TotalEvents)));
        var hours = day.Single(r => r.Type == "alpha").Last24Hours;
        Assert.Equal((24, 3, 1, 2), (hours.Count, hours.Sum(), hours[23], hours[20]));

        ProcessedEvent In(string environment, string fault, int hoursAgo) =>
            TestEvents.Of(project, fault, Now.AddHours(-hoursAgo)) with { Environment = environment };

        async Task<IEnumerable<IssueRow>> RowsAsync(string? environment, TimeSpan? period) => (await SendAsync(
            new SearchIssues(AccessScope.System, [project], environment, "", IssueSort.LastSeen, period, null, 10))).Rows.OrderBy(r => r.Type);
    }

    /// <summary>23 issues with many ties in every order.</summary>
    private async Task<long> ManyIssuesAsync()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var random = new Random(5);
        await WriteAsync(Enumerable.Range(0, 23).SelectMany(fault => Enumerable.Range(0, 1 + (fault % 3)).Select(_ =>
            TestEvents.Of(project, $"Fault{fault}", Now.AddHours(-random.Next(40)), $"user{random.Next(3)}") with
            {
                Level = Levels[random.Next(Levels.Length)],
                Handled = random.Next(2) == 0,
            })));
        return project;
    }

    private async Task<List<Guid>> InOrderAsync(long project, IssueSort sort, TimeSpan? period)
    {
        await using var db = Database.NewContext();
        var issues = await db.Issues.Where(i => i.ProjectId == project).ToListAsync(Cancellation);
        var hours = await db.IssueHours.Where(h => h.ProjectId == project).ToListAsync(Cancellation);
        long EventsSince(Issue issue, DateTimeOffset from) => hours.Where(h => h.IssueId == issue.Id && h.Hour >= from).Sum(h => h.Events);
        var ordered = sort switch
        {
            IssueSort.LastSeen => issues.OrderByDescending(i => i.LastSeen),
            IssueSort.FirstSeen => issues.OrderByDescending(i => i.FirstSeen),
            IssueSort.Severity => issues.OrderByDescending(i => IssueSeverity.Of(i.Level, i.Handled).Score).ThenByDescending(i => i.LastSeen),
            IssueSort.Events => issues.OrderByDescending(i => EventsSince(i, Now - period ?? DateTimeOffset.MinValue)).ThenByDescending(i => i.LastSeen),
            IssueSort.Users => issues.OrderByDescending(i => i.UserCount).ThenByDescending(i => i.LastSeen),
            _ => issues.OrderByDescending(i => EventsSince(i, Now.AddHours(-23))).ThenByDescending(i => i.LastSeen),
        };
        return [.. ordered.ThenByDescending(i => i.Id).Select(i => i.Id)];
    }

    private async Task<(long Project, Guid Me)> FiveIssuesAsync()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var alpha = TestEvents.Of(project, "alpha", user: "ada") with
        {
            Level = SentryLevel.Fatal,
            Handled = false,
            Tags = [new("shop", "berlin")],
        };
        var beta = TestEvents.Of(project, "beta") with { Platform = "node", Handled = true, Tags = [new("shop", "paris")] };
        var epsilon = TestEvents.Of(project, "epsilon", Now.AddHours(-2)) with { Handled = null };
        var results = await WriteAsync(
            alpha, TestEvents.Of(project, "alpha") with { Level = SentryLevel.Fatal, Tags = [] }, TestEvents.Of(project, "alpha") with { Level = SentryLevel.Fatal },
            beta with { Heading = beta.Heading with { Title = "beta: 100%_off", Value = "no stock" } },
            TestEvents.Of(project, "gamma", Now.AddDays(-9)) with { Level = SentryLevel.Warning, Handled = true },
            TestEvents.Of(project, "delta") with { Level = SentryLevel.Info, Handled = true, Logger = null },
            epsilon);
        await SetStatusAsync(results[4].IssueId, IssueStatus.Resolved);
        await SetStatusAsync(results[5].IssueId, IssueStatus.Archived);
        await SetStatusAsync(results[6].IssueId, IssueStatus.Resolved);
        await WriteAsync(TestEvents.Of(project, "epsilon", Now.AddMinutes(1)) with { Handled = true });

        await using var db = Database.NewContext();
        var me = new User
        {
            Id = Guid.CreateVersion7(),
            Name = "Eve",
            UserName = $"eve{project}",
            Email = "eve@example.com",
            NormalizedEmail = "EVE@EXAMPLE.COM",
            Role = UserRole.Member,
            CreatedAt = Now,
        };
        db.Users.Add(me);
        await db.SaveChangesAsync(Cancellation);
        await SendAsync(new UpdateIssues(AccessScope.System, [results[6].IssueId], null, new Assignment(me.Id)));
        return (project, me.Id);
    }

    private Task<IssuePage> SearchAsync(long project, string query, int limit = 100, string? cursor = null) =>
        SendAsync(new SearchIssues(AccessScope.System, [project], null, query, IssueSort.LastSeen, null, cursor, limit));
}

public sealed class SqliteSearchIssuesTests(SqliteTestDatabase database) : SearchIssuesTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlSearchIssuesTests(PostgreSqlTestDatabase database) : SearchIssuesTests<PostgreSqlTestDatabase>(database);

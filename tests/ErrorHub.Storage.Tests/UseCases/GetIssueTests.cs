using ErrorHub.Accounts;
using ErrorHub.Issues;
using ErrorHub.Releases;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>An issue's page, the totals over a list, and the environments to choose from.</summary>
public abstract class GetIssueTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    [Fact]
    public async Task GetIssue_SeenInTwoEnvironments_TellsDaysTagsHistoryAndWhy()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var first = TestEvents.Of(project, "Fault", Now.AddDays(-29)) with { Environment = "staging" };
        await WriteAsync(first, TestEvents.Of(project, "Fault", Now.AddDays(-1), "ada"), TestEvents.Of(project, "Fault", Now, "ada"));
        var issue = (await WriteAsync(TestEvents.Of(project, "Fault", Now.AddDays(-31)) with { Environment = "" }))[0].IssueId;

        var details = (await SendAsync(new GetIssue(MemberOf(project), issue)))!;

        Assert.Equal((4L, 4L, 1L), (details.Row.Events, details.Row.TotalEvents, details.Row.Users));
        Assert.Equal((Now.AddDays(-31), Now), (details.Row.FirstSeen, details.Row.LastSeen));
        Assert.Equal(($"P{project}-1", IssueSubstatus.Ongoing), (details.Row.ShortId, details.Row.Substatus));
        Assert.Equal((30, 1, 1, 1, 3), (details.Last30Days.Count, details.Last30Days[0], details.Last30Days[28], details.Last30Days[29], details.Last30Days.Sum()));
        Assert.Equal(["production", "staging"], details.Environments);
        Assert.Equal(("app", "type: Fault", "frame: pay in shop.cart"), (details.GroupingVariant, details.GroupingWhy[0], details.GroupingWhy[1]));
        var created = Assert.Single(details.History);
        // Of the first batch the writer took, the event that came first in it.
        Assert.Equal((IssueTransitionKind.Created, first.EventId.ToString()), (created.Kind, created.EventId));
    }

    [Fact]
    public async Task GetIssue_TagWithManyValues_ShowsTheMostFrequentAndHowManyThereAre()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var issue = (await WriteAsync(Enumerable.Range(1, 12).SelectMany(value => Enumerable.Range(0, value).Select(_ =>
            TestEvents.Of(project, "Tagged") with { Tags = [new("value", $"v{value:00}"), new("all", "same")] }))))[0].IssueId;

        var tags = (await SendAsync(new GetIssue(AccessScope.System, issue)))!.Tags;

        Assert.Equal([("all", 78L, 1), ("value", 78L, 12)], tags.Select(t => (t.Key, t.Events, t.DistinctValues)));
        Assert.Equal(
            Enumerable.Range(3, 10).Reverse().Select(v => ($"v{v:00}", (long)v)), tags[1].TopValues.Select(v => (v.Value, v.Events)));
    }

    [Fact]
    public async Task GetIssueTotals_IssuesInEveryState_CountsThemAndTheirEvents()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var results = await WriteAsync(
            TestEvents.Of(project, "New"), TestEvents.Of(project, "Resolved"), TestEvents.Of(project, "Archived"),
            TestEvents.Of(project, "Back"), TestEvents.Of(project, "Old", Now.AddDays(-8)), TestEvents.Of(project, "New", Now.AddHours(-30)));
        await SetStatusAsync(results[1].IssueId, IssueStatus.Resolved);
        await SetStatusAsync(results[2].IssueId, IssueStatus.Archived);
        await SetStatusAsync(results[3].IssueId, IssueStatus.Resolved);
        await WriteAsync(TestEvents.Of(project, "Back", Now.AddMinutes(1)) with { Environment = "staging" });

        var all = await SendAsync(new GetIssueTotals(MemberOf(project), [], null, null));
        var day = await SendAsync(new GetIssueTotals(MemberOf(project), [project], null, TimeSpan.FromDays(1)));
        var staging = await SendAsync(new GetIssueTotals(MemberOf(project), [project], "staging", TimeSpan.FromDays(1)));

        Assert.Equal((3L, 1L, 1L, 1L, 1L, 7L), (all.Unresolved, all.New, all.Regressed, all.Archived, all.Resolved, all.Events));
        Assert.Equal((2L, 5L, 5L), (day.Unresolved, day.Events, day.Series[^1]));
        Assert.Equal((1L, 1L, TimeSpan.FromHours(1)), (staging.All, staging.Events, staging.Step));
    }

    [Fact]
    public async Task ListEnvironments_OfTheCallersProjects_MostRecentFirst()
    {
        var (one, two, foreign) = ((await Database.NewProjectAsync()).Id, (await Database.NewProjectAsync()).Id, (await Database.NewProjectAsync()).Id);
        await WriteAsync(
            TestEvents.Of(one, "A", Now.AddHours(-3)), TestEvents.Of(one, "A", Now.AddHours(-1)) with { Environment = "staging" },
            TestEvents.Of(two, "A", Now) with { Environment = "canary" }, TestEvents.Of(two, "A", Now.AddHours(-2)),
            TestEvents.Of(two, "A") with { Environment = "" }, TestEvents.Of(foreign, "A") with { Environment = "secret" });

        Assert.Equal(["canary", "staging", "production"], await SendAsync(new ListEnvironments(MemberOf(one, two), [])));
        Assert.Equal(["staging", "production"], await SendAsync(new ListEnvironments(MemberOf(one, two), [one, foreign])));
        Assert.Empty(await SendAsync(new ListEnvironments(MemberOf(one, two), [foreign])));
    }
}

public sealed class SqliteGetIssueTests(SqliteTestDatabase database) : GetIssueTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlGetIssueTests(PostgreSqlTestDatabase database) : GetIssueTests<PostgreSqlTestDatabase>(database);

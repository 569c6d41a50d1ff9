using ErrorHub.Accounts;
using ErrorHub.Grouping;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Protocol.Events;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>Dividing an issue by the call paths of its events.</summary>
public abstract class SplitIssueTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    [Fact]
    public async Task ListCallPaths_TwoCallers_AreTwoPathsOfOneIssue()
    {
        var (project, issue) = await NewDoubleAsync();

        var list = await SendAsync(new ListCallPaths(MemberOf(project), issue));

        Assert.Equal(10, list!.Events);
        Assert.Equal([(6, Now.AddMinutes(-10)), (4, Now)], list.Paths.Select(p => (p.Events, p.LastSeen)));
        Assert.Contains(list.Paths[0].Path.Parts, part => part.Contains("checkout", StringComparison.Ordinal));
        Assert.Null(await SendAsync(new ListCallPaths(MemberOf(project + 1_000), issue)));
    }

    [Fact]
    public async Task SplitIssue_OnePath_HasItsEventsAndCountsFromNowOnToo()
    {
        var (project, issue) = await NewDoubleAsync();
        var path = await PathAsync(issue, "import");

        var parted = (await SplitAsync(issue, path)).Value!;

        Assert.Equal($"P{project}-2", parted.ShortId);
        await Database.AssertCountsEqualRecountAsync(project);
        await using var db = Database.NewContext();
        var counts = await db.Issues.Where(i => i.ProjectId == project).OrderBy(i => i.Number).Select(i => i.EventCount).ToListAsync(Cancellation);
        Assert.Equal([6, 4], counts);
        var splits = CallPaths.TextOf((await db.CallPathSplits.Where(s => s.ProjectId == project).ToListAsync(Cancellation)).Select(s => (s.Hash, s.Strict)))!;
        var results = await WriteAsync(Divided(Caller(project, "import"), splits), Divided(Caller(project, "checkout"), splits));
        Assert.Equal([parted.IssueId, issue], results.Select(r => (Guid?)r.IssueId));
        Assert.Equal([IssueTransitionKind.Created, IssueTransitionKind.Parted], (await SendAsync(new GetIssue(AccessScope.System, issue)))!.History.Select(h => h.Kind).Order());
        Assert.Equal(("issue.split", $"1 call path to P{project}-2"), await db.Activity.Where(a => a.ProjectId == project).Select(a => new ValueTuple<string, string?>(a.Action, a.Detail)).SingleAsync(Cancellation));
        // What was split is one path, and nothing more can be split off it.
        Assert.Single((await SendAsync(new ListCallPaths(AccessScope.System, parted.IssueId!.Value)))!.Paths);
    }

    [Fact]
    public async Task SplitIssue_ThenMerged_IsOneAgainAndStaysSo()
    {
        var (project, issue) = await NewDoubleAsync();
        var parted = (await SplitAsync(issue, await PathAsync(issue, "import"))).Value!;

        Assert.Equal(issue, (await SendAsync(new MergeIssues(AccessScope.System, [issue, parted.IssueId!.Value]))).Value!.IssueId);

        await Database.AssertCountsEqualRecountAsync(project);
        await using var db = Database.NewContext();
        var splits = CallPaths.TextOf((await db.CallPathSplits.Where(s => s.ProjectId == project).ToListAsync(Cancellation)).Select(s => (s.Hash, s.Strict)))!;
        Assert.Equal(issue, (await WriteAsync(Divided(Caller(project, "import"), splits)))[0].IssueId);
        Assert.Equal(2, (await SendAsync(new ListCallPaths(AccessScope.System, issue)))!.Paths.Count);
    }

    [Fact]
    public async Task SplitIssue_PartDeletedAndPathSeenAgain_CanBeSplitAgain()
    {
        var (project, issue) = await NewDoubleAsync();
        var path = await PathAsync(issue, "import");
        await SendAsync(new DeleteIssue(AccessScope.System, (await SplitAsync(issue, path)).Value!.IssueId!.Value));
        // Of the spool: it was taken before the split was known.
        await WriteAsync(Caller(project, "import"));

        var parted = (await SplitAsync(issue, path)).Value;

        Assert.Equal(1, (await SendAsync(new GetIssue(AccessScope.System, parted!.IssueId!.Value)))!.Row.TotalEvents);
    }

    [Fact]
    public async Task SplitIssue_AllUnknownOrForeign_IsRefused()
    {
        var (project, issue) = await NewDoubleAsync();
        var (one, two) = (await PathAsync(issue, "import"), await PathAsync(issue, "checkout"));

        foreach (var paths in (string[][])[[], ["x"], [new string('0', 32)], [one, two]])
            Assert.Equal(Refusal.Invalid, (await SplitAsync(issue, paths)).Refusal);
        Assert.Equal(Refusal.NotFound, (await SendAsync(new SplitIssue(MemberOf(project + 1_000), issue, [one]))).Refusal);

        await using var db = Database.NewContext();
        Assert.Equal(10, (await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation)).EventCount);
        Assert.Equal(0, await db.CallPathSplits.CountAsync(s => s.ProjectId == project, Cancellation));
    }

    [Fact]
    public async Task SplitIssue_WhileEventsArrive_LosesAndDoublesNothing()
    {
        var (project, issue) = await NewDoubleAsync();
        var path = await PathAsync(issue, "import");
        var started = new TaskCompletionSource();
        var writing = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            var to = Database.NewWriter();
            for (var round = 0; round < 30; round++)
            {
                // These do not know of the split yet, and stay in the issue unless it saw them.
                await to.WriteAsync([Caller(project, "import"), Caller(project, "checkout", Now.AddHours(-round))], [], Cancellation);
                started.TrySetResult();
            }
        }, Cancellation)).ToList();

        await started.Task;
        Assert.Null((await SplitAsync(issue, path)).Problem);
        await Task.WhenAll(writing);

        await Database.AssertCountsEqualRecountAsync(project);
        await using var db = Database.NewContext();
        Assert.Equal(10 + (2 * 30 * 2), await db.Issues.Where(i => i.ProjectId == project).SumAsync(i => i.EventCount, Cancellation));
    }

    /// <summary>An issue of 6 events reached by one caller and 4 by another.</summary>
    private async Task<(long Project, Guid Issue)> NewDoubleAsync()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var events = Enumerable.Range(0, 10).Select(i => i < 6
            ? Caller(project, "checkout", Now.AddMinutes(-10 * (i + 1)))
            : Caller(project, "import", Now.AddHours(6 - i)));
        return (project, (await WriteAsync(events))[0].IssueId);
    }

    private static ProcessedEvent Caller(long project, string caller, DateTimeOffset? at = null) =>
        TestEvents.WithBody(project, "OutOfStock", at ?? Now, $"user of {caller}", caller: caller);

    // As the ingest does with an event of a project that has splits.
    private static ProcessedEvent Divided(ProcessedEvent e, string splits)
    {
        Assert.True(EventJson.TryParse(ErrorHub.Events.PayloadCodec.Decompress(e.Body.Span, e.Codec, e.BodyBytes), out var body));
        return e with { Grouping = CallPaths.Divide(e.Grouping, body, splits) };
    }

    private async Task<string> PathAsync(Guid issue, string caller) => (await SendAsync(new ListCallPaths(AccessScope.System, issue)))!.Paths
        .Single(p => p.Path.Parts.Any(part => part.Contains(caller, StringComparison.Ordinal))).Path.Hash.ToString();

    private Task<ChangeResult<PartedIssue>> SplitAsync(Guid issue, params string[] paths) => SendAsync(new SplitIssue(AccessScope.System, issue, paths));
}

public sealed class SqliteSplitIssueTests(SqliteTestDatabase database) : SplitIssueTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlSplitIssueTests(PostgreSqlTestDatabase database) : SplitIssueTests<PostgreSqlTestDatabase>(database);

public sealed class JournalledSplitIssueTests(JournalledPostgreSqlTestDatabase database) : SplitIssueTests<JournalledPostgreSqlTestDatabase>(database);

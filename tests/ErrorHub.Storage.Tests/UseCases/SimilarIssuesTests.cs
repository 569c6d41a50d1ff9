using System.Text;
using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Issues;
using ErrorHub.Similarity;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>Finding issues with stacks like another's.</summary>
public abstract class SimilarIssuesTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    [Fact]
    public async Task FindSimilarIssues_MostAlikeFirst_InAllProjectsTheCallerSees()
    {
        var (project, other, foreign) = ((await Database.NewProjectAsync()).Id, (await Database.NewProjectAsync()).Id, (await Database.NewProjectAsync()).Id);
        var issue = await NewIssueAsync(project, "Asked", "pay", "checkout", "handle", "main");
        var near = await NewIssueAsync(project, "Near", "pay", "checkout", "retry", "main");
        var same = await NewIssueAsync(other, "Same", "pay", "checkout", "handle", "main");
        await NewIssueAsync(project, "Far", "render", "page", "layout", "draw");
        await NewIssueAsync(foreign, "Foreign", "pay", "checkout", "handle", "main");
        await RecordAsync();

        var found = await SendAsync(new FindSimilarIssues(MemberOf(project, other), issue, 10));

        Assert.Equal([same, near], found!.Select(f => f.Row.Id));
        Assert.Equal(1, found![0].Similarity, 1e-3);
        Assert.InRange(found[1].Similarity, FindSimilarIssues.LeastSimilarity, 0.95);
        Assert.Equal([same], (await SendAsync(new FindSimilarIssues(MemberOf(project, other), issue, 1)))!.Select(f => f.Row.Id));
        Assert.Null(await SendAsync(new FindSimilarIssues(MemberOf(other), issue, 10)));
    }

    [Fact]
    public async Task FindSimilarIssues_AfterMerge_FollowsTheHashes()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var issue = await NewIssueAsync(project, "Asked", "read", "parse", "load");
        var near = await NewIssueAsync(project, "Near", "read", "parse", "save");
        var target = await NewIssueAsync(project, "Target", "draw", "frame", "loop");
        await RecordAsync();

        await SendAsync(new MergeIssues(AccessScope.System, [near, target]));

        var found = Assert.Single((await SendAsync(new FindSimilarIssues(MemberOf(project), issue, 10)))!);
        Assert.NotEqual(issue, found.Row.Id);
        Assert.Equal(2, found.Row.TotalEvents);
        await SendAsync(new MergeIssues(AccessScope.System, [found.Row.Id, issue]));
        var one = (await SendAsync(new FindMergedIssue(MemberOf(project), issue))) ?? issue;
        Assert.Empty((await SendAsync(new FindSimilarIssues(MemberOf(project), one, 10)))!);
    }

    [Fact]
    public async Task FindSimilarIssues_LaterAndDeletedOnes_AreFoundAndGone()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var issue = await NewIssueAsync(project, "Asked", "open", "connect", "dial");
        await RecordAsync();
        Assert.Empty((await SendAsync(new FindSimilarIssues(MemberOf(project), issue, 10)))!);

        var late = await NewIssueAsync(project, "Late", "open", "connect", "redial");
        await RecordAsync();

        Assert.Equal([late], (await SendAsync(new FindSimilarIssues(MemberOf(project), issue, 10)))!.Select(f => f.Row.Id));
        await SendAsync(new DeleteIssue(AccessScope.System, late));
        Assert.Empty((await SendAsync(new FindSimilarIssues(MemberOf(project), issue, 10)))!);
        await using var db = Database.NewContext();
        Assert.Equal(1, await db.IssueStacks.CountAsync(s => s.ProjectId == project, Cancellation));
    }

    [Fact]
    public async Task RecordStacks_WithoutAStack_IsNotAskedAgain()
    {
        var (project, issue) = await NewIssueAsync();

        var recorded = await SendAsync(new RecordStacks([issue], 10));

        Assert.Equal((project, null), (Assert.Single(recorded).ProjectId, recorded[0].Path));
        Assert.Empty(await SendAsync(new RecordStacks([issue], 10)));
        Assert.Empty((await SendAsync(new FindSimilarIssues(MemberOf(project), issue, 10)))!);
    }

    private async Task RecordAsync()
    {
        while ((await SendAsync(new RecordStacks(null, 100))).Count == 100)
        {
        }

        // What this process did not keep itself it looks for once a minute.
        Database.Time.Advance(TimeSpan.FromMinutes(1));
    }

    /// <summary>An issue whose event has these functions on its stack, crash site first.</summary>
    private async Task<Guid> NewIssueAsync(long project, string fault, params string[] functions)
    {
        var frames = string.Join(',', functions.Reverse().Select(f => $$"""{"function":"{{f}}","module":"shop"}"""));
        var json = Encoding.UTF8.GetBytes($$$"""{"platform":"python","exception":{"values":[{"type":"T","stacktrace":{"frames":[{{{frames}}}]}}]}}""");
        return (await WriteAsync(TestEvents.Of(project, fault) with { Body = PayloadCodec.Compress(json), BodyBytes = json.Length }))[0].IssueId;
    }
}

public sealed class SqliteSimilarIssuesTests(SqliteTestDatabase database) : SimilarIssuesTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlSimilarIssuesTests(PostgreSqlTestDatabase database) : SimilarIssuesTests<PostgreSqlTestDatabase>(database);

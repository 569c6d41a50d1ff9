using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Protocol.Events;
using ErrorHub.Stats;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>Making one issue of several.</summary>
public abstract class MergeIssuesTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    [Fact]
    public async Task MergeIssues_Two_LargerHasAllOfBoth()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var small = await NewIssueAsync(project, "Small", [
            TestEvents.Of(project, "Small", Now.AddHours(-9), "ada") with { Release = "shop@0.9" },
            TestEvents.Of(project, "Small", Now, "bob") with { Level = SentryLevel.Fatal, Release = "shop@2.0", Environment = "test" }]);
        var large = await NewIssueAsync(project, "Large", [
            .. Enumerable.Range(0, 5).Select(i => TestEvents.Of(project, "Large", Now.AddHours(-i - 1), i % 2 == 0 ? "ada" : "eve"))]);

        var merged = await MergeAsync(small, large);

        Assert.Equal((large, $"P{project}-2"), (merged.IssueId, merged.ShortId));
        Assert.Equal([small], merged.MergedIds);
        await Database.AssertCountsEqualRecountAsync(project);
        await using var db = Database.NewContext();
        var issue = await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation);
        Assert.Equal((7L, 7L, 3L), (issue.EventCount, issue.KeptCount, issue.UserCount));
        Assert.Equal((Now.AddHours(-9), Now, Issue.MinuteOf(Now)), (issue.FirstSeen, issue.LastSeen, issue.LastSeenMinute));
        // The first event says since which release, the newest what lists show.
        Assert.Equal(
            ("shop@0.9", "shop@2.0", "test", "Small: no stock", SentryLevel.Fatal),
            (issue.FirstRelease, issue.LastRelease, issue.LastEnvironment, issue.Title, issue.Level));
        Assert.Equal(3, await db.IssueUsers.CountAsync(u => u.IssueId == large, Cancellation));
    }

    [Fact]
    public async Task MergeIssues_EquallyMany_OldestStays()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var young = await NewIssueAsync(project, "Young");
        var old = await NewIssueAsync(project, "Old", [TestEvents.Of(project, "Old", Now.AddDays(-1))]);

        Assert.Equal(old, (await MergeAsync(young, old)).IssueId);
    }

    [Fact]
    public async Task MergeIssues_Merged_IsInHistoryAndActivityAndLeadsToTheOther()
    {
        var (project, issues) = await NewIssuesAsync(3);
        await SetStatusAsync(issues[1], IssueStatus.Resolved);
        var scope = MemberOf(project);

        await SendAsync(new MergeIssues(scope, issues));

        Assert.Equal(issues[0], await SendAsync(new FindMergedIssue(scope, issues[1])));
        Assert.Equal(issues[0], await SendAsync(new FindIssueByShortId(scope, $"p{project}-3")));
        Assert.Null(await SendAsync(new FindIssueByShortId(scope, $"p{project}-3", FollowMerges: false)));
        Assert.Null(await SendAsync(new FindMergedIssue(scope, issues[0])));
        Assert.Null(await SendAsync(new FindMergedIssue(MemberOf(project + 1_000), issues[1])));
        var details = await SendAsync(new GetIssue(scope, issues[0]));
        Assert.Equal(IssueStatus.Unresolved, details!.Row.Status);
        Assert.Equal(
            [
                (IssueTransitionKind.Created, null, null), (IssueTransitionKind.Created, $"P{project}-2", null), (IssueTransitionKind.Created, $"P{project}-3", null),
                (IssueTransitionKind.Resolved, $"P{project}-2", null), (IssueTransitionKind.Merged, null, $"P{project}-2"), (IssueTransitionKind.Merged, null, $"P{project}-3"),
            ],
            details.History.Select(h => (h.Kind, h.Of, h.Other)).Order());
        await using var db = Database.NewContext();
        var record = await db.Activity.SingleAsync(a => a.ProjectId == project && a.Action == "issue.merged", Cancellation);
        Assert.Equal(($"P{project}-1", $"P{project}-2, P{project}-3", "Eve"), (record.Target, record.Detail, record.ActorName));
    }

    [Fact]
    public async Task MergeIssues_AgainIntoAnother_OldAddressesLeadThereInOneStep()
    {
        var (project, issues) = await NewIssuesAsync(2);
        await MergeAsync([.. issues]);
        var last = await NewIssueAsync(project, "Last", [.. Enumerable.Range(0, 9).Select(_ => TestEvents.Of(project, "Last"))]);

        await MergeAsync(issues[0], last);

        Assert.Equal(last, await SendAsync(new FindMergedIssue(AccessScope.System, issues[0])));
        Assert.Equal(last, await SendAsync(new FindMergedIssue(AccessScope.System, issues[1])));
        var found = await SendAsync(new SearchIssues(AccessScope.System, [project], null, $"issue:P{project}-2", IssueSort.LastSeen, null, null, 10));
        Assert.Equal(last, Assert.Single(found.Rows).Id);
        await using var db = Database.NewContext();
        // Each hash knows where it was before it was first merged.
        Assert.Equal(
            new Guid?[] { null, issues[0], issues[1] }.Order(),
            (await db.IssueFingerprints.Where(f => f.ProjectId == project && f.IssueId == last).ToListAsync(Cancellation)).Select(f => f.MergedFrom).Order());
    }

    [Fact]
    public async Task MergeIssues_ThenEventOfMergedHash_CountsForTheTarget()
    {
        var (project, issues) = await NewIssuesAsync(2);
        await MergeAsync([.. issues]);
        await SetStatusAsync(issues[0], IssueStatus.Resolved);

        var result = (await WriteAsync(TestEvents.Of(project, "Fault1", Now.AddMinutes(1))))[0];

        Assert.Equal(IssueTransitionKind.Regressed, result.Transition);
        await Database.AssertCountsEqualRecountAsync(project);
        var page = await SendAsync(new ListIssueEvents(AccessScope.System, issues[0], null, 10));
        Assert.Equal(3, page!.Rows.Count);
    }

    [Fact]
    public async Task MergeIssues_EventsOfSeveralHashes_AreInOneOrder()
    {
        var (project, issues) = await NewIssuesAsync(3);
        await WriteAsync(Enumerable.Range(1, 40).Select(i => TestEvents.Of(project, $"Fault{i % 3}", Now.AddMinutes(-i * 50))));
        var target = (await MergeAsync([.. issues])).IssueId;

        var pages = new List<EventPage>();
        for (string? cursor = null; pages.Count == 0 || cursor is not null; cursor = pages[^1].Next)
            pages.Add((await SendAsync(new ListIssueEvents(AccessScope.System, target, cursor, 10)))!);

        var rows = pages.SelectMany(p => p.Rows).ToList();
        Assert.Equal(43, rows.Count);
        Assert.Equal(rows.OrderByDescending(r => r.ReceivedAt).ThenByDescending(r => r.Id).Select(r => r.Id), rows.Select(r => r.Id));
        Assert.All(rows, r => Assert.Equal(target, r.IssueId));
        var back = await SendAsync(new ListIssueEvents(AccessScope.System, target, pages[^1].Previous, 10));
        Assert.Equal(pages[^2].Rows.Select(r => r.Id), back!.Rows.Select(r => r.Id));
        var events = await Database.NewContext().EventsOf(target).OrderByDescending(e => e.ReceivedAt).ThenByDescending(e => e.Id).ToListAsync(Cancellation);
        Assert.Equal(events.Select(e => e.Id), rows.Select(r => r.Id));
        for (var i = 1; i < rows.Count - 1; i++)
        {
            var details = await SendAsync(new GetIssueEvent(AccessScope.System, target, EventPosition.Latest, rows[i].EventId));
            Assert.Equal(
                new EventNeighbours(rows[^1].EventId, rows[i + 1].EventId, rows[i - 1].EventId, rows[0].EventId), details!.Neighbours);
        }
    }

    [Fact]
    public async Task MergeIssues_OfDifferentProjectsOneOrForeign_IsRefused()
    {
        var (project, issues) = await NewIssuesAsync(2);
        var (other, foreign) = await NewIssueAsync();

        var refused = await SendAsync(new MergeIssues(MemberOf(project, other), [issues[0], foreign]));
        Assert.Equal((Refusal.Invalid, "Issues of different projects cannot be merged."), (refused.Refusal, refused.Problem));
        foreach (var ids in (Guid[][])[[], [issues[0]], [issues[0], issues[0]], [issues[0], foreign], [foreign, Guid.CreateVersion7()]])
            Assert.Equal(Refusal.Invalid, (await SendAsync(new MergeIssues(MemberOf(project), ids))).Refusal);

        await using var db = Database.NewContext();
        Assert.Equal(2, await db.Issues.CountAsync(i => i.ProjectId == project, Cancellation));
    }

    [Fact]
    public async Task MergeIssues_WhileEventsArrive_LosesAndDoublesNothing()
    {
        const int faults = 8, rounds = 25;
        var (project, issues) = await NewIssuesAsync(faults);
        var started = new TaskCompletionSource();
        var writing = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            var to = Database.NewWriter();
            for (var round = 0; round < rounds; round++)
            {
                // Of every fault one, so that each batch holds issues that are being merged.
                var batch = Enumerable.Range(0, faults).Select(f => TestEvents.Of(project, $"Fault{f}", user: $"user {writer * round}"));
                Assert.All(await to.WriteAsync([.. batch], [], Cancellation), r => Assert.True(r.Stored));
                started.TrySetResult();
            }
        }, Cancellation)).ToList();

        await started.Task;
        for (var i = 1; i < faults; i++)
            Assert.Null((await SendAsync(new MergeIssues(AccessScope.System, [issues[0], issues[i], .. await CurrentAsync(issues[0])]))).Problem);
        await Task.WhenAll(writing);

        await Database.AssertCountsEqualRecountAsync(project);
        await using var db = Database.NewContext();
        var issue = await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation);
        Assert.Equal(faults + (3 * rounds * faults), issue.EventCount);
        Assert.Equal(faults, await db.IssueFingerprints.CountAsync(f => f.ProjectId == project && f.IssueId == issue.Id, Cancellation));
        Assert.Equal(faults - 1, await db.IssueRedirects.CountAsync(r => r.ProjectId == project && r.TargetId == issue.Id, Cancellation));

        async Task<Guid[]> CurrentAsync(Guid id) => await SendAsync(new FindMergedIssue(AccessScope.System, id)) is { } target ? [target] : [];
    }

    [Fact]
    public async Task MergeIssues_MoreUsersThanAreCountedExactly_CountsThoseOfBothOnce()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var writer = Database.NewWriter();
        foreach (var batch in Enumerable.Range(0, 11_000).Select(i => TestEvents.Of(project, "Many", user: $"user {i}")).Chunk(1_000))
            await writer.WriteAsync(batch, [], Cancellation);
        foreach (var batch in Enumerable.Range(9_000, 3_000).Select(i => TestEvents.Of(project, "Few", user: $"user {i}")).Chunk(1_000))
            await writer.WriteAsync(batch, [], Cancellation);
        await using var db = Database.NewContext();
        var ids = await db.Issues.Where(i => i.ProjectId == project).Select(i => i.Id).ToListAsync(Cancellation);

        await MergeAsync([.. ids]);

        Assert.InRange((await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation)).UserCount, 12_000 * 0.94, 12_000 * 1.06);
        var sketch = await db.IssueUserSketches.SingleAsync(s => s.ProjectId == project, Cancellation);
        Assert.InRange(UserSketch.Of(sketch.Sketch).Count(), 12_000 * 0.94, 12_000 * 1.06);
    }

    [Fact]
    public async Task DeleteIssue_OfMergedIssues_LeavesNothingOfThem()
    {
        var (project, issues) = await NewIssuesAsync(3);
        var target = (await MergeAsync([.. issues])).IssueId;

        Assert.True(await SendAsync(new DeleteIssue(AccessScope.System, target)));

        await using var db = Database.NewContext();
        Assert.Equal(0, await db.Events.CountAsync(e => e.ProjectId == project, Cancellation));
        Assert.Equal(0, await db.IssueFingerprints.CountAsync(f => f.ProjectId == project, Cancellation));
        Assert.Equal(0, await db.IssueTransitions.CountAsync(t => t.ProjectId == project, Cancellation));
        Assert.Equal(0, await db.IssueRedirects.CountAsync(r => r.ProjectId == project, Cancellation));
    }

    private async Task<MergedIssues> MergeAsync(params Guid[] issues) => (await SendAsync(new MergeIssues(AccessScope.System, issues))).Value!;

    private async Task<Guid> NewIssueAsync(long project, string fault, IReadOnlyList<ProcessedEvent>? events = null) =>
        (await WriteAsync(events ?? [TestEvents.Of(project, fault)]))[0].IssueId;

    /// <summary>Issues of one event each, whose first is the oldest.</summary>
    private async Task<(long Project, IReadOnlyList<Guid> Issues)> NewIssuesAsync(int count)
    {
        var project = (await Database.NewProjectAsync()).Id;
        var events = Enumerable.Range(0, count).Select(i => TestEvents.Of(project, $"Fault{i}", i == 0 ? Now.AddSeconds(-1) : Now));
        return (project, [.. (await WriteAsync(events)).Select(r => r.IssueId)]);
    }
}

public sealed class SqliteMergeIssuesTests(SqliteTestDatabase database) : MergeIssuesTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlMergeIssuesTests(PostgreSqlTestDatabase database) : MergeIssuesTests<PostgreSqlTestDatabase>(database);

public sealed class JournalledMergeIssuesTests(JournalledPostgreSqlTestDatabase database) : MergeIssuesTests<JournalledPostgreSqlTestDatabase>(database);

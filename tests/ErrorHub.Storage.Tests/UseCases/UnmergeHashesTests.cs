using ErrorHub.Accounts;
using ErrorHub.Issues;
using ErrorHub.Projects;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>Taking hashes out of an issue, which undoes a merge.</summary>
public abstract class UnmergeHashesTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    [Fact]
    public async Task UnmergeHashes_MergedIssue_IsAsBeforeWithItsNumberAndAddress()
    {
        var (project, large, small) = await NewPairAsync();
        var before = await StateAsync(project);
        await MergeAsync(large, small);

        var parted = await UnmergeAsync(large, HashOf("Small"));

        Assert.Equal(new PartedIssue(small, $"P{project}-2"), parted.Value);
        Assert.Equal(before, await StateAsync(project));
        await Database.AssertCountsEqualRecountAsync(project);
        Assert.Null(await SendAsync(new FindMergedIssue(AccessScope.System, small)));
        var details = await SendAsync(new GetIssue(MemberOf(project), small));
        Assert.Equal(
            [(IssueTransitionKind.Created, null, null), (IssueTransitionKind.PartedFrom, null, $"P{project}-1")],
            details!.History.Select(h => (h.Kind, h.Of, h.Other)).Order());
        var left = await SendAsync(new GetIssue(MemberOf(project), large));
        Assert.Equal(
            [(IssueTransitionKind.Created, null), (IssueTransitionKind.Merged, $"P{project}-2"), (IssueTransitionKind.Parted, $"P{project}-2")],
            left!.History.Select(h => (h.Kind, h.Other)).Order());
        await using var db = Database.NewContext();
        var record = await db.Activity.SingleAsync(a => a.ProjectId == project && a.Action == "issue.unmerged", Cancellation);
        Assert.Equal(($"P{project}-1", $"1 hash to P{project}-2"), (record.Target, record.Detail));
        Assert.All(await db.IssueFingerprints.Where(f => f.ProjectId == project).ToListAsync(Cancellation), f => Assert.Null(f.MergedFrom));
    }

    [Fact]
    public async Task UnmergeHashes_OwnHashOfTheIssue_BecomesANewIssueAndTheMergedStay()
    {
        var (project, large, small) = await NewPairAsync();
        await MergeAsync(large, small);

        var parted = (await UnmergeAsync(large, HashOf("Large"))).Value!;

        Assert.Equal($"P{project}-3", parted.ShortId);
        await Database.AssertCountsEqualRecountAsync(project);
        await using var db = Database.NewContext();
        var (gone, rest) = (
            await db.Issues.SingleAsync(i => i.Id == parted.IssueId, Cancellation), await db.Issues.SingleAsync(i => i.Id == large, Cancellation));
        Assert.Equal(("Large: no stock", "Small: no stock"), (gone.Title, rest.Title));
        Assert.Contains("type: Large", gone.GroupingWhy, StringComparison.Ordinal);
        Assert.Equal(large, await SendAsync(new FindMergedIssue(AccessScope.System, small)));
    }

    [Fact]
    public async Task UnmergeHashes_SourceMergedElsewhereMeanwhile_LeavesItsAddressThere()
    {
        var (project, large, small) = await NewPairAsync();
        var twin = (await WriteAsync(TestEvents.WithBody(project, "Twin", Now.AddHours(-1))))[0].IssueId;
        var other = (await WriteAsync(Enumerable.Range(1, 9).Select(i => TestEvents.WithBody(project, "Other", Now.AddHours(-i)))))[0].IssueId;
        // Small has two hashes, goes into large, and comes out with one of them.
        await MergeAsync(small, twin);
        await MergeAsync(large, small);
        await UnmergeAsync(large, HashOf("Small"));
        await MergeAsync(other, small);

        var parted = (await UnmergeAsync(large, HashOf("Twin"))).Value!;

        Assert.NotEqual(small, parted.IssueId);
        Assert.Equal(other, await SendAsync(new FindMergedIssue(AccessScope.System, small)));
        await Database.AssertCountsEqualRecountAsync(project);
    }

    [Fact]
    public async Task UnmergeHashes_ThenEventsOfBoth_GoToTheirOwn()
    {
        var (project, large, small) = await NewPairAsync();
        await MergeAsync(large, small);
        await UnmergeAsync(large, HashOf("Small"));

        var results = await WriteAsync(
            TestEvents.WithBody(project, "Small", Now), TestEvents.WithBody(project, "Large", Now), TestEvents.WithBody(project, "Small", Now));

        Assert.Equal([small, large, small], results.Select(r => r.IssueId));
        await Database.AssertCountsEqualRecountAsync(project);
    }

    [Fact]
    public async Task UnmergeHashes_AllUnknownOrForeign_IsRefused()
    {
        var (project, large, small) = await NewPairAsync();
        await MergeAsync(large, small);
        var (one, two) = (HashOf("Large"), HashOf("Small"));

        foreach (var hashes in (string[][])[[], [one, two], ["00"], [one, new string('0', 32)]])
            Assert.Equal(Refusal.Invalid, (await UnmergeAsync(large, hashes)).Refusal);
        Assert.Equal(Refusal.NotFound, (await SendAsync(new UnmergeHashes(MemberOf(project + 1_000), large, [one]))).Refusal);

        await using var db = Database.NewContext();
        Assert.Equal(1, await db.Issues.CountAsync(i => i.ProjectId == project, Cancellation));
    }

    [Fact]
    public async Task UnmergeHashes_NoEventStored_NextEventMakesTheIssue()
    {
        var (project, large, small) = await NewPairAsync();
        await MergeAsync(large, small);
        var hash = HashBytes("Small");
        await using var db = Database.NewContext();
        await db.Events.Where(e => e.ProjectId == project && e.Hash == hash).ExecuteDeleteAsync(Cancellation);

        Assert.Equal(new PartedIssue(null, null), (await UnmergeAsync(large, HashOf("Small"))).Value);

        // Nobody knows any more which of the counts were theirs.
        Assert.Equal(11, (await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation)).EventCount);
        var result = (await WriteAsync(TestEvents.WithBody(project, "Small", Now)))[0];
        Assert.Equal(IssueTransitionKind.Created, result.Transition);
        Assert.NotEqual(large, result.IssueId);
    }

    [Fact]
    public async Task UnmergeHashes_BodiesNotKept_AreSharedOutAsThoseThatAre()
    {
        var project = (await Database.NewProjectAsync()).Id;
        // An hour with everything kept, and one of which every fourth body of both is left.
        await WriteAsync(Enumerable.Range(0, 10).Select(i => TestEvents.WithBody(project, i < 4 ? "Small" : "Large", Now.AddHours(-3))));
        await WriteAsync(Enumerable.Range(0, 400).Select(i => TestEvents.WithBody(project, i % 4 == 0 ? "Small" : "Large", Now, $"user {i % 20}")));
        await using var db = Database.NewContext();
        var hours = await db.Events.Where(e => e.ProjectId == project && e.ReceivedAt == Now).Select(e => new { e.Id, e.Hash }).ToListAsync(Cancellation);
        var dropped = hours.GroupBy(e => Convert.ToHexString(e.Hash)).SelectMany(g => g.Where((_, i) => i % 4 != 0)).Select(e => e.Id).ToList();
        await db.Events.Where(e => e.ProjectId == project && dropped.Contains(e.Id)).ExecuteDeleteAsync(Cancellation);
        var issues = await db.Issues.Where(i => i.ProjectId == project).OrderByDescending(i => i.EventCount).Select(i => i.Id).ToListAsync(Cancellation);
        await MergeAsync([.. issues]);

        await UnmergeAsync(issues[0], HashOf("Small"));

        Assert.Equal(
            [(issues[0], 306L), (issues[1], 104L)],
            (await db.Issues.AsNoTracking().Where(i => i.ProjectId == project).OrderByDescending(i => i.EventCount).ToListAsync(Cancellation))
                .Select(i => (i.Id, i.EventCount)));
        var small = await db.IssueHours.Where(h => h.IssueId == issues[1]).OrderBy(h => h.Hour).Select(h => h.Events).ToListAsync(Cancellation);
        Assert.Equal([4, 100], small);
        Assert.Equal(104, (await db.IssueTags.SingleAsync(t => t.IssueId == issues[1] && t.Key == "fault", Cancellation)).Events);
    }

    [Fact]
    public async Task UnmergeHashes_WhileEventsArrive_LosesAndDoublesNothing()
    {
        const int faults = 6, rounds = 25;
        var project = (await Database.NewProjectAsync()).Id;
        var issues = (await WriteAsync(Enumerable.Range(0, faults).Select(f => TestEvents.WithBody(project, $"Fault{f}", Now)))).Select(r => r.IssueId).ToList();
        var target = (await MergeAsync([.. issues])).IssueId;
        var started = new TaskCompletionSource();
        var writing = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            var to = Database.NewWriter();
            for (var round = 0; round < rounds; round++)
            {
                var batch = Enumerable.Range(0, faults).Select(f => TestEvents.WithBody(project, $"Fault{f}", Now.AddMinutes(-round), $"user {writer * round}"));
                Assert.All(await to.WriteAsync([.. batch], [], Cancellation), r => Assert.True(r.Stored));
                started.TrySetResult();
            }
        }, Cancellation)).ToList();

        await started.Task;
        // Out and in again, so that some go both ways while they are written.
        var own = issues.IndexOf(target);
        for (var f = 0; f < faults; f++)
        {
            if (f == own)
                continue;

            Assert.Equal(issues[f], (await UnmergeAsync(target, HashOf($"Fault{f}"))).Value!.IssueId);
            if (f % 3 == 0)
                target = (await MergeAsync(target, issues[f])).IssueId;
        }

        await Task.WhenAll(writing);
        await Database.AssertCountsEqualRecountAsync(project);
        await using var db = Database.NewContext();
        Assert.Equal(faults + (3 * rounds * faults), await db.Issues.Where(i => i.ProjectId == project).SumAsync(i => i.EventCount, Cancellation));
    }

    [Fact]
    public async Task GetIssueHashes_SeveralHashes_ShowsWhatEachHolds()
    {
        var (project, large, small) = await NewPairAsync();
        await MergeAsync(large, small);

        var rows = await SendAsync(new GetIssueHashes(MemberOf(project), large));

        Assert.Equal(
            [
                (HashOf("Small"), 3, "Small: no stock", $"P{project}-2", Now.AddMinutes(-5)),
                (HashOf("Large"), 8, "Large: no stock", null, Now.AddHours(-1)),
            ],
            rows!.Select(r => (r.Hash.ToString(), r.Events, r.Title, r.MergedFrom, r.LastSeen!.Value)));
        Assert.All(rows!, r => Assert.Contains("pay", r.Culprit, StringComparison.Ordinal));
    }

    /// <summary>An issue of 8 events, the first of the project, and one of 3, whose first and newest are before and after all of the other's.</summary>
    private async Task<(long Project, Guid Large, Guid Small)> NewPairAsync()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var large = (await WriteAsync(Enumerable.Range(1, 8).Select(
            i => TestEvents.WithBody(project, "Large", Now.AddHours(-i), i % 3 == 0 ? "ada" : $"user {i}"))))[0].IssueId;
        var small = (await WriteAsync(
            TestEvents.WithBody(project, "Small", Now.AddDays(-2), "ada", release: "shop@0.9"),
            TestEvents.WithBody(project, "Small", Now.AddHours(-2), "eve", "test"),
            TestEvents.WithBody(project, "Small", Now.AddMinutes(-5), release: "shop@2.0")))[0].IssueId;
        return (project, large, small);
    }

    private async Task<List<string>> StateAsync(long project)
    {
        await using var db = Database.NewContext();
        var issues = await db.Issues.Where(i => i.ProjectId == project).OrderBy(i => i.Number).ToListAsync(Cancellation);
        return issues.ConvertAll(i =>
            $"{i.Id} {i.Number} {i.Title} {i.Culprit} {i.Type} {i.Status} {i.EventCount} {i.KeptCount} {i.UserCount} {i.FirstSeen:O} {i.LastSeen:O} {i.LastSeenMinute} {i.FirstRelease} {i.LastRelease} {i.LastEnvironment} {i.GroupingVersion} {i.GroupingVariant} {i.GroupingWhy}");
    }

    private static byte[] HashBytes(string fault) => TestEvents.WithBody(1, fault, Now).Grouping.Hash.Value;

    private static string HashOf(string fault) => TestEvents.WithBody(1, fault, Now).Grouping.Hash.ToString();

    private async Task<MergedIssues> MergeAsync(params Guid[] issues) => (await SendAsync(new MergeIssues(AccessScope.System, issues))).Value!;

    private Task<ChangeResult<PartedIssue>> UnmergeAsync(Guid issue, params string[] hashes) =>
        SendAsync(new UnmergeHashes(AccessScope.System, issue, hashes));
}

public sealed class SqliteUnmergeHashesTests(SqliteTestDatabase database) : UnmergeHashesTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlUnmergeHashesTests(PostgreSqlTestDatabase database) : UnmergeHashesTests<PostgreSqlTestDatabase>(database);

public sealed class JournalledUnmergeHashesTests(JournalledPostgreSqlTestDatabase database) : UnmergeHashesTests<JournalledPostgreSqlTestDatabase>(database);

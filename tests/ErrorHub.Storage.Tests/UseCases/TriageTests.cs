using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Issues;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>Resolving, archiving, reopening, assigning and deleting.</summary>
public abstract class TriageTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    [Theory]
    [InlineData(IssueStatus.Resolved, IssueSubstatus.Ongoing, IssueTransitionKind.Resolved, "issue.resolved")]
    [InlineData(IssueStatus.Archived, IssueSubstatus.ArchivedForever, IssueTransitionKind.Archived, "issue.archived")]
    public async Task UpdateIssues_NewStatus_IsInIssueHistoryAndActivity(
        IssueStatus status, IssueSubstatus substatus, IssueTransitionKind kind, string action)
    {
        var (project, issue) = await NewIssueAsync();
        var scope = MemberOf(project);

        Assert.Equal([issue], await SendAsync(new UpdateIssues(scope, [issue, issue], status, null)));

        await using var db = Database.NewContext();
        var row = await db.Issues.SingleAsync(i => i.Id == issue, Cancellation);
        Assert.Equal((status, substatus, Now), (row.Status, row.Substatus, row.StatusChangedAt));
        var step = await db.IssueTransitions.SingleAsync(t => t.IssueId == issue && t.Kind == kind, Cancellation);
        Assert.Equal((project, Now, scope.Actor.UserId, null), (step.ProjectId, step.At, step.UserId, step.EventId));
        var record = Assert.Single(await ActivityAsync(project));
        Assert.Equal(
            (action, $"P{project}-1", "Eve", "192.0.2.7", scope.Actor.UserId),
            (record.Action, record.Target, record.ActorName, record.IpAddress, record.UserId));
    }

    [Fact]
    public async Task UpdateIssues_AlreadySo_ChangesAndRecordsNothing()
    {
        var (project, issue) = await NewIssueAsync();
        await SetStatusAsync(issue, IssueStatus.Resolved);

        Assert.Equal([issue], await SetStatusAsync(issue, IssueStatus.Resolved));

        Assert.Single(await ActivityAsync(project));
    }

    [Fact]
    public async Task UpdateIssues_ManyWithForeignAndUnknown_ChangesThoseTheCallerSees()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var mine = (await WriteAsync(Enumerable.Range(0, 30).Select(i => TestEvents.Of(project, $"Fault{i}")))).Select(r => r.IssueId).ToList();
        var (_, foreign) = await NewIssueAsync();

        var changed = await SendAsync(new UpdateIssues(
            MemberOf(project), [.. mine, foreign, Guid.CreateVersion7()], IssueStatus.Resolved, null));

        Assert.Equal(mine.Order(), changed.Order());
        await using var db = Database.NewContext();
        Assert.Equal(30, await db.Issues.CountAsync(i => i.ProjectId == project && i.Status == IssueStatus.Resolved, Cancellation));
        Assert.Equal(IssueStatus.Unresolved, (await db.Issues.SingleAsync(i => i.Id == foreign, Cancellation)).Status);
        Assert.Equal(30, (await ActivityAsync(project)).Count);
    }

    [Fact]
    public async Task UpdateIssues_ResolveAndNextEvent_RegressesAndIsReopenedByHand()
    {
        var (project, issue) = await NewIssueAsync();
        await SetStatusAsync(issue, IssueStatus.Resolved);

        Assert.Equal(IssueTransitionKind.Regressed, (await WriteAsync(TestEvents.Of(project, "Fault", Now.AddMinutes(1))))[0].Transition);
        await SetStatusAsync(issue, IssueStatus.Archived);
        await SetStatusAsync(issue, IssueStatus.Unresolved);

        var details = await SendAsync(new GetIssue(AccessScope.System, issue));
        Assert.Equal((IssueStatus.Unresolved, 1), (details!.Row.Status, details.Row.Regressions));
        Assert.Equal(
            [IssueTransitionKind.Created, IssueTransitionKind.Resolved, IssueTransitionKind.Regressed, IssueTransitionKind.Archived, IssueTransitionKind.Reopened],
            details.History.Select(h => h.Kind).Order(Comparer<IssueTransitionKind>.Create((a, b) => a.CompareTo(b))));
    }

    [Fact]
    public async Task UpdateIssues_WhileEventsArrive_LosesNoCount()
    {
        var (project, issue) = await NewIssueAsync();
        var writer = Database.NewWriter();

        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
                await writer.WriteAsync([TestEvents.Of(project, "Fault")], [], Cancellation);
        }, Cancellation);
        for (var i = 0; i < 25; i++)
            await SetStatusAsync(issue, i % 2 == 0 ? IssueStatus.Archived : IssueStatus.Unresolved);
        await writing;

        await using var db = Database.NewContext();
        Assert.Equal(51, (await db.Issues.SingleAsync(i => i.Id == issue, Cancellation)).EventCount);
        Assert.Equal(25, (await ActivityAsync(project)).Count);
    }

    [Fact]
    public async Task UpdateIssues_Assignment_IsShownAndTakenAway()
    {
        var (project, issue) = await NewIssueAsync();
        var user = await NewUserAsync("Grace");

        await SendAsync(new UpdateIssues(MemberOf(project), [issue], null, new Assignment(user)));
        var assigned = await SendAsync(new GetIssue(AccessScope.System, issue));
        await SendAsync(new UpdateIssues(MemberOf(project), [issue], null, new Assignment(null)));
        var free = await SendAsync(new GetIssue(AccessScope.System, issue));

        Assert.Equal((user, "Grace"), (assigned!.Row.AssigneeId, assigned.Row.AssigneeName));
        Assert.Equal((null, null), (free!.Row.AssigneeId, free.Row.AssigneeName));
        Assert.Equal(
            [("issue.assigned", "Grace"), ("issue.unassigned", null)],
            (await ActivityAsync(project)).OrderBy(a => a.Action).Select(a => (a.Action, a.Detail)));
    }

    [Fact]
    public async Task DeleteIssue_WithManyEvents_LeavesNothingOfItAndAllOfTheOthers()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var events = Enumerable.Range(0, 1_001).Select(i => TestEvents.Of(project, "Doomed", Now.AddHours(-i % 50), $"user{i % 7}")).ToList();
        var doomed = (await WriteAsync(events))[0].IssueId;
        var kept = (await WriteAsync(TestEvents.Of(project, "Kept", user: "ada")))[0].IssueId;

        Assert.True(await SendAsync(new DeleteIssue(MemberOf(project), doomed)));

        await using var db = Database.NewContext();
        Assert.Equal(kept, Assert.Single(await db.EventsWithIssuesAsync(project, Cancellation)).IssueId);
        Assert.Equal(1, await db.EventKeys.CountAsync(k => k.ProjectId == project, Cancellation));
        Assert.Equal(kept, (await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation)).Id);
        Assert.Equal(kept, (await db.IssueFingerprints.SingleAsync(f => f.ProjectId == project, Cancellation)).IssueId);
        Assert.Equal(kept, (await db.IssueTransitions.SingleAsync(t => t.ProjectId == project, Cancellation)).IssueId);
        Assert.Equal(kept, (await db.IssueUsers.SingleAsync(u => u.ProjectId == project, Cancellation)).IssueId);
        Assert.Equal(kept, (await db.IssueHours.SingleAsync(h => h.ProjectId == project, Cancellation)).IssueId);
        Assert.All(await db.IssueTags.Where(t => t.ProjectId == project).ToListAsync(Cancellation), t => Assert.Equal(kept, t.IssueId));
        Assert.Equal(("issue.deleted", $"P{project}-1"), (await ActivityAsync(project)).Select(a => (a.Action, a.Target)).Single());
        Assert.False(await SendAsync(new DeleteIssue(MemberOf(project), doomed)));

        // What was deleted may be sent again, and is a new issue with a number of its own.
        var again = (await WriteAsync(events[0] with { Id = Guid.CreateVersion7() }))[0];
        Assert.Equal((true, IssueTransitionKind.Created), (again.Stored, again.Transition));
        Assert.Equal(3, (await db.Issues.SingleAsync(i => i.Id == again.IssueId, Cancellation)).Number);
    }

    [Fact]
    public async Task DeleteIssue_WhileEventsArrive_LeavesNoEventWithoutAnIssue()
    {
        var (project, issue) = await NewIssueAsync();
        var writer = Database.NewWriter();

        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
                await writer.WriteAsync([TestEvents.Of(project, "Fault")], [], Cancellation);
        }, Cancellation);
        Assert.True(await SendAsync(new DeleteIssue(AccessScope.System, issue)));
        await writing;

        await using var db = Database.NewContext();
        var issues = await db.Issues.Where(i => i.ProjectId == project).ToDictionaryAsync(i => i.Id, i => i.EventCount, Cancellation);
        var events = (await db.EventsWithIssuesAsync(project, Cancellation)).GroupBy(e => e.IssueId).ToDictionary(g => g.Key, g => g.LongCount());
        Assert.Equal(await db.Events.LongCountAsync(e => e.ProjectId == project, Cancellation), events.Values.Sum());
        Assert.Equal(issues, events);
    }

    private async Task<List<ActivityRecord>> ActivityAsync(long project)
    {
        await using var db = Database.NewContext();
        return await db.Activity.Where(a => a.ProjectId == project).ToListAsync(Cancellation);
    }
}

public sealed class SqliteTriageTests(SqliteTestDatabase database) : TriageTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlTriageTests(PostgreSqlTestDatabase database) : TriageTests<PostgreSqlTestDatabase>(database);

public sealed class JournalledTriageTests(JournalledPostgreSqlTestDatabase database) : TriageTests<JournalledPostgreSqlTestDatabase>(database);

using ErrorHub.Accounts;
using ErrorHub.DeadLetters;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Releases;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>The id of what someone else owns reads as one that does not exist, whatever is asked of it.</summary>
public abstract class AccessScopeTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    private sealed record Target(long Project, string Slug, Guid Issue);

    // Each asks for the target, as the scope may see it, and tells whether it got anything of it.
    private static readonly Dictionary<string, Func<AccessScopeTests<TDatabase>, AccessScope, Target, Task<bool>>> Questions = new()
    {
        [nameof(SearchIssues)] = async (test, scope, target) => (await test.SendAsync(
            new SearchIssues(scope, [target.Project], null, "", IssueSort.LastSeen, null, null, 10))).Rows.Count > 0,
        ["SearchIssues everywhere"] = async (test, scope, target) => (await test.SendAsync(
            new SearchIssues(scope, [], null, $"project:{target.Slug}", IssueSort.Events, TimeSpan.FromDays(1), null, 10))).Rows.Count > 0,
        ["SearchIssues by short id"] = async (test, scope, target) => (await test.SendAsync(
            new SearchIssues(scope, [], null, $"issue:{target.Slug}-1", IssueSort.LastSeen, null, null, 10))).Rows.Count > 0,
        [nameof(GetIssueTotals)] = async (test, scope, target) =>
            await test.SendAsync(new GetIssueTotals(scope, [target.Project], null, null)) is { All: > 0, Events: > 0 },
        ["GetIssueTotals in an environment"] = async (test, scope, target) =>
            await test.SendAsync(new GetIssueTotals(scope, [target.Project], "production", TimeSpan.FromDays(1))) is { All: > 0, Events: > 0 },
        [nameof(GetIssue)] = async (test, scope, target) => await test.SendAsync(new GetIssue(scope, target.Issue)) is not null,
        [nameof(UpdateIssues)] = async (test, scope, target) =>
            (await test.SendAsync(new UpdateIssues(scope, [target.Issue], IssueStatus.Resolved, null))).Count > 0,
        [nameof(DeleteIssue)] = async (test, scope, target) => await test.SendAsync(new DeleteIssue(scope, target.Issue)),
        [nameof(ListDeadLetters)] = async (test, scope, target) =>
            (await test.SendAsync(new ListDeadLetters(scope, [target.Project], 10))).Count > 0,
        // The letter has the key of the issue here.
        [nameof(DiscardDeadLetter)] = async (test, scope, target) => await test.SendAsync(new DiscardDeadLetter(scope, target.Issue)),
        [nameof(ListEnvironments)] = async (test, scope, target) =>
            (await test.SendAsync(new ListEnvironments(scope, [target.Project]))).Count > 0,
        [nameof(GetProject)] = async (test, scope, target) => await test.SendAsync(new GetProject(scope, target.Slug)) is not null,
        [nameof(ListProjects)] = async (test, scope, target) =>
            (await test.SendAsync(new ListProjects(scope))).Any(p => p.Id == target.Project),
        [nameof(GetProjectCounts)] = async (test, scope, target) =>
            (await test.SendAsync(new GetProjectCounts(scope))).GetValueOrDefault(target.Project) is { UnresolvedIssues: > 0, Events24Hours: > 0 },
        [nameof(ListKeys)] = async (test, scope, target) => await test.SendAsync(new ListKeys(scope, target.Slug)) is not null,
    };

    public static TheoryData<string> Names => [.. Questions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Handle_ForeignProject_ReadsAsNotThere(string question)
    {
        var (target, own) = (await NewTargetAsync(), (await NewIssueAsync()).Project);

        Assert.False(await AskAsync(question, MemberOf(own), target));
        Assert.False(await AskAsync(question, MemberOf(), target));
        Assert.False(await AskAsync(question, AccessScope.Nobody, target));
        Assert.Equal(IssueStatus.Unresolved, (await IssueAsync(target))?.Status);
        // Lest all of them say no to everyone.
        Assert.True(await AskAsync(question, MemberOf(own, target.Project), target));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Handle_DeletedProject_ReadsAsNotThereForOwnersToo(string question)
    {
        var target = await NewTargetAsync();
        await using (var db = Database.NewContext())
        {
            await db.Projects.Where(p => p.Id == target.Project).ExecuteUpdateAsync(
                set => set.SetProperty(p => p.DeletedAt, Now), Cancellation);
        }

        Assert.False(await AskAsync(question, AccessScope.System, target));
        Assert.False(await AskAsync(question, MemberOf(target.Project), target));
    }

    private Task<bool> AskAsync(string question, AccessScope scope, Target target) => Questions[question](this, scope, target);

    private async Task<Target> NewTargetAsync()
    {
        var (project, issue) = await NewIssueAsync();
        await using var db = Database.NewContext();
        db.DeadLetters.Add(new DeadLetter
        {
            ProjectId = project,
            Id = issue,
            EventId = issue,
            ReceivedAt = Now,
            FailedAt = Now,
            ExpiresAt = Now.AddDays(90),
            Reason = "refused",
            Title = "Poison",
            Category = DataCategory.Error,
            Record = ProcessedEventFormat.Write(TestEvents.Of(project, "Poison")),
        });
        await db.SaveChangesAsync(Cancellation);
        return new Target(project, $"p{project}", issue);
    }

    private async Task<Issue?> IssueAsync(Target target)
    {
        await using var db = Database.NewContext();
        return await db.Issues.SingleOrDefaultAsync(i => i.Id == target.Issue, Cancellation);
    }
}

public sealed class SqliteAccessScopeTests(SqliteTestDatabase database) : AccessScopeTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlAccessScopeTests(PostgreSqlTestDatabase database) : AccessScopeTests<PostgreSqlTestDatabase>(database);

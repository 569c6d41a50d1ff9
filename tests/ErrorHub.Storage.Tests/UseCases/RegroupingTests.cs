using ErrorHub.Accounts;
using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Protocol.Events;
using ErrorHub.Regrouping;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>Trying a project's own rules on its stored events, applying them as one change, and taking that back.</summary>
public abstract class RegroupingTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    private const string OneIssue = "type:Out* -> stock title=\"Nothing left\"";
    private const string ByRegion = "tags.fault:OutOfStock environment:eu -> eu, {{ default }}";

    [Fact]
    public async Task Try_RulesThatMerge_SaysSoAndChangesNothing()
    {
        var (project, issues) = await NewIssuesAsync();
        await SendAsync(new UpdateIssues(AccessScope.System, [issues[0]], null, new Assignment(await NewUserAsync("ada"))));
        await SendAsync(new UpdateIssues(AccessScope.System, [issues[1]], null, new Assignment(await NewUserAsync("bob"))));

        var plan = (await TryAsync(project, OneIssue)).Plan;

        Assert.Equal((12, 3, 2, 2, 0, 1), (plan.Events, plan.IssuesBefore, plan.IssuesAfter, plan.Merged, plan.Split, plan.Conflicts));
        Assert.Equal([issues[0], issues[1]], Assert.Single(plan.Merges).Issues.Select(i => i.Id));
        await using var db = Database.NewContext();
        Assert.Equal(3, await db.Issues.CountAsync(i => i.ProjectId == project, Cancellation));
        Assert.Null((await db.Projects.SingleAsync(p => p.Id == project, Cancellation)).GroupingRules);
    }

    [Fact]
    public async Task Apply_RulesThatMerge_HoldForStoredAndNewEventsAndCanBeUndone()
    {
        var (project, issues) = await NewIssuesAsync();
        var change = await TryAsync(project, OneIssue);

        Assert.Equal(GroupingChangeState.Applied, (await ApplyAsync(project, change)).Value!.Change.State);

        await Database.AssertCountsEqualRecountAsync(project);
        Assert.Equal([issues[0], issues[2]], await IssuesAsync(project));
        Assert.Equal(issues[0], (await WriteAsync(Ruled(Fault(project, "OutOfPaper"), OneIssue)))[0].IssueId);

        Assert.Equal(GroupingChangeState.Undone, (await UndoAsync(project, change)).Value!.Change.State);

        await Database.AssertCountsEqualRecountAsync(project);
        Assert.Equal(issues, await IssuesAsync(project));
        Assert.Equal(issues[1], (await WriteAsync(Fault(project, "OutOfPaper")))[0].IssueId);
    }

    [Fact]
    public async Task Apply_RulesThatSplit_MoveStoredEventsAndCanBeUndone()
    {
        var (project, issues) = await NewIssuesAsync();
        var change = await TryAsync(project, ByRegion);
        Assert.Equal((3, 4, 0, 1), (change.Plan.IssuesBefore, change.Plan.IssuesAfter, change.Plan.Merged, change.Plan.Split));

        Assert.Null((await ApplyAsync(project, change)).Problem);

        await Database.AssertCountsEqualRecountAsync(project);
        var after = await IssuesAsync(project);
        var part = Assert.Single(after.Except(issues));
        Assert.Equal(2, (await SendAsync(new GetIssue(AccessScope.System, part)))!.Row.TotalEvents);
        var results = await WriteAsync(Ruled(Fault(project, "OutOfStock", environment: "eu"), ByRegion), Ruled(Fault(project, "OutOfStock"), ByRegion));
        Assert.Equal([part, issues[0]], results.Select(r => r.IssueId));

        Assert.Null((await UndoAsync(project, change)).Problem);

        await Database.AssertCountsEqualRecountAsync(project);
        Assert.Equal(issues, await IssuesAsync(project));
        // What was split once is whole again: the same rules do the same again.
        var again = await TryAsync(project, ByRegion);
        Assert.Equal((3, 4), (again.Plan.IssuesBefore, again.Plan.IssuesAfter));
    }

    [Fact]
    public async Task Apply_PartsOfTwoIssues_BecomeOneIssue()
    {
        var (project, issues) = await NewIssuesAsync();
        await WriteAsync(Fault(project, "OutOfPaper", environment: "eu"));
        var change = await TryAsync(project, "environment:eu -> eu");
        Assert.Equal((3, 4, 2), (change.Plan.IssuesBefore, change.Plan.IssuesAfter, change.Plan.Split));

        Assert.Null((await ApplyAsync(project, change)).Problem);

        await Database.AssertCountsEqualRecountAsync(project);
        var part = Assert.Single((await IssuesAsync(project)).Except(issues));
        Assert.Equal(3, (await SendAsync(new GetIssue(AccessScope.System, part)))!.Row.TotalEvents);
        Assert.Null((await UndoAsync(project, change)).Problem);
        await Database.AssertCountsEqualRecountAsync(project);
        Assert.Equal(issues, await IssuesAsync(project));
    }

    [Fact]
    public async Task Apply_Interrupted_GoesOnWhereItWas()
    {
        var (project, issues) = await NewIssuesAsync();
        var change = await TryAsync(project, $"{ByRegion}\n{OneIssue}");
        await using (var db = Database.NewContext())
        {
            // The part has left, and the process was killed before that was noted.
            var row = await db.Projects.SingleAsync(p => p.Id == project, Cancellation);
            var part = new IssuePart(db, Database.Service<ICountJournal>(), Database.Time, AccessScope.System.Actor, new ProjectName(row.Id, row.Slug, row.Name));
            var split = change.Plan.Splits.Single();
            Assert.Null(await part.TakeOutAsync(Convert.FromHexString(split.Hash), Convert.FromHexString(split.Part), e => e.Environment == "eu", Cancellation));
        }

        Assert.Equal(GroupingChangeState.Applied, (await ApplyAsync(project, change)).Value!.Change.State);

        await Database.AssertCountsEqualRecountAsync(project);
        Assert.Equal(3, (await IssuesAsync(project)).Count);
        Assert.Equal(12, (await Task.WhenAll((await IssuesAsync(project)).Select(async id => (await SendAsync(new GetIssue(AccessScope.System, id)))!.Row.TotalEvents))).Sum());

        // What was done before the interruption is taken back, too.
        Assert.Null((await UndoAsync(project, change)).Problem);
        await Database.AssertCountsEqualRecountAsync(project);
        Assert.Equal(issues, await IssuesAsync(project));
    }

    [Fact]
    public async Task Apply_RulesOfWhichTheProcessDied_GoesOnWithTheMerges()
    {
        var (project, issues) = await NewIssuesAsync();
        var change = await TryAsync(project, OneIssue);
        Assert.Null((await ApplyAsync(project, change)).Problem);
        await using (var db = Database.NewContext())
        {
            // As if it had ended before the merge: the rules are in force, and nothing is merged.
            await UnmergeAsync(issues[0]);
            var row = await db.GroupingChanges.SingleAsync(c => c.ProjectId == project, Cancellation);
            (row.State, row.Done) = (GroupingChangeState.Applying, """{"Steps":1,"Merges":[],"Splits":[],"Returns":[]}""");
            await db.SaveChangesAsync(Cancellation);
        }

        Assert.Null((await ApplyAsync(project, change)).Problem);

        Assert.Equal([issues[0], issues[2]], await IssuesAsync(project));
        await Database.AssertCountsEqualRecountAsync(project);
    }

    [Fact]
    public async Task Try_WrongRulesOrNotAnOwner_IsRefused()
    {
        var (project, _) = await NewIssuesAsync();
        var slug = await SlugAsync(project);

        Assert.Equal("Line 2: a quotation mark is not closed.", (await SendAsync(new TryGroupingRules(AccessScope.System, slug, "# x\ntype:\"X -> y", 7))).Problem);
        Assert.Equal(Refusal.Invalid, (await SendAsync(new TryGroupingRules(AccessScope.System, slug, OneIssue, 0))).Refusal);
        Assert.Equal(Refusal.Invalid, (await SendAsync(new TryGroupingRules(AccessScope.System, slug, " ", 7))).Refusal);
        Assert.Equal(Refusal.Forbidden, (await SendAsync(new TryGroupingRules(MemberOf(project), slug, OneIssue, 7))).Refusal);
        Assert.Equal(Refusal.NotFound, (await SendAsync(new TryGroupingRules(MemberOf(project + 1_000), slug, OneIssue, 7))).Refusal);
    }

    [Fact]
    public async Task Apply_TwiceOrAfterAnotherChange_IsRefused()
    {
        var (project, _) = await NewIssuesAsync();
        var (first, second) = (await TryAsync(project, OneIssue), await TryAsync(project, ByRegion));

        Assert.Null((await ApplyAsync(project, first)).Problem);

        Assert.Equal(Refusal.Conflict, (await ApplyAsync(project, first)).Refusal);
        Assert.Equal(Refusal.Conflict, (await ApplyAsync(project, second)).Refusal);
        Assert.Equal(Refusal.Conflict, (await UndoAsync(project, second)).Refusal);
        Assert.Equal(Refusal.Forbidden, (await SendAsync(new UndoGroupingChange(MemberOf(project), await SlugAsync(project), first.Change.Id))).Refusal);
        Assert.Null((await UndoAsync(project, first)).Problem);
        Assert.Equal(Refusal.Conflict, (await UndoAsync(project, first)).Refusal);
    }

    [Fact]
    public async Task Transition_RulesThatSeparate_DoSoForWhatComesLaterToo()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var helper = (await WriteAsync(TestEvents.WithBody(project, "Denied", Now, caller: "checkout")))[0].IssueId;
        const string Rules = "function:pay fold";
        Assert.Null((await ApplyAsync(project, await TryAsync(project, Rules))).Problem);
        var (same, other) = (Ruled(TestEvents.WithBody(project, "Denied", Now, caller: "checkout"), Rules), Ruled(TestEvents.WithBody(project, "Denied", Now, caller: "import"), Rules));

        await Transition().LinkAsync([same, other], Cancellation);

        var results = await WriteAsync(same, other);
        Assert.Equal(helper, results[0].IssueId);
        Assert.NotEqual(helper, results[1].IssueId);
    }

    [Fact]
    public async Task Transition_HashOfRulesTakenBack_GoesWhereItWouldBeNow()
    {
        var (project, issues) = await NewIssuesAsync();
        var change = await TryAsync(project, OneIssue);
        await ApplyAsync(project, change);
        await UndoAsync(project, change);
        // Another process has not heard of it yet.
        var late = Ruled(Fault(project, "OutOfPaper"), OneIssue);

        await Transition().LinkAsync([late], Cancellation);

        Assert.Equal(issues[1], (await WriteAsync(late))[0].IssueId);
    }

    [Fact]
    public async Task Transition_AnotherVersionOfTheAlgorithm_MakesNoNewIssue()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var faults = Enumerable.Range(0, 20).Select(n => $"Fault{n}").ToList();
        var old = new Earlier();
        List<Guid> before = [];
        foreach (var fault in faults)
            before.Add((await WriteAsync(old.Grouped(Fault(project, fault))))[0].IssueId);

        // Two of each in the batch that meets the new version, and another one later.
        var transition = Transition(old);
        var events = faults.SelectMany(fault => new[] { Fault(project, fault), Fault(project, fault, 1) }).ToList();
        await transition.LinkAsync(events, Cancellation);
        var results = await WriteAsync(events);

        Assert.Equal(before.SelectMany(id => new[] { id, id }), results.Select(r => r.IssueId));
        Assert.All(results, r => Assert.Null(r.Transition));
        Assert.Equal(before, await IssuesAsync(project));
        await Database.AssertCountsEqualRecountAsync(project);
        var fresh = Fault(project, "NeverSeen");
        await transition.LinkAsync([fresh], Cancellation);
        Assert.DoesNotContain((await WriteAsync(fresh))[0].IssueId, before);
    }

    [Fact]
    public async Task Transition_IssueNotSeenForLong_IsNotWaitedFor()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var old = new Earlier();
        var issue = (await WriteAsync(old.Grouped(Fault(project, "Ancient", (int)TimeSpan.FromDays(80).TotalMinutes))))[0].IssueId;
        var (transition, fresh) = (Transition(old), Fault(project, "Ancient"));
        await using (var db = Database.NewContext())
            await db.Issues.Where(i => i.Id == issue).ExecuteUpdateAsync(set => set.SetProperty(i => i.LastSeen, Now - HashTransition.Window - TimeSpan.FromDays(1)), Cancellation);

        await transition.LinkAsync([fresh], Cancellation);

        Assert.NotEqual(issue, (await WriteAsync(fresh))[0].IssueId);
    }

    [Fact]
    public async Task Transition_RulesChanged_FaultsNotLookedAtKeepTheirIssue()
    {
        var (project, _) = await NewIssuesAsync();
        var quiet = (await WriteAsync(Fault(project, "Quiet", (int)TimeSpan.FromDays(20).TotalMinutes)))[0].IssueId;
        const string Rules = "function:pay -group\ntype:Quiet environment:eu -> eu";
        Assert.Null((await ApplyAsync(project, await TryAsync(project, Rules))).Problem);
        var transition = Transition();

        var (fresh, meant) = (Ruled(Fault(project, "Quiet"), Rules), Ruled(Fault(project, "Quiet", environment: "eu"), Rules));
        await transition.LinkAsync([fresh, meant], Cancellation);

        var results = await WriteAsync(fresh, meant);
        Assert.Equal(quiet, results[0].IssueId);
        // Whoever writes a fingerprint means it.
        Assert.NotEqual(quiet, results[1].IssueId);
        await Database.AssertCountsEqualRecountAsync(project);
    }

    private async Task UnmergeAsync(Guid issue)
    {
        var merged = (await SendAsync(new GetIssueHashes(AccessScope.System, issue)))!.Where(h => h.MergedFrom is not null).Select(h => h.Hash.ToString());
        Assert.Null((await SendAsync(new UnmergeHashes(AccessScope.System, issue, [.. merged]))).Problem);
    }

    private HashTransition Transition(params IEarlierGrouping[] versions) => new(Database.Service<IServiceScopeFactory>()!, versions, Database.Time);

    // An algorithm of which every hash is another one.
    private sealed class Earlier : IEarlierGrouping
    {
        public short Version => 1;

        public IssueHash HashOf(SentryEvent e, GroupingRules rules) => new([.. Grouper.GroupingOf(e, rules).Hash.Value.Select(b => (byte)~b)], Version);

        public ProcessedEvent Grouped(ProcessedEvent e) => e with { Grouping = e.Grouping with { Hash = HashOf(Body(e), GroupingRules.None) } };
    }

    /// <summary>Three issues: OutOfStock of 6 events, two of them from "eu", OutOfPaper of 4, Other of 2.</summary>
    private async Task<(long Project, List<Guid> Issues)> NewIssuesAsync()
    {
        var project = (await Database.NewProjectAsync()).Id;
        List<Guid> issues = [];
        foreach (var (fault, count) in new (string, int)[] { ("OutOfStock", 6), ("OutOfPaper", 4), ("Other", 2) })
        {
            var events = Enumerable.Range(0, count).Select(i => Fault(project, fault, i, fault == "OutOfStock" && i < 2 ? "eu" : "production"));
            issues.Add((await WriteAsync(events))[0].IssueId);
        }

        return (project, issues);
    }

    private static ProcessedEvent Fault(long project, string fault, int minutes = 0, string environment = "production") =>
        TestEvents.WithBody(project, fault, Now.AddMinutes(-minutes - 1), $"user {minutes} of {fault}", environment);

    private static ProcessedEvent Ruled(ProcessedEvent e, string rules) =>
        e with { Grouping = Grouper.GroupingOf(Body(e), GroupingRules.Read(rules, out _)) };

    private static SentryEvent Body(ProcessedEvent e)
    {
        Assert.True(EventJson.TryParse(ErrorHub.Events.PayloadCodec.Decompress(e.Body.Span, e.Codec, e.BodyBytes), out var body));
        return body;
    }

    private async Task<List<Guid>> IssuesAsync(long project)
    {
        await using var db = Database.NewContext();
        return await db.Issues.Where(i => i.ProjectId == project).OrderBy(i => i.Number).Select(i => i.Id).ToListAsync(Cancellation);
    }

    private async Task<string> SlugAsync(long project)
    {
        await using var db = Database.NewContext();
        return await db.Projects.Where(p => p.Id == project).Select(p => p.Slug).SingleAsync(Cancellation);
    }

    private async Task<GroupingChangeDetails> TryAsync(long project, string rules) =>
        (await SendAsync(new TryGroupingRules(AccessScope.System, await SlugAsync(project), rules, 7))).Value!;

    private async Task<ChangeResult<GroupingChangeDetails>> ApplyAsync(long project, GroupingChangeDetails change) =>
        await SendAsync(new ApplyGroupingChange(AccessScope.System, await SlugAsync(project), change.Change.Id));

    private async Task<ChangeResult<GroupingChangeDetails>> UndoAsync(long project, GroupingChangeDetails change) =>
        await SendAsync(new UndoGroupingChange(AccessScope.System, await SlugAsync(project), change.Change.Id));
}

public sealed class SqliteRegroupingTests(SqliteTestDatabase database) : RegroupingTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlRegroupingTests(PostgreSqlTestDatabase database) : RegroupingTests<PostgreSqlTestDatabase>(database);

public sealed class JournalledRegroupingTests(JournalledPostgreSqlTestDatabase database) : RegroupingTests<JournalledPostgreSqlTestDatabase>(database);

using System.Text;
using ErrorHub.Accounts;
using ErrorHub.DeadLetters;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Normalization;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Protocol.Events;
using ErrorHub.Regrouping;
using ErrorHub.Scrubbing;
using ErrorHub.Tags;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>After rules tighten, stored events are scrubbed by them: all of them, each where it is, whatever ends in between.</summary>
public abstract class RescrubTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    private static readonly ScrubbingSettings Tighter = new() { SensitiveKeys = ["ward"], Rules = [new OwnRule("patient-no", @"PAT-\d{6}")] };

    // The text of every stored thing of a project that can have text.
    protected async Task<string> TextOfAsync(long project)
    {
        await using var db = Database.NewContext();
        var text = new StringBuilder();
        foreach (var e in await db.Events.Where(e => e.ProjectId == project).ToListAsync(Cancellation))
            text.AppendLine(e.Title).AppendLine(Encoding.UTF8.GetString(PayloadCodec.Decompress(e.Body, e.Codec, e.BodyBytes)));

        foreach (var i in await db.Issues.Where(i => i.ProjectId == project).ToListAsync(Cancellation))
            text.AppendLine($"{i.Title} {i.Culprit} {i.Type} {i.Value} {i.Filename} {i.Function} {i.Logger} {i.GroupingWhy}");

        foreach (var t in await db.IssueTags.Where(t => t.ProjectId == project).ToListAsync(Cancellation))
            text.AppendLine($"{t.Key}={t.Value}");

        foreach (var d in await db.DeadLetters.Where(d => d.ProjectId == project).ToListAsync(Cancellation))
        {
            var letter = ProcessedEventFormat.Read(d.Record);
            text.AppendLine($"{d.Title} {letter.Heading} {string.Join(' ', letter.Tags)}").AppendLine(Encoding.UTF8.GetString(PayloadCodec.Decompress(letter.Body.Span, letter.Codec, letter.BodyBytes)));
        }

        return text.ToString();
    }

    [Fact]
    public async Task ContinueRescrubs_RulesThatTightened_LeavesNothingAnywhereAndMovesNoEvent()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Enumerable.Range(0, 120).Select(i => Event(project.Id, $"PAT-{123456 + i}", Now.AddMinutes(-i), ward: $"w{i % 3}")));
        await WriteAsync(Event(project.Id, "PAT-999999", Now.AddDays(-2), fault: "Other"), Event(project.Id, "nobody", Now.AddDays(-3), fault: "Clean", ward: null));
        var letter = Event(project.Id, "PAT-777777", Now);
        await KeepAsync(letter);
        var before = await IssuesOfEventsAsync(project.Id);
        Assert.Contains("PAT-123456", await TextOfAsync(project.Id), StringComparison.Ordinal);

        await TightenAsync(project);
        await RescrubAsync(project);

        var text = await TextOfAsync(project.Id);
        Assert.DoesNotMatch(@"PAT-\d", text);
        Assert.DoesNotContain("ward=w", text, StringComparison.Ordinal);
        Assert.Contains("no bed for [patient-no]", text, StringComparison.Ordinal);
        Assert.Equal(before, await IssuesOfEventsAsync(project.Id));

        var run = (await SendAsync(new GetRescrub(MemberOf(project.Id), project.Slug)))!;
        Assert.Equal((RescrubPhase.Done, 121, 2, 0), (run.Phase, run.EventsChanged, run.IssuesChanged, run.EventsUnreadable));
        await using var db = Database.NewContext();
        Assert.Equal(
            (120, Now.AddMinutes(-119), Now),
            await db.IssueTags.Where(t => t.ProjectId == project.Id && t.Key == "ward" && t.Events > 1).Select(t => new ValueTuple<long, DateTimeOffset, DateTimeOffset>(t.Events, t.FirstSeen, t.LastSeen)).SingleAsync(Cancellation));
        var record = await db.Activity.SingleAsync(a => a.ProjectId == project.Id && a.Action == "project.rescrubbed", Cancellation);
        Assert.StartsWith($"by {run.Policy}: 121 of ", record.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContinueRescrubs_ScrubbedEvent_SaysSoInItsReceipt()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Event(project.Id, "PAT-123456", Now.AddHours(-1)));
        await TightenAsync(project);
        await RescrubAsync(project);

        await using var db = Database.NewContext();
        var row = await db.Events.SingleAsync(e => e.ProjectId == project.Id, Cancellation);
        var receipt = EventBodies.Read(row.Body, row.Codec, row.BodyBytes)!.Receipt!;
        Assert.Equal(ScrubbingPolicy.Of(Tighter).Version, receipt.Policy);
        Assert.Equal(PayloadCodec.Kind, row.Codec);
        // What was removed when it came stands before.
        Assert.Equal(["email", "patient-no", "patient-no", "sensitive-key"], receipt.Removals.Select(r => r.Rule));
    }

    [Fact]
    public async Task ContinueRescrubs_IssueOfVeryManyTags_LosesThemInSteps()
    {
        var project = await Database.NewProjectAsync();
        var issue = (await WriteAsync(Event(project.Id, "PAT-123456", Now.AddHours(-1))))[0].IssueId;
        await using (var db = Database.NewContext())
        {
            db.IssueTags.AddRange(Enumerable.Range(0, 1_200).Select(i => new IssueTag
            {
                ProjectId = project.Id,
                IssueId = issue,
                Key = "bed",
                Value = $"PAT-{200000 + i}",
                Events = 1,
                FirstSeen = Now,
                LastSeen = Now,
            }));
            await db.SaveChangesAsync(Cancellation);
        }

        await TightenAsync(project);
        await RescrubAsync(project);

        await using var after = Database.NewContext();
        var tag = await after.IssueTags.SingleAsync(t => t.ProjectId == project.Id && t.Key == "bed", Cancellation);
        Assert.Equal(("[patient-no]", 1_200), (tag.Value, tag.Events));
        Assert.Equal(1, (await SendAsync(new GetRescrub(MemberOf(project.Id), project.Slug)))!.IssuesChanged);
    }

    [Fact]
    public async Task ContinueRescrubs_CallThatDied_IsFollowedByAnotherAfterItsLease()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Enumerable.Range(0, 60).Select(i => Event(project.Id, $"PAT-{100000 + i}", Now.AddMinutes(-i))));
        await TightenAsync(project);
        var run = (await SendAsync(new StartRescrub(AccessScope.System, project.Slug))).Value!;
        // As a process leaves it that was killed behind its first step.
        var events = new RescrubEvents(Database.NewContext(), project.Id, ScrubbingPolicy.Of(Tighter), GroupingRules.None);
        await (await events.ReadAsync(run.CursorAt, run.CursorId, run.BeginsAt, Cancellation)).WriteAsync(Cancellation);
        Database.Time.Advance(RescrubRun.Wait);
        await using (var db = Database.NewContext())
        {
            await db.RescrubRuns.Where(r => r.Id == run.Id).ExecuteUpdateAsync(
                set => set.SetProperty(r => r.LeaseHolder, Guid.CreateVersion7()).SetProperty(r => r.LeaseUntil, Database.Time.GetUtcNow().AddMinutes(1))
                    .SetProperty(r => r.EventsSeen, 50).SetProperty(r => r.EventsChanged, 50).SetProperty(r => r.CursorAt, events.Last!.Value.ReceivedAt).SetProperty(r => r.CursorId, events.Last!.Value.Id),
                Cancellation);
        }

        await SendAsync(new ContinueRescrubs());
        Assert.Equal(50, (await SendAsync(new GetRescrub(AccessScope.System, project.Slug)))!.EventsSeen);
        // A second start is the same run.
        Assert.Equal(run.Id, (await SendAsync(new StartRescrub(AccessScope.System, project.Slug))).Value!.Id);

        Database.Time.Advance(TimeSpan.FromMinutes(1));
        await SendAsync(new ContinueRescrubs());

        var done = (await SendAsync(new GetRescrub(AccessScope.System, project.Slug)))!;
        Assert.Equal((RescrubPhase.Done, 60), (done.Phase, done.EventsChanged));
        Assert.DoesNotMatch(@"PAT-\d", await TextOfAsync(project.Id));
    }

    [Fact]
    public async Task ContinueRescrubs_EventsOnTheirWayWhenItWasStarted_AreNotMissed()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Event(project.Id, "PAT-000001", Now.AddDays(-2)));
        await TightenAsync(project);
        await SendAsync(new StartRescrub(AccessScope.System, project.Slug));
        var start = Database.Time.GetUtcNow();
        Database.Time.Advance(TimeSpan.FromSeconds(55));
        await SendAsync(new ContinueRescrubs());
        // By a process that had not heard of the new rules, by one that took its time, and out of the spool, older than all that was there.
        await WriteAsync(
            Event(project.Id, "PAT-111111", start.AddSeconds(-1)), Event(project.Id, "PAT-222222", start.AddSeconds(4)),
            Event(project.Id, "PAT-333333", Now.AddDays(-1)), Event(project.Id, "PAT-444444", Now.AddDays(-3)));
        Database.Time.Advance(TimeSpan.FromSeconds(5));
        await SendAsync(new ContinueRescrubs());

        Assert.DoesNotMatch(@"PAT-\d", await TextOfAsync(project.Id));
        Assert.Equal((RescrubPhase.Done, 5), await StateAsync(project));
    }

    [Fact]
    public async Task ContinueRescrubs_RulesChangedOnTheWay_BeginsAnew()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Event(project.Id, "PAT-123456", Now.AddHours(-1), ward: "w7"));
        await SendAsync(new SetScrubbing(AccessScope.System, project.Slug, Tighter with { SensitiveKeys = [] }));
        await SendAsync(new StartRescrub(AccessScope.System, project.Slug));
        Database.Time.Advance(TimeSpan.FromSeconds(40));
        await TightenAsync(project);
        await SendAsync(new ContinueRescrubs());
        Database.Time.Advance(TimeSpan.FromSeconds(50));
        await SendAsync(new ContinueRescrubs());
        // By rules that were in force until the last change: that is waited for, too.
        Assert.Equal((RescrubPhase.Events, 0), await StateAsync(project));
        await WriteAsync(Event(project.Id, "[patient-no]", Now.AddHours(-2), ward: "w7"));
        Database.Time.Advance(TimeSpan.FromSeconds(10));
        await SendAsync(new ContinueRescrubs());

        var run = (await SendAsync(new GetRescrub(AccessScope.System, project.Slug)))!;
        Assert.Equal((RescrubPhase.Done, ScrubbingPolicy.Of(Tighter).Version), (run.Phase, run.Policy));
        Assert.DoesNotContain("w7", await TextOfAsync(project.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContinueRescrubs_RulesThatWereOthersForAMoment_BeginsAnew()
    {
        var project = await Database.NewProjectAsync();
        await TightenAsync(project);
        await SendAsync(new StartRescrub(AccessScope.System, project.Slug));
        Database.Time.Advance(RescrubRun.Wait);
        await SendAsync(new SetScrubbing(AccessScope.System, project.Slug, ScrubbingSettings.Default));
        await TightenAsync(project);

        await SendAsync(new ContinueRescrubs());

        var run = (await SendAsync(new GetRescrub(AccessScope.System, project.Slug)))!;
        Assert.Equal((Database.Time.GetUtcNow(), null), (run.StartedAt, run.FinishedAt));
    }

    [Fact]
    public async Task ContinueRescrubs_IssuesMergedBehindItsBack_LooksAtThemAgain()
    {
        var project = await Database.NewProjectAsync();
        var ids = (await WriteAsync(Event(project.Id, "one", Now), Event(project.Id, "two", Now, fault: "Other", ward: "w2"))).Select(r => r.IssueId).Order().ToList();
        await TightenAsync(project);
        await PassAsync(project, ids[0]);

        Assert.NotNull((await SendAsync(new MergeIssues(AccessScope.System, ids, Into: ids[0]))).Value);

        Assert.Contains("ward=w2", await TextOfAsync(project.Id), StringComparison.Ordinal);
        await SendAsync(new ContinueRescrubs());
        Assert.DoesNotContain("ward=w", await TextOfAsync(project.Id), StringComparison.Ordinal);
        Assert.Equal(RescrubPhase.Done, (await StateAsync(project)).Phase);
    }

    [Fact]
    public async Task ContinueRescrubs_IssuesPartedBehindItsBack_LooksAtThemAgain()
    {
        var project = await Database.NewProjectAsync();
        var ids = (await WriteAsync(Event(project.Id, "one", Now), Event(project.Id, "two", Now, fault: "Other", ward: "w2"))).Select(r => r.IssueId).ToList();
        await SendAsync(new MergeIssues(AccessScope.System, ids, Into: ids[1]));
        await TightenAsync(project);
        // Past the one that comes back and before the one that has its tags.
        await PassAsync(project, ids.Min());
        var hashes = await SendAsync(new GetIssueHashes(AccessScope.System, ids[1]));
        var old = hashes!.Single(h => h.MergedFrom is not null).Hash.ToString();

        Assert.Equal(ids[0], (await SendAsync(new UnmergeHashes(AccessScope.System, ids[1], [old]))).Value!.IssueId);

        await SendAsync(new ContinueRescrubs());
        Assert.DoesNotContain("ward=w", await TextOfAsync(project.Id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContinueRescrubs_PlanOfAChangeOfGrouping_LosesItInTitles()
    {
        var project = await Database.NewProjectAsync();
        await WriteAsync(Event(project.Id, "PAT-123456", Now), Event(project.Id, "PAT-654321", Now, fault: "Other"));
        var plan = (await SendAsync(new TryGroupingRules(AccessScope.System, project.Slug, "type:* -> all", 7))).Value!.Change;
        Assert.Contains("PAT-654321", plan.Plan, StringComparison.Ordinal);

        await TightenAsync(project);
        await RescrubAsync(project);

        await using var db = Database.NewContext();
        var after = await db.GroupingChanges.SingleAsync(c => c.ProjectId == project.Id, Cancellation);
        Assert.Equal(RegroupingPlan.Parse(plan.Plan).Merges[0].Issues.Select(i => i.Id), RegroupingPlan.Parse(after.Plan).Merges[0].Issues.Select(i => i.Id));
        Assert.DoesNotContain("PAT-", after.Plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ContinueRescrubs_LongRuns_TakeTurns()
    {
        var projects = new[] { await Database.NewProjectAsync(), await Database.NewProjectAsync() };
        foreach (var project in projects)
        {
            await WriteAsync(Enumerable.Range(0, 400).Select(i => Event(project.Id, "nobody", Now.AddMinutes(-i))));
            await SendAsync(new StartRescrub(AccessScope.System, project.Slug));
        }

        Database.Time.Advance(RescrubRun.Wait);
        // As if each look at the clock took that long.
        Database.Time.AutoAdvanceAmount = TimeSpan.FromSeconds(2);
        List<(long, long)> seen = [];
        do
        {
            Assert.InRange(seen.Count, 0, 100);
            seen.Add(((await StateAsync(projects[0])).EventsSeen, (await StateAsync(projects[1])).EventsSeen));
        }
        while (await SendAsync(new ContinueRescrubs()));

        Database.Time.AutoAdvanceAmount = TimeSpan.Zero;
        Assert.Contains(seen, s => s.Item1 is > 0 and < 400 && s.Item2 is > 0 and < 400);
        Assert.All(projects, project => Assert.Equal((RescrubPhase.Done, 400), StateAsync(project).Result));
    }

    [Fact]
    public async Task StartRescrub_Member_IsRefused()
    {
        var project = await Database.NewProjectAsync();
        Assert.Equal(Refusal.Forbidden, (await SendAsync(new StartRescrub(MemberOf(project.Id), project.Slug))).Refusal);
        Assert.Equal(Refusal.NotFound, (await SendAsync(new StartRescrub(MemberOf(project.Id + 1000), project.Slug))).Refusal);
        Assert.Null(await SendAsync(new GetRescrub(AccessScope.System, project.Slug)));
    }

    [Fact]
    public void Scrub_EventFromTheSpool_IsByTheRulesOfNowAndHasItsHash()
    {
        var e = Event(1, "PAT-123456", Now);
        var after = Rescrubbing.Scrub(e, ScrubbingPolicy.Of(Tighter), GroupingRules.None);

        Assert.Equal(("Bed: no bed for [patient-no]", e.Grouping.Hash), (after.Heading.Title, after.Grouping.Hash));
        Assert.Equal("[Filtered]", after.Tags.Single(t => t.Key == "ward").Value);
        Assert.Equal(ScrubbingPolicy.Of(Tighter).Version, after.Policy);
        Assert.Contains(after.Removals, r => r is { Rule: "patient-no", Path: "exception.values[*].value" });
        Assert.Same(after, Rescrubbing.Scrub(after, ScrubbingPolicy.Of(Tighter), GroupingRules.None));
        var compat = ScrubbingPolicy.Of(Tighter with { Profile = ScrubbingProfile.SentryCompat });
        Assert.Equal("Bed: no bed for [patient-no]", Rescrubbing.Scrub(e, compat, GroupingRules.None).Heading.Title);
    }

    protected async Task TightenAsync(Project project) => Assert.NotNull((await SendAsync(new SetScrubbing(AccessScope.System, project.Slug, Tighter))).Value);

    protected async Task RescrubAsync(Project project)
    {
        Assert.NotNull((await SendAsync(new StartRescrub(AccessScope.System, project.Slug))).Value);
        Database.Time.Advance(RescrubRun.Wait);
        await SendAsync(new ContinueRescrubs());
    }

    // As a call leaves a run that goes on and has looked at all events, and at issues up to one.
    private async Task PassAsync(Project project, Guid issue)
    {
        await SendAsync(new StartRescrub(AccessScope.System, project.Slug));
        Database.Time.Advance(RescrubRun.Wait);
        var until = Database.Time.GetUtcNow().AddMinutes(1);
        await using var db = Database.NewContext();
        await db.RescrubRuns.Where(r => r.ProjectId == project.Id).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Phase, RescrubPhase.Issues).SetProperty(r => r.CursorId, issue)
                .SetProperty(r => r.LeaseHolder, Guid.CreateVersion7()).SetProperty(r => r.LeaseUntil, until),
            Cancellation);
    }

    protected async Task<(RescrubPhase Phase, long EventsSeen)> StateAsync(Project project)
    {
        var run = (await SendAsync(new GetRescrub(AccessScope.System, project.Slug)))!;
        return (run.Phase, run.EventsSeen);
    }

    private async Task<List<(Guid, Guid)>> IssuesOfEventsAsync(long project)
    {
        await using var db = Database.NewContext();
        return [.. (await db.EventsWithIssuesAsync(project, Cancellation)).Select(e => (e.Event.Id, e.IssueId)).Order()];
    }

    private async Task KeepAsync(ProcessedEvent e)
    {
        await using var db = Database.NewContext();
        db.DeadLetters.Add(new DeadLetter
        {
            ProjectId = e.ProjectId,
            Id = e.Id,
            EventId = e.EventId.Value,
            ReceivedAt = e.ReceivedAt,
            FailedAt = Now,
            ExpiresAt = Now.AddDays(90),
            Reason = "refused",
            Title = e.Heading.Title,
            Category = "error",
            Record = ProcessedEventFormat.Write(e),
        });
        await db.SaveChangesAsync(Cancellation);
    }

    /// <summary>An event as ingest stores it by the default rules.</summary>
    protected static ProcessedEvent Event(long project, string patient, DateTimeOffset receivedAt, string fault = "Bed", string? ward = "w1")
    {
        var tags = ward is null ? "{}" : $$"""{"ward":"{{ward}}"}""";
        var json = $$$"""
            {"platform":"python","tags":{{{tags}}},"user":{"email":"a@b.example"},"logger":"beds.{{{fault}}}",
             "exception":{"values":[{"type":"{{{fault}}}","value":"no bed for {{{patient}}}","stacktrace":{"frames":[
               {"module":"ward.app","function":"admit","in_app":true,"vars":{"patient":"{{{patient}}}"}}]}}]}}
            """;
        Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(json), out var e));
        e = EventScrubber.Scrub(e, ScrubbingPolicy.Strict);
        var (body, bytes) = Rescrubbing.BodyOf(e);
        return TestEvents.Of(project, fault, receivedAt) with
        {
            Id = Guid.CreateVersion7(receivedAt),
            Grouping = Grouper.GroupingOf(e),
            Heading = EventHeading.Of(e),
            Logger = e.Logger,
            Environment = "",
            Release = "",
            Tags = DerivedTags.Of(e),
            Policy = e.Receipt!.Policy,
            Removals = RemovalCount.Of(e.Receipt),
            Body = body,
            BodyBytes = bytes,
        };
    }
}

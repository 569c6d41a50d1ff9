using ErrorHub.Ingest;
using ErrorHub.Issues;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests;

/// <summary>What an event writer promises, on whatever database.</summary>
public abstract class EventWriterTests<TDatabase>(TDatabase database) : IClassFixture<TDatabase>, IAsyncLifetime
    where TDatabase : TestDatabase
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected TDatabase Database => database;

    public async ValueTask InitializeAsync() => await database.MigratedAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task WriteAsync_NewFault_StoresEventAsItIsAndCreatesItsIssue()
    {
        var project = (await database.NewProjectAsync()).Id;
        var e = TestEvents.Of(project, "OutOfStock", user: "ada");

        var result = Assert.Single(await WriteAsync(e));

        Assert.Equal(new WriteResult(true, result.IssueId, IssueTransitionKind.Created), result);
        await using var db = database.NewContext();
        var stored = await db.Events.SingleAsync(s => s.ProjectId == project, Cancellation);
        Assert.Equivalent(
            new
            {
                e.Id,
                e.ReceivedAt,
                EventId = e.EventId.Value,
                Hash = e.Grouping.Hash.Value,
                e.Timestamp,
                e.RetentionDays,
                e.Level,
                e.Platform,
                e.Heading.Title,
                e.Environment,
                e.Release,
                e.UserHash,
                e.TraceId,
                e.Codec,
                e.BodyBytes,
            },
            stored);
        Assert.Equal(e.Body.ToArray(), stored.Body);
        var issue = await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation);
        Assert.Equivalent(
            new
            {
                Id = result.IssueId,
                Number = 1L,
                e.Heading.Title,
                e.Heading.Culprit,
                e.Heading.Type,
                e.Heading.Value,
                e.Heading.Filename,
                e.Heading.Function,
                e.Level,
                e.Platform,
                e.Logger,
                e.Handled,
                Status = IssueStatus.Unresolved,
                Substatus = IssueSubstatus.New,
                FirstSeen = e.ReceivedAt,
                LastSeen = e.ReceivedAt,
                EventCount = 1L,
                UserCount = 1L,
                FirstRelease = e.Release,
                LastRelease = e.Release,
                LastEnvironment = e.Environment,
                GroupingVersion = (short)1,
                GroupingVariant = "app",
                GroupingWhy = "type: OutOfStock\nframe: pay in shop.cart",
            },
            issue);
        var transition = await db.IssueTransitions.SingleAsync(t => t.ProjectId == project, Cancellation);
        Assert.Equal(
            (result.IssueId, IssueTransitionKind.Created, e.ReceivedAt, e.EventId.Value, e.Release),
            (transition.IssueId, transition.Kind, transition.At, transition.EventId, transition.Release));
        Assert.Equal(e.ReceivedAt, (await db.Projects.SingleAsync(p => p.Id == project, Cancellation)).FirstEventAt);
    }

    [Fact]
    public async Task WriteAsync_SameEventIdAgain_StoresItOnceAndCountsADuplicate()
    {
        var project = (await database.NewProjectAsync()).Id;
        var e = TestEvents.Of(project, "Twice");
        var writer = database.NewWriter();

        var first = await writer.WriteAsync([e, e with { Id = Guid.CreateVersion7() }], [], Cancellation);
        var second = await database.NewWriter().WriteAsync([e with { Id = Guid.CreateVersion7() }], [], Cancellation);

        Assert.Equal([true, false], first.Select(r => r.Stored));
        Assert.Equal(new WriteResult(false, Guid.Empty, null), Assert.Single(second));
        await using var db = database.NewContext();
        Assert.Equal(1, await db.Events.CountAsync(s => s.ProjectId == project, Cancellation));
        Assert.Equal(1, (await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation)).EventCount);
        Assert.Equal(
            [(Outcome.Accepted, "", 1L), (Outcome.Filtered, "duplicate", 2L)], await OutcomesAsync(project));
        await database.AssertCountsEqualRecountAsync(project);
    }

    [Fact]
    public async Task WriteAsync_SameIdInTwoProjects_StoresBoth()
    {
        var (one, two) = ((await database.NewProjectAsync()).Id, (await database.NewProjectAsync()).Id);
        var e = TestEvents.Of(one, "Shared");

        var results = await WriteAsync(e, e with { Id = Guid.CreateVersion7(), ProjectId = two });

        Assert.All(results, r => Assert.Equal((true, IssueTransitionKind.Created), (r.Stored, r.Transition)));
        Assert.NotEqual(results[0].IssueId, results[1].IssueId);
        await database.AssertCountsEqualRecountAsync(one);
        await database.AssertCountsEqualRecountAsync(two);
    }

    [Fact]
    public async Task WriteAsync_MixedBatch_AnswersInTheOrderGiven()
    {
        var project = (await database.NewProjectAsync()).Id;
        var seen = TestEvents.Of(project, "A");
        var known = Assert.Single(await WriteAsync(seen)).IssueId;

        var results = await WriteAsync(
            TestEvents.Of(project, "B"), seen, TestEvents.Of(project, "A"), TestEvents.Of(project, "B"), TestEvents.Of(long.MaxValue, "A"));

        Assert.Equal([true, false, true, true, false], results.Select(r => r.Stored));
        Assert.Equal([IssueTransitionKind.Created, null, null, null, null], results.Select(r => r.Transition));
        Assert.Equal(known, results[2].IssueId);
        Assert.Equal(results[0].IssueId, results[3].IssueId);
        Assert.Equal(Guid.Empty, results[4].IssueId);
    }

    [Fact]
    public async Task WriteAsync_SeveralNewFaults_NumbersThemInOrderOfArrivalWithoutGaps()
    {
        var project = (await database.NewProjectAsync()).Id;
        string[] faults = ["Zulu", "Alpha", "Mike", "Zulu", "Bravo"];

        await WriteAsync([.. faults.Take(2).Select(f => TestEvents.Of(project, f))]);
        await WriteAsync([.. faults.Select(f => TestEvents.Of(project, f))]);

        await using var db = database.NewContext();
        var issues = await db.Issues.Where(i => i.ProjectId == project).OrderBy(i => i.Number).ToListAsync(Cancellation);
        Assert.Equal(
            [(1L, "Zulu"), (2L, "Alpha"), (3L, "Mike"), (4L, "Bravo")], issues.Select(i => (i.Number, i.Type!)));
        Assert.Equal(5, (await db.Projects.SingleAsync(p => p.Id == project, Cancellation)).NextIssueNumber);
    }

    [Fact]
    public async Task WriteAsync_ManyBatches_CountsEqualARecount()
    {
        var project = (await database.NewProjectAsync()).Id;
        var random = new Random(7);
        var writer = database.NewWriter();
        for (var batch = 0; batch < 10; batch++)
        {
            var events = Enumerable.Range(0, 60).Select(_ => TestEvents.Of(
                project, $"Fault{random.Next(8)}", TestDatabase.Now.AddMinutes(-random.Next(600)), $"user{random.Next(20)}") with
            {
                Release = $"shop@1.{random.Next(3)}.0",
                Environment = random.Next(4) == 0 ? "" : "production",
                UserHash = random.Next(5) == 0 ? null : [.. Enumerable.Repeat((byte)random.Next(20), 16)],
            });
            await writer.WriteAsync([.. events], [], Cancellation);
        }

        await database.AssertCountsEqualRecountAsync(project);
    }

    [Fact]
    public async Task WriteAsync_GivenOutcomes_AddsThemToTheHour()
    {
        var project = (await database.NewProjectAsync()).Id;
        OutcomeCount[] outcomes =
        [
            new(project, TestDatabase.Now.AddMinutes(3), Outcome.RateLimited, "key_quota", "error", 5),
            new(project, TestDatabase.Now.AddMinutes(58), Outcome.RateLimited, "key_quota", "error", 2),
            new(project, TestDatabase.Now, Outcome.ClientDiscard, new string('x', 500), "transaction", 1),
        ];

        Assert.Empty(await database.NewWriter().WriteAsync([], outcomes, Cancellation));
        await database.NewWriter().WriteAsync([], outcomes, Cancellation);

        Assert.Equal(
            [(Outcome.RateLimited, "key_quota", 14L), (Outcome.ClientDiscard, new string('x', 64), 2L)], await OutcomesAsync(project));
    }

    [Fact]
    public async Task WriteAsync_ResolvedIssue_RegressesOnceAndIsNotedInItsHistory()
    {
        var project = (await database.NewProjectAsync()).Id;
        var issue = Assert.Single(await WriteAsync(TestEvents.Of(project, "Back"))).IssueId;
        await SetStatusAsync(issue, IssueStatus.Resolved, TestDatabase.Now.AddMinutes(5));
        var (early, late, later) = (Event(4), Event(6), Event(7));

        var results = await WriteAsync(early, late, later);

        Assert.Equal([null, IssueTransitionKind.Regressed, null], results.Select(r => r.Transition));
        await using var db = database.NewContext();
        var row = await db.Issues.SingleAsync(i => i.Id == issue, Cancellation);
        Assert.Equal(
            (IssueStatus.Unresolved, IssueSubstatus.Regressed, 1, late.ReceivedAt, 4L),
            (row.Status, row.Substatus, row.Regressions, row.StatusChangedAt, row.EventCount));
        var history = await db.IssueTransitions.Where(t => t.IssueId == issue && t.Kind == IssueTransitionKind.Regressed).ToListAsync(Cancellation);
        Assert.Equal(late.EventId.Value, Assert.Single(history).EventId);

        ProcessedEvent Event(int minute) => TestEvents.Of(project, "Back", TestDatabase.Now.AddMinutes(minute));
    }

    [Fact]
    public async Task WriteAsync_EventFromBeforeTheResolution_LeavesTheIssueResolved()
    {
        var project = (await database.NewProjectAsync()).Id;
        var issue = Assert.Single(await WriteAsync(TestEvents.Of(project, "Replayed"))).IssueId;
        await SetStatusAsync(issue, IssueStatus.Resolved, TestDatabase.Now.AddMinutes(5));

        await WriteAsync(TestEvents.Of(project, "Replayed", TestDatabase.Now.AddMinutes(4)));

        await using var db = database.NewContext();
        var row = await db.Issues.SingleAsync(i => i.Id == issue, Cancellation);
        Assert.Equal((IssueStatus.Resolved, 0, 2L), (row.Status, row.Regressions, row.EventCount));
    }

    [Fact]
    public async Task WriteAsync_ArchivedIssue_StaysArchivedAndCounts()
    {
        var project = (await database.NewProjectAsync()).Id;
        var issue = Assert.Single(await WriteAsync(TestEvents.Of(project, "Known"))).IssueId;
        await SetStatusAsync(issue, IssueStatus.Archived, TestDatabase.Now);

        var result = Assert.Single(await WriteAsync(TestEvents.Of(project, "Known", TestDatabase.Now.AddDays(1))));

        Assert.Null(result.Transition);
        await using var db = database.NewContext();
        var row = await db.Issues.SingleAsync(i => i.Id == issue, Cancellation);
        Assert.Equal((IssueStatus.Archived, 2L), (row.Status, row.EventCount));
    }

    [Fact]
    public async Task WriteAsync_OlderEventAfterNewer_KeepsTheNewerHeadingAndMovesFirstSeen()
    {
        var project = (await database.NewProjectAsync()).Id;
        var newer = TestEvents.Of(project, "Heading");
        var older = TestEvents.Of(project, "Heading", TestDatabase.Now.AddHours(-2)) with
        {
            Heading = newer.Heading with { Title = "older" },
            Release = "shop@0.9.0",
        };

        await WriteAsync(newer);
        await WriteAsync(older);

        await using var db = database.NewContext();
        var row = await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation);
        Assert.Equal(
            (newer.Heading.Title, older.ReceivedAt, newer.ReceivedAt, "shop@0.9.0", "shop@1.0.0"),
            (row.Title, row.FirstSeen, row.LastSeen, row.FirstRelease, row.LastRelease));
    }

    // With shared ids one waits for the other at the id; without, only the making of issues keeps them apart.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WriteAsync_TwoWritersAtOnce_MakeOneIssueAndCountExactly(bool shareIds)
    {
        var project = (await database.NewProjectAsync()).Id;
        const int batches = 20;
        var shared = Enumerable.Range(0, batches).Select(_ => TestEvents.Of(project, "Shared")).ToList();
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var writers = Enumerable.Range(0, 2).Select(w => Task.Run(async () =>
        {
            var writer = database.NewWriter();
            await start.Task;
            for (var i = 0; i < batches; i++)
            {
                // The other writer brings the same shared event and the same new faults, in the other order.
                ProcessedEvent[] events =
                [
                    shareIds ? shared[i] with { Id = Guid.CreateVersion7() } : TestEvents.Of(project, "Shared"),
                    TestEvents.Of(project, $"Fault{i}", user: $"user{i}"),
                    TestEvents.Of(project, $"Fault{i}b"),
                    TestEvents.Of(project, $"Fault{i - 1}"),
                ];
                if (w == 1)
                    Array.Reverse(events);

                await writer.WriteAsync(events, [], Cancellation);
            }
        })).ToList();
        start.SetResult();
        await Task.WhenAll(writers);

        await using var db = database.NewContext();
        Assert.Equal(1 + batches + batches + 1, await db.Issues.CountAsync(i => i.ProjectId == project, Cancellation));
        var numbers = await db.Issues.Where(i => i.ProjectId == project).Select(i => i.Number).Order().ToListAsync(Cancellation);
        Assert.Equal(Enumerable.Range(1, numbers.Count).Select(n => (long)n), numbers);
        var duplicates = shareIds ? batches : 0;
        Assert.Equal((8 * batches) - duplicates, await db.Events.CountAsync(e => e.ProjectId == project, Cancellation));
        Assert.Equal(
            [(8L * batches) - duplicates, .. shareIds ? [(long)duplicates] : Array.Empty<long>()],
            (await OutcomesAsync(project)).Select(o => o.Quantity));
        await database.AssertCountsEqualRecountAsync(project);
    }

    [Fact]
    public async Task WriteAsync_TransactionFails_LeavesNothingAndTheNextBatchWorks()
    {
        var project = (await database.NewProjectAsync()).Id;
        var writer = database.NewWriter();
        await writer.WriteAsync([TestEvents.Of(project, "Good")], [], Cancellation);
        // Two events with the same key of ours: the second row collides after everything else of the batch was written.
        var e = TestEvents.Of(project, "Bad", user: "eve");
        var collision = e with { EventId = Protocol.SentryId.NewId() };

        await Assert.ThrowsAnyAsync<Exception>(() => writer.WriteAsync([e, collision], [], Cancellation));

        await using var db = database.NewContext();
        Assert.Equal(1, await db.Events.CountAsync(s => s.ProjectId == project, Cancellation));
        Assert.Equal(1, await db.EventKeys.CountAsync(k => k.ProjectId == project, Cancellation));
        Assert.Equal(1, await db.IssueFingerprints.CountAsync(f => f.ProjectId == project, Cancellation));
        Assert.Equal(2, (await db.Projects.SingleAsync(p => p.Id == project, Cancellation)).NextIssueNumber);
        Assert.True(Assert.Single(await writer.WriteAsync([e], [], Cancellation)).Stored);
        await database.AssertCountsEqualRecountAsync(project);
    }

    [Fact]
    public async Task WriteAsync_IssueDeletedByHand_MakesANewOneForItsHash()
    {
        var project = (await database.NewProjectAsync()).Id;
        var deleted = Assert.Single(await WriteAsync(TestEvents.Of(project, "Deleted"))).IssueId;
        await using var db = database.NewContext();
        await db.Issues.Where(i => i.Id == deleted).ExecuteDeleteAsync(Cancellation);

        var result = Assert.Single(await WriteAsync(TestEvents.Of(project, "Deleted")));

        Assert.Equal(IssueTransitionKind.Created, result.Transition);
        Assert.Equal(result.IssueId, (await db.IssueFingerprints.SingleAsync(f => f.ProjectId == project, Cancellation)).IssueId);
    }

    [Theory]
    [InlineData("'; DROP TABLE events; --")]
    [InlineData("\uFFFD \"quoted\" \\ %s {0} $1 @p")]
    [InlineData("\U0001F525\U0001F469\u200D\U0001F4BB e\u0301 \u202Ereversed")]
    [InlineData("line\r\nbreak\ttab\u0001\u001F\u007F")]
    public async Task WriteAsync_HostileText_IsStoredAsItIs(string text)
    {
        var project = (await database.NewProjectAsync()).Id;

        await WriteAsync(WithText(TestEvents.Of(project, "Hostile"), text));

        await using var db = database.NewContext();
        var issue = await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation);
        Assert.Equal((text, text, text), (issue.Title, issue.Culprit, issue.Value));
        Assert.Equal(text, (await db.Releases.SingleAsync(r => r.ProjectId == project, Cancellation)).Version);
        Assert.Equal(text, (await db.IssueTags.SingleAsync(t => t.ProjectId == project, Cancellation)).Value);
    }

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0xD83D)]
    [InlineData(0xDE00)]
    public async Task WriteAsync_CharacterNoDatabaseTakes_IsReplaced(int character)
    {
        // Not as a string in the attribute: attributes are UTF-8, which has no half surrogate pairs.
        var (text, stored) = ($"a{(char)character}b", "a\uFFFDb");
        var project = (await database.NewProjectAsync()).Id;

        await WriteAsync(WithText(TestEvents.Of(project, "Broken"), text));

        await using var db = database.NewContext();
        Assert.Equal(stored, (await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation)).Title);
        Assert.Equal(stored, (await db.IssueTags.SingleAsync(t => t.ProjectId == project, Cancellation)).Key);
    }

    [Fact]
    public async Task WriteAsync_TextLongerThanItsColumn_IsCutBetweenCharacters()
    {
        var project = (await database.NewProjectAsync()).Id;
        var text = "x" + string.Concat(Enumerable.Repeat("\U0001F525", 5_000));

        await WriteAsync(WithText(TestEvents.Of(project, "Long"), text));

        await using var db = database.NewContext();
        var issue = await db.Issues.SingleAsync(i => i.ProjectId == project, Cancellation);
        Assert.Equal(text[..255], issue.Title);
        Assert.Equal(text[..199], issue.Culprit);
        Assert.Equal(text[..199], (await db.Releases.SingleAsync(r => r.ProjectId == project, Cancellation)).Version);
    }

    private static ProcessedEvent WithText(ProcessedEvent e, string text) => e with
    {
        Heading = new(text, text, text, text, text, text),
        Platform = text,
        Logger = text,
        Release = text,
        Environment = text,
        Tags = [new(text, text)],
    };

    private Task<IReadOnlyList<WriteResult>> WriteAsync(params ProcessedEvent[] events) =>
        database.NewWriter().WriteAsync(events, [], Cancellation);

    private async Task SetStatusAsync(Guid issue, IssueStatus status, DateTimeOffset at)
    {
        await using var db = database.NewContext();
        await db.Issues.Where(i => i.Id == issue).ExecuteUpdateAsync(
            set => set.SetProperty(i => i.Status, status).SetProperty(i => i.StatusChangedAt, at), Cancellation);
    }

    private async Task<List<(Outcome Outcome, string Reason, long Quantity)>> OutcomesAsync(long project)
    {
        await using var db = database.NewContext();
        var hours = await db.OutcomeHours.Where(o => o.ProjectId == project).ToListAsync(Cancellation);
        return [.. hours.OrderBy(o => o.Outcome).Select(o => (o.Outcome, o.Reason, o.Quantity))];
    }
}

public sealed class SqliteEventWriterTests(SqliteTestDatabase database) : EventWriterTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlEventWriterTests(PostgreSqlTestDatabase database) : EventWriterTests<PostgreSqlTestDatabase>(database);

/// <summary>The same, when every batch is noted down first and counted after.</summary>
public sealed class JournalledEventWriterTests(JournalledPostgreSqlTestDatabase database) : EventWriterTests<JournalledPostgreSqlTestDatabase>(database);

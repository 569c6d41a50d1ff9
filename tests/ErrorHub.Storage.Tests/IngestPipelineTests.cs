using ErrorHub.Accounts;
using ErrorHub.DeadLetters;
using ErrorHub.Events;
using ErrorHub.Ingest;
using ErrorHub.Scrubbing;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests;

/// <summary>An acknowledged event is stored exactly once or a dead letter, whatever the database does meanwhile.</summary>
public abstract class IngestPipelineTests<TDatabase>(TDatabase database) : IClassFixture<TDatabase>, IAsyncLifetime
    where TDatabase : TestDatabase
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await database.MigratedAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Write_DatabaseAway_IsAcknowledgedFromTheSpoolAndStoredOnceWhenItIsBack()
    {
        var events = await EventsAsync(50);
        await using var pipeline = await StartAsync();
        pipeline.Writer.Fault = _ => new IOException("the database is away");

        var answers = await pipeline.WriteAsync(events);

        Assert.All(answers, a => Assert.Equal(WriteAnswer.Spooled, a));
        Assert.True(pipeline.Link.IsAway);
        Assert.Equal(0, await StoredAsync(events));
        pipeline.Writer.Fault = _ => null;
        await pipeline.DrainedAsync();
        Assert.Equal(50, await StoredAsync(events));
        await CountsAreExactAsync(events);
        Assert.Equal(WriteAnswer.Stored, (await pipeline.WriteAsync(await EventsAsync(1))).Single());
    }

    [Fact]
    public async Task Write_RulesTightenedWhileItWaitedInTheSpool_IsStoredByTheNewOnes()
    {
        var json = """{"message":"no bed for PAT-123456"}"""u8.ToArray();
        var events = (await EventsAsync(2)).ConvertAll(e => e with { Body = PayloadCodec.Compress(json), BodyBytes = json.Length });
        await using var pipeline = await StartAsync();
        pipeline.Writer.Fault = _ => new IOException("the database is away");
        await pipeline.WriteAsync(events);
        var settings = new ScrubbingSettings { Rules = [new OwnRule("patient-no", @"PAT-\d{6}")] };
        await using var db = database.NewContext();
        var project = await db.Projects.SingleAsync(p => p.Id == events[0].ProjectId, Cancellation);
        project.Scrubbing = settings.ToJson();
        await db.SaveChangesAsync(Cancellation);

        pipeline.Writer.Fault = _ => null;
        await pipeline.DrainedAsync();

        var stored = await db.Events.Where(e => e.ProjectId == project.Id).ToListAsync(Cancellation);
        Assert.Equal(["no bed for [patient-no]", "no bed for [patient-no]"], stored.Select(e => e.Title));
        Assert.All(stored, e => Assert.Equal(ScrubbingPolicy.Of(settings).Version, EventBodies.Read(e.Body, e.Codec, e.BodyBytes)!.Receipt!.Policy));
        Assert.Equal(events.Select(e => Convert.ToHexString(e.Grouping.Hash.Value)).Order(), stored.Select(e => Convert.ToHexString(e.Hash)).Order());
    }

    [Fact]
    public async Task Write_DatabaseHangs_IsAcknowledgedInTimeAndLaterOnesAtOnce()
    {
        var events = await EventsAsync(2);
        await using var pipeline = await StartAsync(TimeSpan.FromMilliseconds(500));
        var hanging = new TaskCompletionSource();
        pipeline.Writer.AfterCommit = () => hanging.Task;

        Assert.Equal(WriteAnswer.Spooled, (await pipeline.WriteAsync(events[..1])).Single());
        Assert.Equal(WriteAnswer.Spooled, (await pipeline.WriteAsync(events[1..])).Single());

        pipeline.Writer.AfterCommit = () => Task.CompletedTask;
        hanging.SetResult();
        await pipeline.DrainedAsync();
        // The first was committed after all, and then came again from the spool.
        Assert.Equal(2, await StoredAsync(events));
        await CountsAreExactAsync(events);
    }

    [Fact]
    public async Task Write_DatabaseLateButNotAway_IsAnsweredBeforeTheCommitAndStoredOnce()
    {
        var events = await EventsAsync(30);
        await using var pipeline = await StartAsync(answerWithin: TimeSpan.FromMilliseconds(50));
        var late = new TaskCompletionSource();
        pipeline.Writer.AfterCommit = () => late.Task;

        Assert.Equal(WriteAnswer.Spooled, (await pipeline.WriteAsync(events[..1])).Single());
        // Those that come while it is late do not wait at all, and are written after it.
        Assert.All(await pipeline.WriteAsync(events[1..]), a => Assert.Equal(WriteAnswer.Spooled, a));
        Assert.False(pipeline.Link.IsAway);

        var calls = 0;
        pipeline.Writer.AfterCommit = () => { calls++; return Task.CompletedTask; };
        late.SetResult();
        await pipeline.DrainedAsync();
        Assert.Equal(30, await StoredAsync(events));
        await CountsAreExactAsync(events);
        // By the way they were on, and not by the spool's as well.
        Assert.InRange(calls, 1, 2);
        Assert.Equal(WriteAnswer.Stored, (await pipeline.WriteAsync(await EventsAsync(1))).Single());
    }

    [Fact]
    public async Task Write_FirstOfAProgramAndLate_IsAnsweredByTheDatabase()
    {
        await using var pipeline = new IngestPipeline(database, null, null, TimeSpan.FromMilliseconds(50));
        await pipeline.StartAsync();
        pipeline.Writer.AfterCommit = () => Task.Delay(200, Cancellation);

        Assert.Equal(WriteAnswer.Stored, (await pipeline.WriteAsync(await EventsAsync(1))).Single());
    }

    [Fact]
    public async Task Write_DatabaseLateAndThenGone_StoresWhatWasAnsweredEarly()
    {
        var events = await EventsAsync(20);
        await using var pipeline = await StartAsync(answerWithin: TimeSpan.FromMilliseconds(50));
        var late = new TaskCompletionSource();
        pipeline.Writer.AfterCommit = () => late.Task;
        Assert.Equal(WriteAnswer.Spooled, (await pipeline.WriteAsync(events[..1])).Single());
        await pipeline.WriteAsync(events[1..]);

        pipeline.Writer.Fault = _ => new IOException();
        late.SetException(new IOException());
        Assert.Equal(WriteAnswer.Spooled, (await pipeline.WriteAsync(await EventsAsync(1))).Single());

        pipeline.Writer.Fault = _ => null;
        pipeline.Writer.AfterCommit = () => Task.CompletedTask;
        await pipeline.DrainedAsync();
        // The first was committed, and only its answer lost.
        Assert.Equal(20, await StoredAsync(events));
        await CountsAreExactAsync(events);
    }

    [Fact]
    public async Task Write_Restarted_StoresWhatTheLastRunHasSpooled()
    {
        var events = await EventsAsync(3);
        await using var pipeline = await StartAsync();
        pipeline.Writer.Fault = _ => new TimeoutException();
        var writing = pipeline.WriteAsync(events);
        await pipeline.StopAsync();

        Assert.All(await writing, a => Assert.Equal(WriteAnswer.Spooled, a));
        Assert.Equal(3, pipeline.Spool.State.Events);
    }

    [Fact]
    public async Task Write_PoisonAmongOthers_OthersAreStoredAndItIsADeadLetterThatCanBeReplayed()
    {
        var events = await EventsAsync(40);
        var poison = events[17];
        await using var pipeline = await StartAsync();
        pipeline.Writer.Fault = batch => batch.Any(e => e.Id == poison.Id) ? new FormatException("of a value") : null;

        var answers = await pipeline.WriteAsync(events);

        Assert.Equal(WriteAnswer.DeadLettered, answers[17]);
        Assert.Equal(39, answers.Count(a => a == WriteAnswer.Stored));
        var letter = Assert.Single(await pipeline.UseCases.SendAsync(new ListDeadLetters(AccessScope.System, [poison.ProjectId], 10), Cancellation));
        Assert.Equal((poison.EventId.Value, nameof(FormatException), poison.Heading.Title), (letter.EventId, letter.Reason, letter.Title));

        // Replayed too early it stays.
        Assert.Equal(WriteAnswer.DeadLettered, await pipeline.UseCases.SendAsync(new ReplayDeadLetter(AccessScope.System, letter.Id), Cancellation));
        pipeline.Writer.Fault = _ => null;
        Assert.Equal(WriteAnswer.Stored, await pipeline.UseCases.SendAsync(new ReplayDeadLetter(AccessScope.System, letter.Id), Cancellation));

        Assert.Empty(await pipeline.UseCases.SendAsync(new ListDeadLetters(AccessScope.System, [poison.ProjectId], 10), Cancellation));
        Assert.Equal(40, await StoredAsync(events));
        await pipeline.StopAsync();
        await CountsAreExactAsync(events);
    }

    [Fact]
    public async Task Write_PoisonInTheSpool_DoesNotHoldUpTheOthers()
    {
        var events = await EventsAsync(20);
        await using var pipeline = await StartAsync();
        pipeline.Writer.Fault = _ => new IOException();
        await pipeline.WriteAsync(events);
        pipeline.Writer.Fault = batch => batch.Any(e => e.Id == events[3].Id) ? new FormatException() : null;

        await pipeline.DrainedAsync();

        Assert.Equal(19, await StoredAsync(events));
        await using var db = database.NewContext();
        Assert.Equal(events[3].Id, (await db.DeadLetters.SingleAsync(d => d.ProjectId == events[3].ProjectId, Cancellation)).Id);
    }

    [Fact]
    public async Task Write_DatabaseAwayAndSpoolFull_IsRefused()
    {
        var events = (await EventsAsync(3)).ConvertAll(e => e with { Body = new byte[50 * 1024], Codec = ErrorHub.Events.PayloadCodecKind.Raw });
        await using var pipeline = await StartAsync(spool: o => o.MaxBytes = o.SegmentBytes = 64 * 1024);
        pipeline.Writer.Fault = _ => new IOException();

        var answers = new List<WriteAnswer>();
        foreach (var e in events)
            answers.AddRange(await pipeline.WriteAsync([e]));

        Assert.Equal([WriteAnswer.Spooled, WriteAnswer.Unavailable, WriteAnswer.Unavailable], answers);
        pipeline.Writer.Fault = _ => null;
        await pipeline.DrainedAsync();
        Assert.Equal(1, await StoredAsync(events));
    }

    [Fact]
    public async Task Write_StormWhileTheSpoolFills_ItsCopiesGoFirstAndNewFaultsStillFindRoom()
    {
        var storm = (await EventsAsync(100)).ConvertAll(e => TestEvents.Of(e.ProjectId, "Storm") with { Body = new byte[1024] });
        var others = Enumerable.Range(0, 10).Select(i => TestEvents.Of(storm[0].ProjectId, $"Fault{i}")).ToList();
        await using var pipeline = await StartAsync(spool: o => (o.MaxBytes, o.SegmentBytes, o.StormEventsPerMinute) = (64 * 1024, 64 * 1024, 5));
        pipeline.Writer.Fault = _ => new IOException();

        var answers = new List<WriteAnswer>();
        foreach (var e in storm)
            answers.AddRange(await pipeline.WriteAsync([e]));

        // More than five, since there was room, and not so many that there is none.
        var spooled = answers.Count(a => a == WriteAnswer.Spooled);
        Assert.InRange(spooled, 10, 40);
        Assert.Equal(100 - spooled, answers.Count(a => a == WriteAnswer.Shed));
        Assert.All(await pipeline.WriteAsync(others), a => Assert.Equal(WriteAnswer.Spooled, a));
        pipeline.Writer.Fault = _ => null;
        await pipeline.DrainedAsync();
        Assert.Equal(spooled + others.Count, await StoredAsync(storm));
    }

    [Fact]
    public async Task DiscardDeadLetter_Kept_IsGone()
    {
        var events = await EventsAsync(1);
        await using var pipeline = await StartAsync();
        pipeline.Writer.Fault = batch => batch.Count > 0 ? new FormatException() : null;
        await pipeline.WriteAsync(events);

        Assert.True(await pipeline.UseCases.SendAsync(new DiscardDeadLetter(AccessScope.System, events[0].Id), Cancellation));

        Assert.False(await pipeline.UseCases.SendAsync(new DiscardDeadLetter(AccessScope.System, events[0].Id), Cancellation));
        Assert.Null(await pipeline.UseCases.SendAsync(new ReplayDeadLetter(AccessScope.System, events[0].Id), Cancellation));
    }

    private async Task<IngestPipeline> StartAsync(TimeSpan? budget = null, Action<SpoolOptions>? spool = null, TimeSpan? answerWithin = null)
    {
        var pipeline = new IngestPipeline(database, budget, spool, answerWithin);
        await pipeline.StartAsync();
        // Answers are early only once a write was in time, which the first ones of a process are not.
        for (var write = 0; answerWithin is not null && write < 10; write++)
            await pipeline.WriteAsync(await EventsAsync(1));

        return pipeline;
    }

    private async Task<List<ProcessedEvent>> EventsAsync(int count)
    {
        var project = (await database.NewProjectAsync()).Id;
        return [.. Enumerable.Range(0, count).Select(i => TestEvents.Of(project, $"Fault{i % 3}", TestDatabase.Now, user: $"user {i % 5}"))];
    }

    private async Task<int> StoredAsync(List<ProcessedEvent> events)
    {
        await using var db = database.NewContext();
        return await db.Events.CountAsync(e => e.ProjectId == events[0].ProjectId, Cancellation);
    }

    // Rows, the issues' counts, the hours and the outcomes tell the same number.
    private async Task CountsAreExactAsync(List<ProcessedEvent> events)
    {
        var project = events[0].ProjectId;
        await using var db = database.NewContext();
        Assert.Equal(events.Count, await db.Issues.Where(i => i.ProjectId == project).SumAsync(i => i.EventCount, Cancellation));
        Assert.Equal(events.Count, await db.IssueHours.Where(h => h.ProjectId == project).SumAsync(h => h.Events, Cancellation));
        Assert.Equal(
            [(Outcome.Accepted, (long)events.Count)],
            (await db.OutcomeHours.Where(o => o.ProjectId == project && o.Quantity != 0).ToListAsync(Cancellation))
                .Select(o => (o.Outcome, o.Quantity)));
    }
}

public sealed class SqliteIngestPipelineTests(SqliteTestDatabase database) : IngestPipelineTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlIngestPipelineTests(PostgreSqlTestDatabase database) : IngestPipelineTests<PostgreSqlTestDatabase>(database);

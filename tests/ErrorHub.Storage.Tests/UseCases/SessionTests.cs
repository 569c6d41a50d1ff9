using ErrorHub.Accounts;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.Sessions;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests.UseCases;

/// <summary>A session is counted once, under how it stands now, by however many processes.</summary>
public abstract class SessionTests<TDatabase>(TDatabase database) : UseCaseTests<TDatabase>(database)
    where TDatabase : TestDatabase
{
    [Fact]
    public async Task RecordSessions_OneSessionThroughItsLife_MovesFromCountToCount()
    {
        var (project, id) = ((await Database.NewProjectAsync()).Id, SentryId.NewId());

        await CountAsync(One(project, id, SessionStatus.Ok));
        var begun = await HourAsync(project);
        await CountAsync(One(project, id, SessionStatus.Errored));
        var errored = await HourAsync(project);
        await CountAsync(One(project, id, SessionStatus.Exited, over: true));
        var ended = await HourAsync(project);
        await CountAsync(One(project, id, SessionStatus.Crashed, over: true));

        Assert.Equal((1, 0, 0), (begun.Total, begun.Errored, begun.Exited));
        Assert.Equal((1, 1), (errored.Total, errored.Errored));
        // That it ended does not undo its error, and after its end nothing counts.
        Assert.Equal((1, 1, 0), (ended.Total, ended.Errored, ended.Exited));
        Assert.Equal((1, 1, 0), ((await HourAsync(project)).Total, (await HourAsync(project)).Errored, (await HourAsync(project)).Crashed));
    }

    [Fact]
    public async Task RecordSessions_WholeLifeInOneBatch_CountsTheEnd()
    {
        var (project, id) = ((await Database.NewProjectAsync()).Id, SentryId.NewId());

        await CountAsync(
            One(project, id, SessionStatus.Ok), One(project, SentryId.NewId(), SessionStatus.Ok), One(project, id, SessionStatus.Crashed, over: true),
            One(project, id, SessionStatus.Crashed, over: true));

        var hour = await HourAsync(project);
        Assert.Equal((2, 1, 0), (hour.Total, hour.Crashed, hour.Exited));
    }

    [Fact]
    public async Task RecordSessions_SameSessionsByManyProcesses_AreCountedOnce()
    {
        var project = (await Database.NewProjectAsync()).Id;
        var ids = Enumerable.Range(0, 20).Select(_ => SentryId.NewId()).ToList();

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => CountAsync(
            [.. ids.Select(id => One(project, id, SessionStatus.Ok)), .. ids.Select(id => One(project, id, SessionStatus.Crashed, over: true)), Aggregate(project, 7)])));

        var hour = await HourAsync(project);
        Assert.Equal((41, 20, 21), (hour.Total, hour.Crashed, hour.Exited));
    }

    [Fact]
    public async Task RecordSessions_StartedLongAgoOrInTheFuture_IsLeftOutOrNow()
    {
        var project = (await Database.NewProjectAsync()).Id;

        var counted = await CountAsync(
            One(project, SentryId.NewId(), SessionStatus.Ok, started: Now.AddDays(-6)), One(project, SentryId.NewId(), SessionStatus.Ok, started: Now.AddDays(3)));

        Assert.Equal(1, counted);
        Assert.Equal((Now, 1), ((await HourAsync(project)).Hour, (await HourAsync(project)).Total));
    }

    [Fact]
    public async Task ExpireSessions_Old_ForgetsSessionsAndLaterTheirCounts()
    {
        var (project, id) = ((await Database.NewProjectAsync()).Id, SentryId.NewId());
        await CountAsync(One(project, id, SessionStatus.Ok, started: Now.AddDays(-4)), One(project, SentryId.NewId(), SessionStatus.Ok));
        await using (var db = Database.NewContext())
        {
            db.Add(NewHour(project, Now.AddDays(-731)));
            db.Add(NewState(project, Now.AddDays(-6)));
            await db.SaveChangesAsync(Cancellation);
        }

        await SendAsync(new ExpireSessions());

        await using var after = Database.NewContext();
        Assert.Equal(2, await after.SessionStates.CountAsync(s => s.ProjectId == project, Cancellation));
        Assert.Equal([Now.AddDays(-4), Now], await after.SessionHours.Where(h => h.ProjectId == project).OrderBy(h => h.Hour).Select(h => h.Hour).ToListAsync(Cancellation));
    }

    [Fact]
    public async Task GetSessions_OfAProjectTheCallerDoesNotSee_AreNone()
    {
        var project = (await Database.NewProjectAsync()).Id;
        await CountAsync(One(project, SentryId.NewId(), SessionStatus.Ok));

        Assert.Single((await SendAsync(new GetSessions(MemberOf(project), [], [], [], Now, Now.AddHours(1)))).Hours);
        Assert.Empty((await SendAsync(new GetSessions(MemberOf(project + 1000), [project], [], [], Now, Now.AddHours(1)))).Hours);
        Assert.Empty((await SendAsync(new GetSessions(AccessScope.System, [project], ["staging"], [], Now, Now.AddHours(1)))).Hours);
    }

    private Task<int> CountAsync(params IReadOnlyList<ReceivedSessions> reports) => SendAsync(new RecordSessions(reports));

    private async Task<SessionHour> HourAsync(long project)
    {
        await using var db = Database.NewContext();
        return await db.SessionHours.SingleAsync(h => h.ProjectId == project, Cancellation);
    }

    private static ReceivedSessions One(long project, SentryId id, SessionStatus status, bool over = false, DateTimeOffset? started = null) =>
        new(project, Now, new SessionReport("shop@1.0", "production", new SessionUpdate(id, started ?? Now, status, over), []));

    private static ReceivedSessions Aggregate(long project, long exited) => new(
        project, Now,
        new SessionReport("shop@1.0", "production", null, [new SessionAggregate(Now, new Dictionary<SessionStatus, long> { [SessionStatus.Exited] = exited })]));

    private static SessionHour NewHour(long project, DateTimeOffset hour) => new()
    {
        ProjectId = project,
        Hour = hour,
        Release = "old",
        Environment = "",
        Total = 1,
        Exited = 0,
        Errored = 0,
        Abnormal = 0,
        Unhandled = 0,
        Crashed = 0,
    };

    private static SessionState NewState(long project, DateTimeOffset hour) => new()
    {
        ProjectId = project,
        SessionId = Guid.NewGuid(),
        Hour = hour,
        Release = "old",
        Environment = "",
        Status = SessionStatus.Ok,
        IsOver = false,
        Version = 0,
    };
}

public sealed class SqliteSessionTests(SqliteTestDatabase database) : SessionTests<SqliteTestDatabase>(database);

public sealed class PostgreSqlSessionTests(PostgreSqlTestDatabase database) : SessionTests<PostgreSqlTestDatabase>(database);

using System.Diagnostics;
using System.Net;
using System.Text;
using ErrorHub.EndToEnd.Tests.Hosting;
using ErrorHub.Faults.Accounting;
using static ErrorHub.Faults.FaultForm;

namespace ErrorHub.Faults;

/// <summary>Faults of the database and of the way to it: every sender is answered 200 all the same, and all is stored once when it is back.</summary>
public sealed class DatabaseFaults
{
    // From the first moment of the fault on. The promise is 100 ms; an ordinary run shares its cores with whatever else its machine does.
    private static readonly TimeSpan AckLimit = Seconds(3, 1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fault05_DatabaseAwayAtStart_TakesEventsFromTheFirstMoment()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "05 database away at start");
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            run.Line.Cut();
            await LastAsync(Seconds(1, 5));
            await run.KillAsync();
        });

        await run.StartAliveAsync();
        await run.UnderLoadAsync(() => LastAsync(Seconds(1, 30)));
        await SaysThatTheDatabaseIsAwayAsync(run.Process);
        run.Line.Restore();
        Assert.Equal(0, run.Load.Refused);
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault06_DatabaseDown_AnswersFromTheSpool()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "06 database down");
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            await WarmAsync(run);
            run.Line.Cut();
            await LastAsync(Seconds(2, 600));
            run.Line.Restore();
            await LastAsync(Seconds(0.5, 5));
        });
        await AnsweredAndStoredAsync(run);
    }

    [Fact]
    public async Task Fault06_WhatComesBesideEventsWhileTheDatabaseIsDown_IsKeptToo()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "06 beside events");
        await run.StartAsync();
        await run.Load.SendAsync();
        run.Line.Cut();
        using var http = new HttpClient { BaseAddress = run.Installation.BaseUrl };
        var sent = new List<SentEvent>();
        for (var n = 0; n < Pick(20, 500); n++)
        {
            var e = run.Load.Next();
            sent.Add(e);
            byte[] envelope = [.. e.Envelope, .. Encoding.UTF8.GetBytes(
                $$"""

                {"type":"attachment","length":{{n + 5}},"filename":"a{{n}}.txt"}
                {{new string('x', n + 5)}}
                {"type":"user_report"}
                {"event_id":"{{e.Id:n}}","comments":"It broke {{n}}"}
                """)];
            var start = Stopwatch.StartNew();
            using var answer = await http.PostAsync($"/api/1/envelope/?sentry_key={Installation.ProjectKey}&sentry_version=7", new ByteArrayContent(envelope), Cancelled);
            e.Answered((int)answer.StatusCode, start.Elapsed);
        }

        // A file that comes alone, of an event that came before.
        using var alone = await http.PostAsync(
            $"/api/1/envelope/?sentry_key={Installation.ProjectKey}&sentry_version=7",
            new StringContent($"{{\"event_id\":\"{sent[0].Id:n}\"}}\n{{\"type\":\"attachment\",\"length\":3,\"filename\":\"late.txt\"}}\nabc\n"), Cancelled);
        Assert.Equal(HttpStatusCode.OK, alone.StatusCode);
        // They outlive the process, too, and what is replayed twice is there once.
        await run.KillAsync();
        run.Line.Restore();
        await run.StartAsync();

        Assert.Equal(0, run.Load.Refused);
        await run.AccountAsync();
        await using var db = await run.Installation.OpenDatabaseAsync(Cancelled);
        Assert.Equal(sent.Count + 1, await db.CountAsync("attachments", Cancelled));
        Assert.Equal(sent.Count, await db.CountAsync("user_feedback WHERE comments LIKE 'It broke %'", Cancelled));
        var files = Directory.GetFiles(Path.Combine(run.Installation.DataDirectory, "attachments"), "*", SearchOption.AllDirectories);
        Assert.Equal(Enumerable.Range(0, sent.Count).Sum(n => n + 5) + 3, files.Sum(f => new FileInfo(f).Length));
    }

    [Fact]
    public async Task Fault07_DatabaseRestartsAgainAndAgain_LosesAndDoublesNothing()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "07 database restarts");
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            await WarmAsync(run);
            for (var restart = 0; restart < Pick(3, 15); restart++)
            {
                run.Line.Cut();
                await LastAsync(Seconds(0.5, 3));
                run.Line.Restore();
                await LastAsync(Seconds(1, 17));
            }
        });
        await AnsweredAndStoredAsync(run);
    }

    [Fact]
    public async Task Fault08_SlowCommits_AnswersFromTheSpoolAndDrains()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "08 slow database");
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            await WarmAsync(run);
            run.Line.Delay = TimeSpan.FromMilliseconds(250);
            await LastAsync(Seconds(2.5, 60));
            run.Line.Delay = TimeSpan.Zero;
        });
        await AnsweredAndStoredAsync(run);
    }

    [Fact]
    public async Task Fault09_NoConnectionLeft_AnswersFromTheSpool()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "09 connections exhausted");
        await run.UseOwnRoleAsync();
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            await WarmAsync(run);
            await run.LimitConnectionsAsync(0);
            await LastAsync(Seconds(2, 60));
            await run.LimitConnectionsAsync(-1);
            await LastAsync(Seconds(0.5, 5));
        });
        await AnsweredAndStoredAsync(run);
    }

    [Fact]
    public async Task Fault10_SilentLine_AnswersFromTheSpool()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "10 silent line");
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            await WarmAsync(run);
            run.Line.GoSilent();
            await LastAsync(Seconds(2, 60));
            run.Line.Restore();
            await LastAsync(Seconds(0.5, 5));
        });
        await AnsweredAndStoredAsync(run);
    }

    [Fact]
    public async Task Fault12_ReadOnlyDatabase_AnswersFromTheSpool()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "12 read-only database");
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            await WarmAsync(run);
            await run.SetReadOnlyAsync(true);
            await LastAsync(Seconds(2, 60));
            await run.SetReadOnlyAsync(false);
            await LastAsync(Seconds(0.5, 5));
        });
        await AnsweredAndStoredAsync(run);
    }

    // A server that has just started compiles its code with its first requests: no figure of the fault.
    private static async Task WarmAsync(FaultRun run)
    {
        await LastAsync(Seconds(1, 5));
        run.Load.FaultBegins();
    }

    private static async Task AnsweredAndStoredAsync(FaultRun run)
    {
        Assert.Equal(0, run.Load.Refused);
        var verdict = await run.AccountAsync();
        Assert.Equal(0, verdict.Unk);
        Assert.True(verdict.FaultAckP99Milliseconds < AckLimit.TotalMilliseconds, verdict.ToString());
    }

    private static async Task SaysThatTheDatabaseIsAwayAsync(ErrorHubProcess process)
    {
        using var http = new HttpClient { BaseAddress = process.Address };
        using var alive = await http.GetAsync("/healthz", Cancelled);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
        using var ready = await http.GetAsync("/readyz", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("unreachable", await ready.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        using var page = await http.GetAsync("/account/login", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("Events are still taken", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }
}

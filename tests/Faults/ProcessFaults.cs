using System.Text;
using ErrorHub.EndToEnd.Tests.Hosting;
using ErrorHub.Faults.Accounting;
using ErrorHub.Faults.Tools;
using Microsoft.Data.Sqlite;
using static ErrorHub.Faults.FaultForm;

namespace ErrorHub.Faults;

/// <summary>Faults of the process: killed, stopped, doubled, short of descriptors.</summary>
public sealed class ProcessFaults
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.PostgreSql)]
    public async Task Fault02_KillUnderLoad_LosesNothingAcknowledged(Database database)
    {
        await using var run = FaultRun.On(database, "02 kill under load");
        for (var kill = 0; kill < Pick(2, 50); kill++)
        {
            await run.StartAsync();
            await run.UnderLoadAsync(async () =>
            {
                // Any moment will do, as long as it is another one each time.
                await LastAsync(TimeSpan.FromMilliseconds(Random.Shared.Next(300, 1_500)));
                await run.KillAsync();
            });
        }

        // Once more, so that whatever the last kill left behind is recovered.
        await run.StartAsync();
        await run.AccountAsync();
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.PostgreSql)]
    public async Task Fault35_StoppedForAWhile_AnswersLateAndLosesNothing(Database database)
    {
        await using var run = FaultRun.On(database, "35 and 41 stopped and resumed");
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            await run.Process.SignalAsync("STOP", Cancelled);
            await LastAsync(Seconds(1.5, 15));
            await run.Process.SignalAsync("CONT", Cancelled);
            await LastAsync(Seconds(1, 5));
        });

        Assert.Equal(0, run.Load.Refused);
        await run.AccountAsync();
    }

    // 34 on PostgreSQL, 43 on SQLite, where the file's own lock keeps writers apart.
    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.PostgreSql)]
    public async Task Fault34And43_TwoProcessesOnOneDatabase_MakeEachIssueOnceAndCountExactly(Database database)
    {
        await using var run = FaultRun.On(database, "34 and 43 two processes on one database");
        var another = new Uri($"http://127.0.0.1:{Installation.FreePort()}");
        run.Sending(new EventLoad(run.Installation.BaseUrl, another));
        await run.StartAsync();
        await run.StartAnotherAsync(another);
        // All issues are made in the same moment by both.
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => run.Load.SendAsync()));
        await run.UnderLoadAsync(() => LastAsync(Seconds(1, 60)));
        Assert.Equal(0, run.Load.Refused);
        await run.AccountAsync(run.Installation.BaseUrl, another);
    }

    [Theory]
    [MemberData(nameof(OneOrBoth), MemberType = typeof(FaultForm))]
    public async Task Fault40_OutOfMemory_LosesNothingAcknowledged(Database database)
    {
        await using var run = FaultRun.On(database, "40 out of memory");
        // Cut off when it is read, as every value of that length, but not before it took room.
        var ballast = Encoding.UTF8.GetBytes($"\"contexts\":{{\"ballast\":{{\"a\":\"{new string('x', 500_000)}\"}}}},");
        // Hexadecimal: 80 MiB, and the burst asks for more.
        run.Installation.Settings["DOTNET_GCHeapHardLimit"] = "5000000";
        run.Sending(new EventLoad(run.Installation.BaseUrl) { Members = _ => ballast });
        await run.StartAsync();
        await run.Load.SendAsync();
        for (var wave = 0; wave < Pick(2, 20); wave++)
            await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => run.Load.SendAsync()));

        Assert.Contains(run.Load.Sent, e => e.Status != 200);
        // A process that has survived it is put out of its misery: what it holds is worth no more than that of one that died.
        await run.KillAsync();
        run.Installation.Settings.Remove("DOTNET_GCHeapHardLimit");
        await run.StartAsync();
        await run.AccountAsync();
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.PostgreSql)]
    public async Task Fault42_ManyMoreClientsThanFiles_AreServedInTurn(Database database)
    {
        await using var run = FaultRun.On(database, "42 short of descriptors");
        run.Installation.Launcher = ["prlimit", "--nofile=512:512", "--"];
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            for (var wave = 0; wave < Pick(1, 10); wave++)
            {
                // They say nothing, and have to give way to those who do.
                await using var idle = await Crowd.ConnectAsync(run.Installation.BaseUrl, Pick(400, 2_000), Cancelled);
                if (database == Database.PostgreSql)
                    run.Line.Cut();
                await run.Load.NextAnswerAsync(Cancelled);
                await LastAsync(Seconds(0.5, 5));
                if (database == Database.PostgreSql)
                    run.Line.Restore();
            }
        });
        Assert.Equal(0, run.Load.Refused);

        // These have begun a request, and are waited for.
        await using (var busy = await Crowd.ConnectAsync(run.Installation.BaseUrl, Pick(100, 1_000), Cancelled))
        {
            await busy.SendAsync("POST /api/1/envelope/ HTTP/1.1\r\nX-Slow: "u8.ToArray(), Cancelled);
            await LastAsync(Seconds(0.5, 20));
            Assert.True(run.Process.Descriptors <= 512, $"{run.Process.Descriptors} descriptors");
        }

        await run.TakesEventsAgainAsync();
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault44_CopyUnderLoad_IsWholeAndHasAllThatWasAcknowledgedBefore()
    {
        await using var run = FaultRun.On(Database.Sqlite, "44 copy under load");
        var copy = Path.Combine(run.Installation.DataDirectory, "copy.db");
        IReadOnlyCollection<Guid> before = [];
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            await LastAsync(Seconds(1, 20));
            before = [.. run.Load.Sent.Where(e => e.Fate == Fate.Ack).Select(e => e.Id)];
            await run.ExecuteAsync($"VACUUM INTO '{copy}'");
        });
        await run.AccountAsync();

        await using var db = new SqliteConnection($"Data Source={copy};Mode=ReadOnly;Pooling=False");
        await db.OpenAsync(Cancelled);
        var stored = new StoredEvents(db, run.Load.Project, Cancelled);
        var copied = (await stored.EventsAsync()).Select(e => e.Id).ToArray();
        Assert.Empty(before.Except(copied));
        Assert.Empty(copied.Except(run.Load.Sent.Select(e => e.Id)));
        Assert.Empty(await stored.WrongCountsAsync());
        Assert.Empty(await stored.DamageAsync());
    }
}

using System.Globalization;
using System.Text;
using ErrorHub.Faults.Accounting;
using ErrorHub.Faults.Tools;
using static ErrorHub.Faults.FaultForm;

namespace ErrorHub.Faults;

/// <summary>Faults of what is sent: wrong clocks, events that the database refuses, the same event many times, far too many.</summary>
public sealed class EventFaults
{
    private const long MaxResidentBytes = 600L * 1024 * 1024;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.PostgreSql)]
    public async Task Fault22_ClocksYearsOff_StoresAndCountsByOurClock(Database database)
    {
        string?[] clocks = [null, "1970-01-01T00:00:00Z", "2099-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999Z", "yesterday"];
        await using var run = FaultRun.On(database, "22 clocks years off");
        run.Sending(new EventLoad(run.Installation.BaseUrl)
        {
            Members = n => clocks[n % clocks.Length] is { } clock ? Encoding.UTF8.GetBytes($"\"timestamp\":\"{clock}\",") : [],
        });
        await run.StartAsync();
        await run.UnderLoadAsync(() => LastAsync(Seconds(1, 20)));
        Assert.Equal(0, run.Load.Refused);
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault23_PoisonAmongOthers_OnlyThePoisonBecomesADeadLetter()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "23 poison among others");
        await run.StartAsync();
        // What the protocol lets through no database refuses, so this one is told to refuse one issue of forty, in the words of bad data.
        await run.ExecuteAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'poison' USING ERRCODE = '22021'; END $$;
            CREATE TRIGGER poison BEFORE INSERT ON events FOR EACH ROW WHEN (NEW.title LIKE 'Fault13:%') EXECUTE FUNCTION refuse();
            """);
        await run.UnderLoadAsync(() => LastAsync(Seconds(1.5, 60)));
        Assert.Equal(0, run.Load.Refused);
        var verdict = await run.AccountAsync();
        var poison = run.Load.Sent.Count(e => e.Issue == 13);
        Assert.Equal(poison, verdict.DeadLetters);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.PostgreSql)]
    public async Task Fault23_ValuesThatDatabasesRefuse_AreStoredMendedOrRefusedAndHarmNoOther(Database database)
    {
        var poison = Poison.Members.ToArray();
        await using var run = FaultRun.On(database, "23 values that databases refuse");
        // Each third is sound, and lies in the same batch as its neighbours.
        run.Sending(new EventLoad(run.Installation.BaseUrl) { Members = n => n % 3 == 0 ? [] : poison[n / 3 % poison.Length] });
        await run.StartAsync();
        for (var round = 0; round < Pick(1, 50); round++)
            await Task.WhenAll(Enumerable.Range(0, 3 * poison.Length).Select(_ => run.Load.SendAsync()));

        Assert.All(run.Load.Sent, e => Assert.True(e.Status == 200, $"status {e.Status} for {Encoding.Latin1.GetString(e.Envelope)[..400]}"));
        var verdict = await run.AccountAsync();
        Assert.Equal(0, verdict.DeadLetters);
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.PostgreSql)]
    public async Task Fault24_SameEventAHundredTimesAtOnce_IsStoredOnce(Database database)
    {
        const int Times = 100;
        await using var run = FaultRun.On(database, "24 same event 100 times at once");
        await run.StartAsync();
        await SendAtOnceAsync();
        if (database == Database.PostgreSql)
        {
            // And by way of the spool.
            run.Line.Cut();
            await run.Load.SendAsync();
            await SendAtOnceAsync();
            run.Line.Restore();
        }

        Assert.Equal(0, run.Load.Refused);
        await run.AccountAsync();

        async Task SendAtOnceAsync()
        {
            var e = run.Load.Next();
            await Task.WhenAll(Enumerable.Range(0, Times).Select(_ => run.Load.SendAsync(e)));
            run.Resent += Times - 1;
        }
    }

    [Theory]
    [MemberData(nameof(OneOrBoth), MemberType = typeof(FaultForm))]
    public async Task Fault25_Burst_IsTakenOrLimitedInBoundedMemory(Database database)
    {
        await using var run = FaultRun.On(database, "25 burst");
        await run.StartAsync();
        for (var wave = 0; wave < Pick(1, 20); wave++)
            await Task.WhenAll(Enumerable.Range(0, 2_000).Select(_ => run.Load.SendAsync()));

        Assert.All(run.Load.Sent, e => Assert.True(e.Status is 200 or 429, $"status {e.Status}"));
        await run.AccountAsync();
        var status = await File.ReadAllLinesAsync($"/proc/{run.Process.Id}/status", Cancelled);
        var most = status.Single(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.True(long.Parse(most, CultureInfo.InvariantCulture) * 1024 < MaxResidentBytes, $"{most} KiB were resident");
    }
}

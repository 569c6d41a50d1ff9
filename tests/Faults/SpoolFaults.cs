using ErrorHub.Faults.Accounting;
using ErrorHub.Faults.Tools;
using static ErrorHub.Faults.FaultForm;

namespace ErrorHub.Faults;

/// <summary>Faults of local disk: whatever cannot be kept is refused, whatever was acknowledged stays.</summary>
public sealed class SpoolFaults
{
    private const int SmallestFile = 64 * 1024;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fault13_SpoolFull_RefusesNewEventsAndKeepsTheOthers()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "13 spool full");
        run.Installation.Settings["ErrorHub__Spool__SegmentBytes"] = $"{SmallestFile}";
        run.Installation.Settings["ErrorHub__Spool__MaxBytes"] = $"{3 * SmallestFile}";
        // No fault is a storm here, however long it lasts: those are refused in another way.
        run.Installation.Settings["ErrorHub__Spool__StormEventsPerMinute"] = "0";
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            run.Line.Cut();
            await LastAsync(Seconds(2, 60));
            run.Line.Restore();
            await LastAsync(Seconds(0.5, 10));
        });

        Assert.NotEqual(0, run.Load.Refused);
        Assert.All(run.Load.Sent, e => Assert.True(e.Status is 200 or 503, $"status {e.Status}"));
        await run.TakesEventsAgainAsync();
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault13_StormFillsTheSpool_ItsCopiesGoFirst()
    {
        const int Storm = 0;
        await using var run = FaultRun.On(Database.PostgreSql, "13 storm fills the spool");
        run.Installation.Settings["ErrorHub__Spool__SegmentBytes"] = $"{SmallestFile}";
        run.Installation.Settings["ErrorHub__Spool__MaxBytes"] = $"{Pick(6, 60) * SmallestFile}";
        run.Installation.Settings["ErrorHub__Spool__StormEventsPerMinute"] = "20";
        // Of twenty events one is of a fault that nobody has seen yet.
        run.Sending(new EventLoad(run.Installation.BaseUrl) { Issue = n => n % 20 == 0 ? n : Storm });
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            run.Line.Cut();
            await LastAsync(Seconds(3, 60));
            run.Line.Restore();
        });

        Assert.NotEqual(0, run.Load.Refused);
        Assert.All(run.Load.Sent, e => Assert.True(e.Status == 200 || (e.Status, e.Issue) == (429, Storm), $"status {e.Status} for issue {e.Issue}"));
        await run.TakesEventsAgainAsync();
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault15_LogsCannotBeWritten_TakesEventsAllTheSame()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "15 logs cannot be written");
        run.Installation.Launcher = ["sh", "-c", "exec \"$@\" >/dev/full 2>&1", "sh"];
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            // Something to write about.
            run.Line.Cut();
            await LastAsync(Seconds(1, 30));
            run.Line.Restore();
        });

        Assert.Equal(0, run.Load.Refused);
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault16_FsyncFails_StopsAcknowledging()
    {
        var shim = await FsyncShim.BuildAsync(Cancelled);
        Assert.SkipWhen(shim is null, "needs gcc, which builds the library that makes fsync fail");
        await using var run = FaultRun.On(Database.PostgreSql, "16 fsync fails");
        shim.Load(run.Installation);
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            run.Line.Cut();
            await LastAsync(Seconds(0.5, 10));
            shim.Fail();
            await LastAsync(Seconds(0.5, 10));
            var during = await run.Load.SendAsync();
            Assert.Equal(503, during.Status);
            shim.Work();
            await LastAsync(Seconds(0.5, 10));
            run.Line.Restore();
        });

        Assert.NotEqual(0, run.Load.Refused);
        await run.TakesEventsAgainAsync();
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault16_KilledWhileFsyncFails_StoresNothingThatWasRefused()
    {
        var shim = await FsyncShim.BuildAsync(Cancelled);
        Assert.SkipWhen(shim is null, "needs gcc, which builds the library that makes fsync fail");
        await using var run = FaultRun.On(Database.PostgreSql, "16 killed while fsync fails");
        shim.Load(run.Installation);
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            run.Line.Cut();
            await LastAsync(Seconds(0.5, 10));
            shim.Fail();
            await LastAsync(Seconds(0.5, 10));
            await run.KillAsync();
        });

        Assert.NotEqual(0, run.Load.Refused);
        shim.Work();
        run.Line.Restore();
        await run.StartAsync();
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault17_FolderOfTheSpoolGone_RefusesInsteadOfKeepingInMemory()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "17 folder of the spool gone");
        run.Installation.Settings["ErrorHub__Spool__SegmentBytes"] = $"{SmallestFile}";
        var spool = Path.Combine(run.Installation.DataDirectory, "spool");
        run.Installation.Settings["ErrorHub__Spool__StormEventsPerMinute"] = "0";
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            run.Line.Cut();
            await LastAsync(Seconds(0.5, 10));
            // A file where the folder was: root, too, can make nothing in it.
            Directory.Move(spool, spool + ".away");
            await File.WriteAllTextAsync(spool, "", Cancelled);
            await LastAsync(Seconds(1, 20));
            var during = await run.Load.SendAsync();
            Assert.Equal(503, during.Status);
            File.Delete(spool);
            Directory.Move(spool + ".away", spool);
            await LastAsync(Seconds(0.5, 10));
            run.Line.Restore();
        });

        await run.TakesEventsAgainAsync();
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault36_SpoolReplayedTwice_StoresAndCountsOnce()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "36 spool replayed twice");
        var (spool, copy) = (Path.Combine(run.Installation.DataDirectory, "spool"), Path.Combine(run.Installation.DataDirectory, "copy"));
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            run.Line.Cut();
            await LastAsync(Seconds(1, 30));
            await run.KillAsync();
        });

        Copy(spool, copy);
        run.Line.Restore();
        await run.StartAsync();
        await run.AccountAsync();
        await run.KillAsync();
        Copy(copy, spool);
        await run.StartAsync();
        await run.AccountAsync();
    }

    private static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}

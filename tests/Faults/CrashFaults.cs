using System.Diagnostics;
using ErrorHub.Faults.Accounting;
using ErrorHub.Faults.Tools;
using static ErrorHub.Faults.FaultForm;
using static ErrorHub.Faults.Tools.CrashCall;

namespace ErrorHub.Faults;

/// <summary>
/// Fault 1: kill -9 at each place on the way of an event to disk. The places are found in what the process says to its files and to its
/// database; ErrorHub has none of its own.
/// </summary>
public sealed class CrashFaults
{
    private const string DatabaseLog = "errorhub.db-wal";
    private const string SpoolLog = ".spool-wal";
    private const string SpoolFile = ".spool";

    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fault01_KilledWhileWritingToSqlite_LosesNothingAcknowledged()
    {
        var shim = await ShimAsync();
        await using var run = FaultRun.On(Database.Sqlite, "01");
        shim.Load(run.Installation);
        await run.StartAsync();
        foreach (var (place, point) in Rounds(
            ("before a batch is written", new CrashPoint(BeforeWrite, DatabaseLog)),
            ("in the middle of a batch", new CrashPoint(BeforeWrite, DatabaseLog, 6)),
            ("before the commit's fsync", new CrashPoint(BeforeSync, DatabaseLog, 2)),
            ("after the commit, before the answer", new CrashPoint(AfterSync, DatabaseLog, 2))))
        {
            run.Fault = $"01 killed {place}";
            await run.UnderLoadAsync(() => CrashAsync(run, shim, point));
            await RecoversAsync(run);
        }
    }

    [Fact]
    public async Task Fault01_KilledWhileWritingToPostgreSql_LosesNothingAcknowledged()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "01");
        await run.StartAsync();
        foreach (var (place, point) in Rounds(
            ("before a batch is written", LinePoint.BeforeBegin),
            ("in the middle of a batch", LinePoint.BeforeWrite),
            ("before the commit", LinePoint.BeforeCommit),
            ("after the commit, before the answer", LinePoint.AfterCommit)))
        {
            run.Fault = $"01 killed {place}";
            await run.UnderLoadAsync(() => CrashAsync(run, point));
            await RecoversAsync(run);
        }
    }

    [Fact]
    public async Task Fault01_KilledWhileCounting_CountsEachEventOnce()
    {
        await using var run = FaultRun.On(Database.PostgreSql, "01");
        // Enough at once for large batches, which are counted later.
        run.Sending(new EventLoad(run.Installation.BaseUrl) { PerSecond = 600 });
        await run.StartAsync();
        foreach (var (place, point) in Rounds(
            ("before the notes are counted", LinePoint.BeforeCounting),
            ("after they were", LinePoint.AfterCounting)))
        {
            run.Fault = $"01 killed {place}";
            await run.UnderLoadAsync(() => CrashAsync(run, point));
            await RecoversAsync(run);
        }
    }

    [Fact]
    public async Task Fault01_KilledWhileSpooling_LosesNothingAcknowledged()
    {
        var shim = await ShimAsync();
        await using var run = FaultRun.On(Database.PostgreSql, "01 killed while spooling");
        run.Installation.Settings["ErrorHub__Spool__SegmentBytes"] = "65536";
        shim.Load(run.Installation);
        await run.StartAsync();
        // So that the keys are known, also after a restart.
        await run.Load.SendAsync();
        run.Line.Cut();
        foreach (var (_, point) in Rounds(
            ("before the append", new CrashPoint(BeforeWrite, SpoolLog)),
            ("in the middle of it", new CrashPoint(BeforeWrite, SpoolLog, 2)),
            ("before its fsync", new CrashPoint(BeforeSync, SpoolLog, 2)),
            ("after its fsync, before the answer", new CrashPoint(AfterSync, SpoolLog, 2)),
            ("before it moves from the log to the file", new CrashPoint(BeforeWrite, SpoolFile)),
            ("before the file's fsync", new CrashPoint(BeforeSync, SpoolFile))))
        {
            await run.UnderLoadAsync(() => CrashAsync(run, shim, point));
            var recovery = Stopwatch.StartNew();
            await run.StartAliveAsync();
            Assert.True(recovery.Elapsed < RecoveryLimit, $"{recovery.Elapsed} until it lives");
        }

        // The database was away all the time: nothing but the spool knows of any of them.
        run.Line.Restore();
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault01_KilledWhileReplaying_StoresEachEventOnce()
    {
        var shim = await ShimAsync();
        await using var run = FaultRun.On(Database.PostgreSql, "01");
        run.Installation.Settings["ErrorHub__Spool__SegmentBytes"] = "65536";
        shim.Load(run.Installation);
        await run.StartAsync();
        await run.Load.SendAsync();
        foreach (var (place, crash) in Rounds<Func<Task>>(
            ("before the commit", () => CrashAsync(run, LinePoint.BeforeCommit)),
            ("after the commit", () => CrashAsync(run, LinePoint.AfterCommit)),
            ("before the spool notes it", () => CrashAsync(run, shim, new CrashPoint(BeforeWrite, SpoolLog))),
            ("after the spool noted it", () => CrashAsync(run, shim, new CrashPoint(AfterSync, SpoolLog, 2))),
            ("before a file is deleted", () => CrashAsync(run, shim, new CrashPoint(BeforeDelete, SpoolFile)))))
        {
            run.Fault = $"01 killed while replaying, {place}";
            run.Line.Cut();
            await run.UnderLoadAsync(() => LastAsync(Seconds(1, 2)));
            var crashing = crash();
            run.Line.Restore();
            await crashing;
            await RecoversAsync(run);
        }
    }

    private static async Task<CrashShim> ShimAsync()
    {
        var shim = await CrashShim.BuildAsync(Cancelled);
        Assert.SkipWhen(shim is null, "needs gcc, which builds the library that kills at an exact call");
        return shim;
    }

    private static IEnumerable<(string Place, T Point)> Rounds<T>(params (string Place, T Point)[] points) =>
        Enumerable.Repeat(points, Pick(1, 10)).SelectMany(p => p);

    private static async Task CrashAsync(FaultRun run, CrashShim shim, CrashPoint point)
    {
        await shim.KillAsync(run.Process, point, Cancelled);
        run.Killed = true;
    }

    private static async Task CrashAsync(FaultRun run, LinePoint point)
    {
        await run.Line.HoldAtAsync(point, Cancelled);
        await run.KillAsync();
        // What is held must not reach the database after all.
        run.Line.Cut();
        run.Line.Restore();
    }

    private static async Task RecoversAsync(FaultRun run)
    {
        var start = Stopwatch.StartNew();
        await run.StartAsync();
        start.Stop();
        var verdict = await run.AccountAsync();
        Assert.True(start.Elapsed.TotalSeconds + verdict.RecoverySeconds < RecoveryLimit.TotalSeconds, $"ready after {start.Elapsed}, {verdict}");
    }
}

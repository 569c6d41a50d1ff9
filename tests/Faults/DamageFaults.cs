using ErrorHub.Faults.Tools;
using Microsoft.Data.Sqlite;
using static ErrorHub.Faults.FaultForm;

namespace ErrorHub.Faults;

/// <summary>Fault 4: what lies in the spool is damaged while nobody runs. Damage costs itself and is reported; the rest is stored.</summary>
public sealed class DamageFaults
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fault04_TornTail_IsCutOffAndTheRestIsStored()
    {
        var shim = await CrashShim.BuildAsync(Cancelled);
        Assert.SkipWhen(shim is null, "needs gcc, which builds the library that kills at an exact call");
        await using var run = await SpoolingAsync("04 torn tail");
        shim.Load(run.Installation);
        await run.KillAsync();
        await run.StartAliveAsync();
        // The last append is whole, in the log alone, and nobody was told of it.
        await run.UnderLoadAsync(() => shim.KillAsync(run.Process, new CrashPoint(CrashCall.AfterSync, ".spool-wal", 2), Cancelled));
        var log = run.SpoolFiles("*.spool-wal").Max()!;
        await using (var file = File.OpenWrite(log))
            file.SetLength(file.Length - 100);

        run.Line.Restore();
        await run.StartAsync();
        await run.AccountAsync();
    }

    [Fact]
    public async Task Fault04_FlippedBit_SetsOneRecordAsideAndStoresTheRest()
    {
        await using var run = await SpoolingAsync("04 flipped bit");
        await run.KillAsync();
        var file = run.SpoolFiles("*.spool").Single();
        var record = await RecordInTheMiddleAsync(file);
        var bytes = await File.ReadAllBytesAsync(file, Cancelled);
        bytes[bytes.AsSpan().IndexOf(record) + (record.Length / 2)] ^= 0x10;
        await File.WriteAllBytesAsync(file, bytes, Cancelled);
        run.Load.Sent.Single(e => record.AsSpan().IndexOf(e.Id.ToByteArray()) >= 0).Destroyed();
        run.SetAside = 1;

        run.Line.Restore();
        await run.StartAsync();
        var verdict = await run.AccountAsync();
        Assert.NotEqual(0, verdict.Ack);
        Assert.Contains("of the spool is damaged and was copied to", run.Process.Log, StringComparison.Ordinal);
        Assert.Equal(record.Length, new FileInfo(run.SpoolFiles("*.record").Single()).Length);
    }

    /// <summary>A run whose database is away and whose spool holds the events of some seconds.</summary>
    private static async Task<FaultRun> SpoolingAsync(string fault)
    {
        var run = FaultRun.On(Database.PostgreSql, fault);
        await run.StartAsync();
        await run.Load.SendAsync();
        run.Line.Cut();
        await run.UnderLoadAsync(() => LastAsync(Seconds(1, 60)));
        return run;
    }

    private static async Task<byte[]> RecordInTheMiddleAsync(string file)
    {
        // Immutable: to look must not change it.
        await using var db = new SqliteConnection($"Data Source=file:{file}?immutable=1;Mode=ReadOnly;Pooling=False");
        await db.OpenAsync(Cancelled);
        await using var command = new SqliteCommand("SELECT bytes FROM records WHERE id = (SELECT max(id) / 2 FROM records)", db);
        return (byte[])(await command.ExecuteScalarAsync(Cancelled))!;
    }
}

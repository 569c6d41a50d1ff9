using System.Net.Sockets;
using System.Text;
using ErrorHub.EndToEnd.Tests.Hosting;
using ErrorHub.Faults.Accounting;
using ErrorHub.Faults.Tools;
using static ErrorHub.Faults.FaultForm;

namespace ErrorHub.Faults;

/// <summary>Faults of clients: slow on purpose, gone without a word, broken off in the middle. The others must not notice.</summary>
public sealed class ClientFaults
{
    private static readonly TimeSpan CutLimit = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan AckLimit = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fault28_SlowClients_DoNotHoldUpTheOthers()
    {
        await using var run = FaultRun.On(Database.Sqlite, "28 slow clients");
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            await using var heads = await Crowd.ConnectAsync(run.Installation.BaseUrl, Pick(200, 1_000), Cancelled);
            await using var bodies = await Crowd.ConnectAsync(run.Installation.BaseUrl, Pick(200, 1_000), Cancelled);
            await heads.SendAsync("POST /api/1/envelope/ HTTP/1.1\r\nHost: x\r\nX-Slow: "u8.ToArray(), Cancelled);
            await bodies.SendAsync(Encoding.ASCII.GetBytes(HeadOf(100_000)), Cancelled);
            // 50 bytes of a body are asked for in a second, after 30 s of patience, since slow phones are no attack.
            if (IsLong)
                await bodies.TrickleUntilCutAsync(CutLimit, Cancelled);
            else
                await LastAsync(TimeSpan.FromSeconds(1.5));
        });

        var verdict = await run.AccountAsync();
        Assert.Equal((0, 0), (verdict.Nak, verdict.Unk));
        Assert.True(verdict.AckP99Milliseconds < AckLimit.TotalMilliseconds, verdict.ToString());
    }

    [Fact]
    public async Task Fault29_ClientsGoneInTheMiddle_LeaveNoDescriptors()
    {
        await using var run = FaultRun.On(Database.Sqlite, "29 clients gone in the middle");
        await run.StartAsync();
        await run.Load.SendAsync();
        var before = run.Process.Descriptors;
        var clients = Pick(500, 5_000);
        await using (var crowd = await Crowd.ConnectAsync(run.Installation.BaseUrl, clients, Cancelled))
        {
            await crowd.SendAsync(Encoding.ASCII.GetBytes(HeadOf(1_000) + "{}"), Cancelled);
            // What is connected waits in the kernel until the server takes it.
            await DescriptorsAsync(run, n => n >= before + (clients / 2));
        }

        await DescriptorsAsync(run, n => n <= before + 20);

        await run.Load.SendAsync();
        await run.AccountAsync();
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.PostgreSql)]
    public async Task Fault30_ClientBreaksOffAtAnyByte_ItsEventIsThereOnceOrNotAtAll(Database database)
    {
        await using var run = FaultRun.On(database, "30 client breaks off");
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            for (var tries = 0; tries < Pick(100, 2_000); tries++)
                await BreakOffAsync(run, run.Load.Next());
        });
        Assert.Equal(0, run.Load.Refused);
        await run.AccountAsync();
    }

    private static async Task DescriptorsAsync(FaultRun run, Func<int, bool> reached)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var tries = 0; !reached(run.Process.Descriptors); tries++)
        {
            Assert.True(tries < 300, $"{run.Process.Descriptors} descriptors after 30 s");
            await pause.WaitForNextTickAsync(Cancelled);
        }
    }

    private static async Task BreakOffAsync(FaultRun run, SentEvent e)
    {
        byte[] request = [.. Encoding.ASCII.GetBytes(HeadOf(e.Envelope.Length)), .. e.Envelope];
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(run.Installation.BaseUrl.Host, run.Installation.BaseUrl.Port, Cancelled);
        // One of four is sent whole and then reset, before its answer or with it.
        var bytes = Random.Shared.Next(4) == 0 ? request.Length : Random.Shared.Next(1, request.Length);
        await socket.SendAsync(request.AsMemory(0, bytes), Cancelled);
    }

    private static string HeadOf(int length) =>
        $"POST /api/1/envelope/?sentry_key={Installation.ProjectKey} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n";
}

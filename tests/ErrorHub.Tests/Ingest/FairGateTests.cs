using ErrorHub.Ingest;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace ErrorHub.Tests.Ingest;

public sealed class FairGateTests
{
    private const long Noisy = 1;
    private const long Quiet = 2;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task EnterAsync_OneProject_LetsInAllThatComes()
    {
        var gate = Gate();

        for (var i = 0; i < 10 * FairGate.Share; i++)
            Assert.NotNull(await gate.EnterAsync(Noisy, 1, Token));
    }

    [Fact]
    public async Task EnterAsync_TwoProjects_HoldsTheNoisyOneToItsShare()
    {
        var gate = Gate();
        await EnterAsync(gate, Quiet, 1);
        var inside = await EnterAsync(gate, Noisy, FairGate.Share);

        var next = gate.EnterAsync(Noisy, 1, Token).AsTask();
        var last = gate.EnterAsync(Noisy, 1, Token).AsTask();

        Assert.False(next.IsCompleted);
        Assert.NotNull(await gate.EnterAsync(Quiet, 1, Token));
        inside[0].Dispose();
        Assert.NotNull(await next);
        Assert.False(last.IsCompleted);
    }

    [Fact]
    public async Task EnterAsync_CompanyHasLeft_LetsInWhatWaits()
    {
        var gate = Gate();
        await EnterAsync(gate, Quiet, 1);
        var inside = await EnterAsync(gate, Noisy, FairGate.Share);
        var waiting = Enumerable.Range(0, 5).Select(_ => gate.EnterAsync(Noisy, 1, Token).AsTask()).ToArray();

        _time.Advance(TimeSpan.FromSeconds(2));
        inside[0].Dispose();

        Assert.All(await Task.WhenAll(waiting), pass => Assert.NotNull(pass));
    }

    [Fact]
    public async Task EnterAsync_SenderHangsUp_PassesItsPlaceOn()
    {
        var gate = Gate();
        await EnterAsync(gate, Quiet, 1);
        var inside = await EnterAsync(gate, Noisy, FairGate.Share);
        using var hangUp = new CancellationTokenSource();
        var gone = gate.EnterAsync(Noisy, 1, hangUp.Token).AsTask();
        var next = gate.EnterAsync(Noisy, 1, Token).AsTask();

        await hangUp.CancelAsync();
        inside[0].Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        Assert.NotNull(await next);
    }

    [Fact]
    public async Task EnterAsync_TooManyBytesWait_SaysNo()
    {
        var gate = Gate(queueBytes: 1024 * 1024);
        await EnterAsync(gate, Quiet, 1);
        await EnterAsync(gate, Noisy, FairGate.Share);
        _ = gate.EnterAsync(Noisy, 1024 * 1024, Token).AsTask();

        Assert.Null(await gate.EnterAsync(Noisy, 1, Token));
        Assert.NotNull(await gate.EnterAsync(Quiet, 1, Token));
    }

    private static async Task<List<FairGate.Pass>> EnterAsync(FairGate gate, long project, int times)
    {
        var passes = new List<FairGate.Pass>();
        for (var i = 0; i < times; i++)
            passes.Add(Assert.NotNull(await gate.EnterAsync(project, 1, Token)));

        return passes;
    }

    private FairGate Gate(long queueBytes = 64 * 1024 * 1024) =>
        new(Options.Create(new IngestOptions { QueueCapacityBytes = queueBytes }), _time);
}

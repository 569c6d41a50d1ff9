using ErrorHub.Ingest;
using ErrorHub.Storage;
using Microsoft.Extensions.Options;

namespace ErrorHub.Tests.Storage;

public sealed class SpikeGuardTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(100, 100)]
    [InlineData(200, 150)]
    [InlineData(400, 200)]
    [InlineData(800, 250)]
    [InlineData(102_400, 600)]
    public void Count_SoManyEventsOfAnHour_KeepsHalfOfKForEachDoubling(int events, int kept) =>
        Assert.Equal(kept, Kept(Guard(100), Guid.NewGuid(), Noon, events));

    [Fact]
    public void Count_AnotherIssueOrHour_StartsAnew()
    {
        var (guard, issue) = (Guard(10), Guid.NewGuid());
        Kept(guard, issue, Noon, 1_000);

        Assert.Equal(10, Kept(guard, Guid.NewGuid(), Noon, 10));
        Assert.Equal(10, Kept(guard, issue, Noon.AddHours(1), 10));
        // A replayed hour goes on where it stopped.
        Assert.True(Kept(guard, issue, Noon.AddMinutes(59), 100) < 10);
    }

    [Fact]
    public void Count_Zero_KeepsAll() => Assert.Equal(5_000, Kept(Guard(0), Guid.NewGuid(), Noon, 5_000));

    private static SpikeGuard Guard(int kept) => new(Options.Create(new IngestOptions { KeptEventsPerHour = kept }));

    private static int Kept(SpikeGuard guard, Guid issue, DateTimeOffset at, int events) =>
        Enumerable.Range(0, events).Count(_ => guard.Count(issue, at));
}

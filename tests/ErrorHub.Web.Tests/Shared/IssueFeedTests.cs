using System.Net.ServerSentEvents;
using ErrorHub.Accounts;
using ErrorHub.Ingest;
using ErrorHub.Web.Shared;
using Microsoft.Extensions.Time.Testing;

namespace ErrorHub.Web.Tests.Shared;

public sealed class IssueFeedTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly IssueFeed _feed;

    public IssueFeedTests() => _feed = new IssueFeed(_time);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscribe_EventInAVisibleProject_TellsThatSomethingChanged()
    {
        await using var hints = await OpenAsync([7], CancellationToken.None);

        var next = hints.MoveNextAsync();
        _feed.OnCommitted([Committed(7)]);

        Assert.True(await next);
        Assert.Equal(("changed", ""), (hints.Current.EventType, hints.Current.Data));
    }

    [Fact]
    public async Task Subscribe_EventsOfForeignProjects_TellsNothing()
    {
        await using var hints = await OpenAsync([7], CancellationToken.None);

        var next = hints.MoveNextAsync();
        _feed.OnCommitted([Committed(8), Committed(9)]);
        Assert.False(next.IsCompleted);

        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await next);
    }

    [Fact]
    public async Task Subscribe_ManyChangesWithinASecond_AreOne()
    {
        await using var hints = await OpenAsync(null, CancellationToken.None);
        _feed.OnCommitted([Committed(1)]);
        Assert.True(await hints.MoveNextAsync());

        var next = hints.MoveNextAsync();
        for (var i = 0; i < 100; i++)
            _feed.OnCommitted([Committed(1)]);
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await next);

        var after = hints.MoveNextAsync();
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.False(await after);
    }

    [Fact]
    public async Task Subscribe_ServerStops_EndsTheStreamAndForgetsIt()
    {
        using var stopping = new CancellationTokenSource();
        await using var hints = await OpenAsync(null, stopping.Token);
        Assert.Equal(1, _feed.Subscribers);

        var next = hints.MoveNextAsync();
        await stopping.CancelAsync();

        Assert.False(await next);
        Assert.Equal(0, _feed.Subscribers);
    }

    private async Task<IAsyncEnumerator<SseItem<string>>> OpenAsync(long[]? projectIds, CancellationToken stopping)
    {
        var scope = AccessScope.Nobody with { ProjectIds = projectIds };
        var hints = _feed.Subscribe(scope, stopping)!.GetAsyncEnumerator(Cancelled);
        Assert.True(await hints.MoveNextAsync());
        Assert.Equal("open", hints.Current.EventType);
        return hints;
    }

    private static CommittedEvent Committed(long projectId) => new(projectId, Guid.NewGuid(), null);
}

using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ErrorHub.Accounts;
using ErrorHub.Ingest;

namespace ErrorHub.Web.Shared;

/// <summary>
/// Tells open lists that something changed, never what: the page then asks again with its own filter and rights. A hint may be
/// lost (another process took the event, the connection broke); pages also look once a minute.
/// </summary>
internal sealed class IssueFeed(TimeProvider time) : ICommitObserver
{
    /// <summary>Most open streams in this process; who comes later falls back to looking once a minute.</summary>
    public const int MaxSubscribers = 1_000;

    // A list that changes more than once a second cannot be read.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    // Behind proxies a silent connection dies. The browser comes back after the end by itself, and is then asked for its cookie
    // again: nobody watches for longer than this after losing access.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(2);

    private readonly Lock _lock = new();
    private Subscriber[] _subscribers = [];

    /// <summary>Open streams.</summary>
    public int Subscribers => Volatile.Read(ref _subscribers).Length;

    /// <inheritdoc/>
    public void OnCommitted(IReadOnlyList<CommittedEvent> events)
    {
        // The array is replaced, never changed: the writer's loop takes no lock here.
        foreach (var subscriber in Volatile.Read(ref _subscribers))
            subscriber.Tell(events);
    }

    /// <summary>Starts to listen; null when too many do. The stream ends by itself after <see cref="Lifetime"/>.</summary>
    /// <param name="scope">Only changes in projects of this scope are told.</param>
    /// <param name="stopping">Ends the stream: a graceful stop would wait for every open list.</param>
    public IAsyncEnumerable<SseItem<string>>? Subscribe(AccessScope scope, CancellationToken stopping) =>
        Subscribers < MaxSubscribers ? ReadAsync(new Subscriber(scope), stopping) : null;

    private async IAsyncEnumerable<SseItem<string>> ReadAsync(
        Subscriber subscriber, CancellationToken stopping, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var lifetime = new CancellationTokenSource(Lifetime, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lifetime.Token, stopping, cancellationToken);
        Change(subscribers => [.. subscribers, subscriber]);
        try
        {
            // Tells the browser that the stream is open, and how long to wait before it comes back.
            yield return new SseItem<string>("", "open") { ReconnectionInterval = TimeSpan.FromSeconds(2) };
            while (await WaitAsync(subscriber, end.Token))
            {
                yield return new SseItem<string>("", "changed");
                if (!await PauseAsync(end.Token))
                    yield break;
            }
        }
        finally
        {
            Change(subscribers => [.. subscribers.Where(s => s != subscriber)]);
        }
    }

    private void Change(Func<Subscriber[], Subscriber[]> change)
    {
        lock (_lock)
            Volatile.Write(ref _subscribers, change(_subscribers));
    }

    private static async Task<bool> WaitAsync(Subscriber subscriber, CancellationToken cancellationToken)
    {
        try
        {
            await subscriber.Signals.Reader.ReadAsync(cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> PauseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(Pause, time, cancellationToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private sealed class Subscriber(AccessScope scope)
    {
        /// <summary>Room for one: any number of changes while a page is being told are one change.</summary>
        public Channel<bool> Signals { get; } = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

        public void Tell(IReadOnlyList<CommittedEvent> events)
        {
            foreach (var e in events)
                if (scope.Sees(e.ProjectId))
                {
                    Signals.Writer.TryWrite(true);
                    return;
                }
        }
    }
}

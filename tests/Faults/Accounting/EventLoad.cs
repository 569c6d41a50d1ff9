using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.Faults.Accounting;

/// <summary>Sends events at a steady rate and keeps account of each: acknowledged, refused, or without an answer.</summary>
internal sealed class EventLoad : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    // Longer than anything that may hold an answer up, and short enough for a test of seconds.
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(20) };
    private readonly ConcurrentQueue<SentEvent> _sent = new();
    private readonly Uri[] _baseUrls;
    private int _number;
    private volatile TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventLoad(params Uri[] baseUrls) => _baseUrls = baseUrls;

    /// <summary>The project they are sent to.</summary>
    public long Project { get; init; } = 1;

    /// <summary>Its key.</summary>
    public string Key { get; init; } = Installation.ProjectKey;

    /// <summary>Events per second of <see cref="RunAsync"/>.</summary>
    public int PerSecond { get; init; } = 200;

    /// <summary>Length of the note in each event.</summary>
    public int NoteBytes { get; init; } = 400;

    /// <summary>Tells the events of this run from those of others; in the line of the verdict.</summary>
    public int Seed { get; } = Random.Shared.Next();

    /// <summary>Which issue the n-th event is of.</summary>
    public Func<int, int> Issue { get; init; } = n => n % 40;

    /// <summary>Further members of the n-th event's JSON, each with its comma.</summary>
    public Func<int, byte[]> Members { get; init; } = _ => [];

    /// <summary>All events so far, in all runs.</summary>
    public IReadOnlyCollection<SentEvent> Sent => _sent;

    /// <summary>Answers that were neither 200 nor missing.</summary>
    public int Refused => _sent.Count(e => e.Fate == Fate.Nak);

    /// <summary>Sends until cancelled, then waits for the answers that are still to come.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var sending = new List<Task>();
        using var beat = new PeriodicTimer(Beat);
        try
        {
            while (await beat.WaitForNextTickAsync(stop))
                sending.AddRange(Enumerable.Range(0, (int)(PerSecond * Beat.TotalSeconds)).Select(_ => SendAsync()));
        }
        catch (OperationCanceledException)
        {
            // Time to stop.
        }
        await Task.WhenAll(sending);
    }

    /// <summary>Sends as fast as answers come, by so many senders, until cancelled.</summary>
    public Task FloodAsync(int senders, CancellationToken stop) => Task.WhenAll(Enumerable.Range(0, senders).Select(async _ =>
    {
        while (!stop.IsCancellationRequested)
            await SendAsync();
    }));

    /// <summary>From here on events meet the fault.</summary>
    public long? FaultSince { get; private set; }

    /// <summary>The fault begins: what is sent from now on has a figure of its own in the account.</summary>
    public void FaultBegins() => FaultSince = Stopwatch.GetTimestamp();

    /// <summary>Waits for the next event to be answered with 200.</summary>
    public Task NextAnswerAsync(CancellationToken cancellationToken)
    {
        _answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _answered.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    /// <summary>The next event, for a caller that sends it in a way of its own.</summary>
    public SentEvent Next()
    {
        var number = Interlocked.Increment(ref _number);
        var e = SentEvent.Of(Seed, number, NoteBytes, Issue(number), Members(number));
        _sent.Enqueue(e);
        return e;
    }

    /// <summary>Sends the next event.</summary>
    public async Task<SentEvent> SendAsync()
    {
        var e = Next();
        await SendAsync(e);
        return e;
    }

    /// <summary>Sends an event, or sends it again; the account keeps its last answer.</summary>
    public async Task SendAsync(SentEvent e)
    {
        var start = Stopwatch.StartNew();
        try
        {
            using var content = new ByteArrayContent(e.Envelope);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-sentry-envelope");
            var address = new Uri(_baseUrls[e.Id.GetHashCode() % 2 == 0 ? 0 : ^1], $"/api/{Project}/envelope/?sentry_key={Key}&sentry_version=7");
            using var response = await _http.PostAsync(address, content);
            e.Answered((int)response.StatusCode, start.Elapsed);
            if (e.Fate == Fate.Ack)
                _answered.TrySetResult();
        }
        catch (Exception e2) when (e2 is HttpRequestException or OperationCanceledException)
        {
            // Nobody knows what became of it.
        }
    }

    public void Dispose() => _http.Dispose();
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace ErrorHub.EndToEnd.Tests.Durability;

/// <summary>Sends small events at a steady rate and remembers which were acknowledged.</summary>
internal sealed class EventLoad : IDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(30) };
    private readonly Uri _address;
    private readonly int _perBeat;
    private readonly ConcurrentQueue<Guid> _acknowledged = new();
    private int _refused;
    private long _slowest;
    private volatile TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public EventLoad(Uri baseUrl, string publicKey, int perSecond)
    {
        _address = new Uri(baseUrl, $"/api/1/envelope/?sentry_key={publicKey}&sentry_version=7");
        _perBeat = (int)(perSecond * Beat.TotalSeconds);
    }

    /// <summary>Ids of the events that were answered with 200, in all runs so far.</summary>
    public IReadOnlyCollection<Guid> Acknowledged => _acknowledged;

    /// <summary>Events that were answered, but not with 200.</summary>
    public int Refused => _refused;

    /// <summary>The longest wait for a 200.</summary>
    public TimeSpan Slowest => TimeSpan.FromMilliseconds(Interlocked.Read(ref _slowest));

    /// <summary>Sends until cancelled, then waits for the answers that are still to come.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var sent = new List<Task>();
        using var beat = new PeriodicTimer(Beat);
        try
        {
            while (await beat.WaitForNextTickAsync(stop))
                sent.AddRange(Enumerable.Range(0, _perBeat).Select(SendAsync));
        }
        catch (OperationCanceledException)
        {
            // Time to stop.
        }
        await Task.WhenAll(sent);
    }

    /// <summary>Waits for the next event to be answered with 200.</summary>
    public Task NextAnswerAsync(CancellationToken cancellationToken)
    {
        _answered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _answered.Task.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task SendAsync(int fault)
    {
        var id = Guid.NewGuid();
        var envelope = $$$"""
            {"event_id":"{{{id:n}}}"}
            {"type":"event"}
            {"event_id":"{{{id:n}}}","platform":"python","exception":{"values":[{"type":"Fault{{{fault}}}","value":"Order {{{id}}} failed","stacktrace":{"frames":[{"filename":"shop.py","module":"shop","function":"charge_{{{fault}}}","lineno":7,"in_app":true}]}}]}}
            """;
        var start = Stopwatch.StartNew();
        try
        {
            using var content = new StringContent(envelope, Encoding.UTF8);
            using var response = await _http.PostAsync(_address, content);
            if (!response.IsSuccessStatusCode)
            {
                Interlocked.Increment(ref _refused);
                return;
            }

            if (start.ElapsedMilliseconds > Interlocked.Read(ref _slowest))
                Interlocked.Exchange(ref _slowest, start.ElapsedMilliseconds);

            _acknowledged.Enqueue(id);
            _answered.TrySetResult();
        }
        catch (HttpRequestException)
        {
            // The server died under this one: not acknowledged.
        }
    }
}

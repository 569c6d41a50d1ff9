namespace ErrorHub.Benchmarks.Load;

/// <summary>What came back.</summary>
internal sealed class LoadResult
{
    private readonly List<double> _latencies = [];
    private readonly Dictionary<int, long> _answers = [];

    /// <summary>From the first request to the last answer.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Answers 200, each a promise that its event is stored.</summary>
    public long Acknowledged => Answers(200);

    public long All => _answers.Values.Sum();

    public double PerSecond => Acknowledged / Elapsed.TotalSeconds;

    public long Answers(int status) => _answers.GetValueOrDefault(status);

    /// <summary>The time in milliseconds that this share of the acknowledged waited no longer than.</summary>
    public double LatencyMs(double share)
    {
        _latencies.Sort();
        return _latencies.Count == 0 ? double.NaN : _latencies[(int)Math.Min(_latencies.Count - 1, _latencies.Count * share)];
    }

    public void Add(int status, TimeSpan latency)
    {
        _answers[status] = Answers(status) + 1;
        if (status == 200)
            _latencies.Add(latency.TotalMilliseconds);
    }

    public void Add(LoadResult other)
    {
        _latencies.AddRange(other._latencies);
        foreach (var (status, count) in other._answers)
            _answers[status] = Answers(status) + count;
    }

    /// <summary>Refuses a result that does not consist of acknowledged events alone.</summary>
    public LoadResult AllAcknowledged() => All == Acknowledged
        ? this
        : throw new BenchmarkException($"of {All} events only {Acknowledged} were acknowledged ({string.Join(", ", _answers.Select(a => $"{a.Value} x {a.Key}"))})");
}

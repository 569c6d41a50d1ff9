namespace ErrorHub.Benchmarks.Load;

/// <summary>Which sample is sent next, and into which issue.</summary>
internal sealed class EventMix
{
    private readonly RequestTemplate[] _templates;
    private readonly int _issues;

    public EventMix(SampleEvents samples, Target target, int issues)
    {
        _templates = [.. samples.Members.Select(members => new RequestTemplate(target, members, DateTimeOffset.UtcNow))];
        _issues = issues;
    }

    /// <summary>Of the longest request.</summary>
    public int MaxLength => _templates.Max(t => t.Length);

    /// <summary>Mean length of an event's JSON. Every sample is sent equally often.</summary>
    public double MeanJsonBytes => _templates.Average(t => t.JsonBytes);

    /// <summary>Writes a request into the buffer.</summary>
    /// <returns>Its length.</returns>
    public int Next(Span<byte> request)
    {
        // Evenly, the worst case for a store: real faults come in runs that fold better. An issue has one sample's shape, as a
        // fault has one place in the code, unless there are fewer issues than samples.
        var sample = Random.Shared.Next(_templates.Length);
        var issue = _issues < _templates.Length ? sample % _issues : sample + _templates.Length * Random.Shared.Next(IssuesOf(sample));
        return Write(request, sample, issue);
    }

    /// <summary>Writes a request for this issue, to make it exist.</summary>
    public int Of(Span<byte> request, int issue) => Write(request, issue % _templates.Length, issue);

    private int IssuesOf(int sample) => (_issues - sample + _templates.Length - 1) / _templates.Length;

    private int Write(Span<byte> request, int sample, int issue)
    {
        _templates[sample].Write(request, issue);
        return _templates[sample].Length;
    }
}

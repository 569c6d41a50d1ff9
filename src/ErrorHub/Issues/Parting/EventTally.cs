using ErrorHub.Stats;
using ErrorHub.Storage;

namespace ErrorHub.Issues.Parting;

/// <summary>What counting needs to know of a stored event.</summary>
internal sealed record TalliedEvent(
    DateTimeOffset ReceivedAt, Guid Id, string Environment, string Release, byte[]? UserHash);

/// <summary>An hour of the rollups.</summary>
internal readonly record struct HourKey(DateTimeOffset Hour, string Environment, string Release);

/// <summary>What stored events of one side of an issue add up to.</summary>
internal sealed class EventTally
{
    // Bodies are large, and tags of many more events would tell the same.
    private const int MostSamples = 10_000;

    private readonly Dictionary<HourKey, long> _hours = [];
    private readonly HashSet<UInt128> _users = [];
    private readonly List<(DateTimeOffset ReceivedAt, Guid Id)> _samples = [];
    private int _step = 1;

    /// <summary>How many.</summary>
    public long Events { get; private set; }

    /// <summary>By hour.</summary>
    public IReadOnlyDictionary<HourKey, long> Hours => _hours;

    /// <summary>Their users.</summary>
    public IReadOnlySet<UInt128> Users => _users;

    /// <summary>The one received first; null when there is none.</summary>
    public TalliedEvent? First { get; private set; }

    /// <summary>The one received last; null when there is none.</summary>
    public TalliedEvent? Newest { get; private set; }

    /// <summary>All of them, or of very many an even share of at most 10,000.</summary>
    public IReadOnlyList<(DateTimeOffset ReceivedAt, Guid Id)> Samples => _samples;

    /// <summary>Counts an event.</summary>
    public void Add(TalliedEvent e)
    {
        var hour = new HourKey(IssueCounts.HourOf(e.ReceivedAt), e.Environment, e.Release);
        _hours[hour] = _hours.GetValueOrDefault(hour) + 1;
        if (e.UserHash is { } user)
            _users.Add(Bytes16.Number(user));

        if (First is null || e.ReceivedAt < First.ReceivedAt)
            First = e;

        if (Newest is null || e.ReceivedAt > Newest.ReceivedAt)
            Newest = e;

        if (Events++ % _step == 0)
            AddSample(e);
    }

    private void AddSample(TalliedEvent e)
    {
        if (_samples.Count == MostSamples)
        {
            // From here on half as many, and of those before every second.
            for (var i = 0; i < MostSamples / 2; i++)
                _samples[i] = _samples[2 * i];

            _samples.RemoveRange(MostSamples / 2, MostSamples / 2);
            _step *= 2;
        }

        _samples.Add((e.ReceivedAt, e.Id));
    }
}

using System.Numerics;
using ErrorHub.Ingest;
using Microsoft.Extensions.Options;

namespace ErrorHub.Storage;

/// <summary>
/// Decides whose body is kept when an issue storms: the first K events of an hour, then one in 2 up to 2K, one in 4 up to 4K, and so on,
/// which is K/2 for each doubling. Every event is counted, and its users and tags with it. Decided before writing, so that nothing has
/// to be deleted later (performance.md 2.4).
/// </summary>
/// <remarks>Counts per process and in memory: after a restart, or with several processes, a few more are kept.</remarks>
public sealed class SpikeGuard(IOptions<IngestOptions> options)
{
    // Forgetting all of them keeps too much for a while, never too little.
    private const int MaxIssues = 100_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<(Guid IssueId, long Hour), int> _events = [];

    /// <summary>Counts an event of an issue.</summary>
    /// <returns>True when its body is to be kept.</returns>
    public bool Count(Guid issueId, DateTimeOffset receivedAt)
    {
        var kept = options.Value.KeptEventsPerHour;
        if (kept == 0)
            return true;

        lock (_lock)
        {
            if (_events.Count >= MaxIssues)
                _events.Clear();

            var key = (issueId, receivedAt.UtcTicks / TimeSpan.TicksPerHour);
            var number = _events[key] = _events.GetValueOrDefault(key) + 1;
            return IsKept(number, kept);
        }
    }

    // number counts from 1.
    private static bool IsKept(int number, int kept) =>
        number <= kept || number % (1L << (BitOperations.Log2((uint)((number - 1) / kept)) + 1)) == 0;
}

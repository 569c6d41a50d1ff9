using System.Buffers.Binary;
using Microsoft.Extensions.Options;

namespace ErrorHub.Ingest;

/// <summary>
/// Keeps one storm from taking the spool's last room: once half of it is taken, a fingerprint that was spooled so often in this minute
/// has to wait for the next one. Their senders are told, and they are counted; a fault that nobody has seen yet still finds room.
/// </summary>
/// <remarks>Per process, and asked by the one loop that spools; it keeps no lock.</remarks>
public sealed class StormShedding(IOptions<SpoolOptions> options, TimeProvider time)
{
    // Further ones are let in, as new ones should be.
    private const int MaxFingerprints = 100_000;

    private readonly Dictionary<(long ProjectId, UInt128 Hash), int> _spooled = [];
    private long _minute;

    /// <summary>Counts an event that is about to be spooled.</summary>
    /// <param name="e">The event.</param>
    /// <param name="isFilling">How the spool stands.</param>
    /// <returns>True when it is to be refused instead.</returns>
    public bool Sheds(ProcessedEvent e, bool isFilling)
    {
        if (options.Value.StormEventsPerMinute == 0)
            return false;

        var minute = time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMinute;
        if (minute != _minute)
        {
            _spooled.Clear();
            _minute = minute;
        }

        var key = (e.ProjectId, BinaryPrimitives.ReadUInt128BigEndian(e.Grouping.Hash.Value));
        var spooled = _spooled.GetValueOrDefault(key);
        if (isFilling && spooled >= options.Value.StormEventsPerMinute)
            return true;

        if (spooled > 0 || _spooled.Count < MaxFingerprints)
            _spooled[key] = spooled + 1;

        return false;
    }
}

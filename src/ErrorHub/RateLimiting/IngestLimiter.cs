using System.Collections.Concurrent;
using ErrorHub.Projects;

namespace ErrorHub.RateLimiting;

/// <summary>
/// The rate limit of each key: so many events in a window that begins with its first event. Kept in memory and per process: with
/// several ingest processes a key may send its limit to each.
/// </summary>
public sealed class IngestLimiter(TimeProvider time)
{
    // A client is told to be silent for at most this long, however long the window: a limit that was raised meanwhile should be felt.
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    private sealed class Window
    {
        public DateTimeOffset Start { get; set; }

        public int Taken { get; set; }
    }

    /// <summary>Takes one event's place in the key's window.</summary>
    /// <param name="entry">The key.</param>
    /// <returns>Null when there was room; else how long to be silent, from 1 second to a minute.</returns>
    public TimeSpan? Take(DirectoryEntry entry)
    {
        if (entry.RateLimit is not { } limit)
            return null;

        var window = _windows.GetOrAdd(entry.PublicKey, static _ => new Window());
        var length = TimeSpan.FromSeconds(limit.WindowSeconds);
        lock (window)
        {
            var now = time.GetUtcNow();
            if (now - window.Start >= length)
                (window.Start, window.Taken) = (now, 0);

            if (window.Taken < limit.Count)
            {
                window.Taken++;
                return null;
            }

            var left = window.Start + length - now;
            return left > MaxRetryAfter ? MaxRetryAfter : left < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : left;
        }
    }
}

using System.Globalization;
using ErrorHub.Ingest;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using Microsoft.Extensions.Options;

namespace ErrorHub.RateLimiting;

/// <summary>A limit that is reached.</summary>
/// <param name="RetryAfter">How long to be silent, from 1 second to a minute.</param>
/// <param name="Scope">Whose limit it is.</param>
/// <param name="Reason">What is counted and told.</param>
public readonly record struct LimitHit(TimeSpan RetryAfter, RateLimitScope Scope, DiscardReason Reason);

/// <summary>
/// The limits of keys, of projects and of the installation: so many events in a window of so many seconds. Decided in memory, in
/// nanoseconds; <see cref="LimitSharing"/> tells the processes of an installation of each other's events once a second, so together
/// they may overshoot a limit by what they take in that second.
/// </summary>
public sealed class IngestLimiter(IOptions<QuotaOptions> installation, TimeProvider time)
{
    // A client is told to be silent for at most this long, however long the window: a limit that was raised meanwhile should be felt.
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MinRetryAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<LimitKey, LimitWindow> _windows = [];

    private readonly record struct LimitKey(RateLimitScope Scope, long ProjectId, string? PublicKey)
    {
        // The name under which processes share it.
        public string Name => Scope switch
        {
            RateLimitScope.Key => $"key:{PublicKey}",
            RateLimitScope.Project => string.Create(CultureInfo.InvariantCulture, $"project:{ProjectId}"),
            _ => "installation",
        };
    }

    /// <summary>Takes one event's place in every window it falls into.</summary>
    /// <param name="entry">The key it was sent with.</param>
    /// <returns>Null when all had room; else the first limit that is reached, and nothing is taken.</returns>
    public LimitHit? Take(DirectoryEntry entry)
    {
        var all = installation.Value.Limit;
        if (entry.RateLimit is null && entry.ProjectLimit is null && all is null)
            return null;

        lock (_lock)
        {
            var now = time.GetUtcNow();
            var key = Find(new(RateLimitScope.Key, entry.ProjectId, entry.PublicKey), entry.RateLimit, now);
            var project = Find(new(RateLimitScope.Project, entry.ProjectId, null), entry.ProjectLimit, now);
            var everybody = Find(new(RateLimitScope.Organization, 0, null), all, now);
            var hit = Check(key, entry.RateLimit, RateLimitScope.Key, DiscardReason.KeyQuota, now)
                ?? Check(project, entry.ProjectLimit, RateLimitScope.Project, DiscardReason.ProjectQuota, now)
                ?? Check(everybody, all, RateLimitScope.Organization, DiscardReason.InstallationQuota, now);
            if (hit is null)
            {
                key?.Take();
                project?.Take();
                everybody?.Take();
            }

            return hit;
        }
    }

    /// <summary>The windows that are open, with what was taken in them and not shared yet.</summary>
    internal IReadOnlyList<LimitUse> OpenWindows()
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            foreach (var (key, _) in _windows.Where(w => w.Value.IsOver(now) && w.Value.Unshared == 0).ToArray())
                _windows.Remove(key);

            return [.. _windows.Select(w => new LimitUse(w.Key.Name, w.Value.Start.ToUnixTimeSeconds(), w.Value.Unshared, w.Value))];
        }
    }

    /// <summary>Notes that a window's use was shared, and what all processes together have taken in it.</summary>
    internal void Shared(LimitUse use, long takenByAll)
    {
        lock (_lock)
            use.Window.Shared(use.Start, use.Taken, takenByAll);
    }

    private LimitWindow? Find(LimitKey key, EventLimit? limit, DateTimeOffset now)
    {
        if (limit is null)
            return null;

        if (!_windows.TryGetValue(key, out var window))
            _windows.Add(key, window = new LimitWindow());

        window.Open(limit, now);
        return window;
    }

    private static LimitHit? Check(LimitWindow? window, EventLimit? limit, RateLimitScope scope, DiscardReason reason, DateTimeOffset now)
    {
        if (window is null || window.Taken < limit!.Count)
            return null;

        var left = window.End - now;
        return new LimitHit(left > MaxRetryAfter ? MaxRetryAfter : left < MinRetryAfter ? MinRetryAfter : left, scope, reason);
    }
}

/// <summary>What this process has taken of a limit since it last told the others.</summary>
/// <param name="Name">Name of the limit.</param>
/// <param name="Start">Start of the window, seconds since 1970.</param>
/// <param name="Taken">Events.</param>
/// <param name="Window">The window itself.</param>
internal readonly record struct LimitUse(string Name, long Start, long Taken, LimitWindow Window);

/// <summary>One limit's window. Windows begin at whole multiples of their length, so that all processes mean the same one.</summary>
internal sealed class LimitWindow
{
    private TimeSpan _length;
    private long _shared;

    public DateTimeOffset Start { get; private set; }

    public DateTimeOffset End => Start + _length;

    /// <summary>Taken here and not shared yet.</summary>
    public long Unshared { get; private set; }

    /// <summary>Taken by all processes, as far as this one knows.</summary>
    public long Taken => _shared + Unshared;

    public bool IsOver(DateTimeOffset now) => now >= End;

    public void Open(EventLimit limit, DateTimeOffset now)
    {
        var length = TimeSpan.FromSeconds(limit.WindowSeconds);
        if (length == _length && now >= Start && now < End)
            return;

        (_length, Start) = (length, new DateTimeOffset(now.UtcTicks - (now.UtcTicks % length.Ticks), TimeSpan.Zero));
        (_shared, Unshared) = (0, 0);
    }

    public void Take() => Unshared++;

    public void Shared(long start, long taken, long takenByAll)
    {
        // It may have been opened anew meanwhile.
        if (start != Start.ToUnixTimeSeconds())
            return;

        Unshared -= taken;
        _shared = takenByAll;
    }
}

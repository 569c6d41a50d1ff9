using System.Collections.Frozen;
using System.Text.Json.Serialization;
using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ErrorHub.Projects;

/// <summary>What the edge must know of a key.</summary>
/// <param name="PublicKey">User part of the DSN.</param>
/// <param name="ProjectId">Its project.</param>
/// <param name="IsActive">False when its events are refused.</param>
/// <param name="RateLimit">Limit of the key; null for none.</param>
/// <param name="RetentionDays">Days the project keeps events; null for the installation's setting.</param>
/// <param name="ProjectLimit">Quota of the project; null for none.</param>
/// <param name="Scrubbing">The project's settings of scrubbing as JSON; null for the default.</param>
/// <param name="Splits">Call paths of the project that are issues of their own, see <see cref="CallPaths"/>; null for none.</param>
/// <param name="GroupingRules">The project's own rules of grouping; null for none.</param>
public sealed record DirectoryEntry(
    string PublicKey, long ProjectId, bool IsActive, EventLimit? RateLimit, short? RetentionDays, EventLimit? ProjectLimit = null, string? Scrubbing = null,
    string? Splits = null, string? GroupingRules = null)
{
    /// <summary>Those settings prepared; the directory sees to it.</summary>
    [JsonIgnore]
    public ScrubbingPolicy Policy { get; init; } = ScrubbingPolicy.Strict;

    /// <summary>The rules of grouping, likewise; null for none.</summary>
    [JsonIgnore]
    public GroupingRules? Rules { get; init; }
}

/// <summary>Answer of a look-up.</summary>
/// <param name="Entry">The key; null when there is none.</param>
/// <param name="IsUnavailable">True when nobody can tell: the database was never reached, or the key is none of those known from before.</param>
public readonly record struct DirectoryAnswer(DirectoryEntry? Entry, bool IsUnavailable);

/// <summary>
/// All keys in memory, for the edge. At most 5 seconds old while the database answers, and the last known state while it does
/// not, so that an outage of the database does not turn senders away. An unknown key costs no memory, and many of them one query.
/// </summary>
/// <remarks>
/// One snapshot of all keys instead of an entry per key: an installation has hundreds, and invented keys cannot push real ones out.
/// </remarks>
public sealed partial class ProjectDirectory(IServiceScopeFactory scopes, KeyFile file, PolicyShelf policies, TimeProvider time, ILogger<ProjectDirectory> logger)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Stale = TimeSpan.FromSeconds(5);

    // Between the beginnings of two looks. A key made a moment ago waits that long at its first event; inventing keys buys four
    // queries a second, one at a time, whoever invents how many.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    // How long a sender whose key is known may be kept waiting for fresher keys. A database that is silent must not slow every answer.
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(100);

    // A process to which nobody has sent for so long may have missed that rules were tightened, and a run over what is stored may be done
    // since (Privacy/RescrubRun.cs). It waits for the database's answer, once.
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LoadTimeout = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private volatile Snapshot? _snapshot;
    private Task? _loading;
    private DateTimeOffset _lastLook = DateTimeOffset.MinValue;
    private DateTimeOffset _lookBegan = DateTimeOffset.MinValue;

    /// <param name="Keys">All keys by their public part.</param>
    /// <param name="At">When the load that made it began.</param>
    /// <param name="CheckedAt">When a load last ended, also one that failed.</param>
    private sealed record Snapshot(FrozenDictionary<string, DirectoryEntry> Keys, DateTimeOffset At, DateTimeOffset CheckedAt);

    /// <summary>Finds a key by its public part, 32 lower-case hex digits.</summary>
    public async ValueTask<DirectoryAnswer> FindAsync(string publicKey, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var snapshot = _snapshot;
        if (snapshot is null)
        {
            await LoadOnceAsync().WaitAsync(cancellationToken);
            snapshot = _snapshot;
        }
        else if (now - snapshot.CheckedAt >= Stale)
        {
            await RefreshAsync(now, now - snapshot.CheckedAt < Idle ? Patience : LoadTimeout, cancellationToken);
            snapshot = _snapshot;
        }
        else if (now - snapshot.CheckedAt >= Fresh)
        {
            _ = LoadOnceAsync();
        }

        if (snapshot is null)
            return new DirectoryAnswer(null, IsUnavailable: true);

        if (snapshot.Keys.TryGetValue(publicKey, out var entry))
            return new DirectoryAnswer(entry, false);

        // It may have been made a moment ago. A look that was under way when we came may have begun before the key was made.
        await LoadOnceAsync().WaitAsync(cancellationToken);
        if (_snapshot!.At < now)
            await LoadOnceAsync().WaitAsync(cancellationToken);

        var newest = _snapshot;
        return new DirectoryAnswer(newest.Keys.GetValueOrDefault(publicKey), IsUnavailable: newest.At < now);
    }

    /// <summary>What is known by now of a key that was found before; the same when it is gone since.</summary>
    public DirectoryEntry Latest(DirectoryEntry key) =>
        _snapshot?.Keys.GetValueOrDefault(key.PublicKey) is { } latest && latest.ProjectId == key.ProjectId ? latest : key;

    // Waits for a look that has just begun, and not for one that the database has left without an answer.
    private async Task RefreshAsync(DateTimeOffset now, TimeSpan most, CancellationToken cancellationToken)
    {
        var loading = LoadOnceAsync();
        var patience = _lookBegan + most - now;
        if (patience <= TimeSpan.Zero)
            return;

        await loading.WaitAsync(patience, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private Task LoadOnceAsync()
    {
        lock (_lock)
        {
            if (_loading is not { IsCompleted: false })
                (_loading, _lookBegan) = (Task.Run(LoadAsync), time.GetUtcNow());

            return _loading;
        }
    }

    private async Task LoadAsync()
    {
        var pause = _lastLook + Pause - time.GetUtcNow();
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, time);

        var start = time.GetUtcNow();
        _lastLook = start;
        try
        {
            using var timeout = new CancellationTokenSource(LoadTimeout, time);
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
            var rows = await (
                from key in db.ProjectKeys.AsNoTracking()
                join project in db.Projects on key.ProjectId equals project.Id
                where project.DeletedAt == null
                orderby key.PublicKey
                select new { key.PublicKey, key.ProjectId, key.IsActive, key.RateLimitWindowSeconds, key.RateLimitCount, project.RetentionDays, project.QuotaWindowSeconds, project.QuotaCount, project.Scrubbing, project.GroupingRules })
                .ToListAsync(timeout.Token);
            var splits = (await db.CallPathSplits.AsNoTracking().ToListAsync(timeout.Token))
                .GroupBy(s => s.ProjectId)
                .ToDictionary(g => g.Key, g => CallPaths.TextOf(g.Select(s => (s.Hash, s.Strict))));
            var keys = rows.ConvertAll(r => new DirectoryEntry(
                r.PublicKey, r.ProjectId, r.IsActive, EventLimit.Of(r.RateLimitWindowSeconds, r.RateLimitCount), r.RetentionDays,
                EventLimit.Of(r.QuotaWindowSeconds, r.QuotaCount), r.Scrubbing, splits.GetValueOrDefault(r.ProjectId), r.GroupingRules));
            _snapshot = new Snapshot(ByKey(keys), start, start);
            file.Save(keys);
        }
        catch (Exception e)
        {
            Log.LoadFailed(logger, e.Message);
            if (_snapshot is { } last)
                _snapshot = last with { CheckedAt = time.GetUtcNow() };
            else if (file.Load() is { } keys)
                _snapshot = new Snapshot(ByKey(keys), DateTimeOffset.MinValue, time.GetUtcNow());
        }
    }

    private FrozenDictionary<string, DirectoryEntry> ByKey(IReadOnlyList<DirectoryEntry> keys)
    {
        policies.Keep(keys.Select(k => (k.ProjectId, k.Scrubbing)));
        var known = _snapshot?.Keys;
        return keys.ToFrozenDictionary(
            k => k.PublicKey,
            k => k with { Policy = policies.PolicyOf(k.Scrubbing), Rules = RulesOf(k, known?.GetValueOrDefault(k.PublicKey)) });
    }

    // Read when they have changed, and not at every look. Those that cannot be read are none.
    private static GroupingRules? RulesOf(DirectoryEntry key, DirectoryEntry? known) =>
        key.GroupingRules is not { } text ? null : known?.GroupingRules == text ? known.Rules : GroupingRules.Read(text, out _);

    private static partial class Log
    {
        [LoggerMessage(1301, LogLevel.Warning, "The keys could not be read; the last known ones stay in force: {Reason}")]
        public static partial void LoadFailed(ILogger logger, string reason);
    }
}

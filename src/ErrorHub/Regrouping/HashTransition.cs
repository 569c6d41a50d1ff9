using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Protocol.Events;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.Regrouping;

/// <summary>
/// Lets no old fault become a new issue because it is grouped in another way now: when nobody knows the hash of an event, the hash that it
/// would have had before is computed, and where that leads to an issue seen in the last 90 days, the new hash leads there, too. Called
/// before a batch is written, by one caller at a time.
/// </summary>
/// <remarks>
/// "Before" is every earlier version of the algorithm that the program still has, and the project's rules before each change of the last 90
/// days. A fingerprint that a rule or the app gives is meant as it is, and is not led back by a change of rules. A hash is looked at
/// once; while nothing has changed this costs a comparison, and afterwards a query per batch with a hash not seen before.
/// </remarks>
public sealed class HashTransition(IServiceScopeFactory scopes, IEnumerable<IEarlierGrouping> versions, TimeProvider time)
{
    /// <summary>How long an issue is waited for.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(90);

    private const int MaxSeen = 100_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly IEarlierGrouping[] _versions = [.. versions.OrderByDescending(v => v.Version)];
    private readonly HashSet<FingerprintKey> _seen = [];
    private Dictionary<long, List<ProjectGrouping>> _changed = [];
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    /// <summary>Links the hashes of these events that are new and stand for old faults.</summary>
    public async Task LinkAsync(IReadOnlyList<ProcessedEvent> events, CancellationToken cancellationToken)
    {
        if (events.Count == 0)
            return;

        await RefreshAsync(cancellationToken);
        if (_versions.Length == 0 && _changed.Count == 0)
            return;

        var strangers = events
            .Where(e => _versions.Length > 0 || _changed.ContainsKey(e.ProjectId))
            .DistinctBy(FingerprintKey.Of)
            .Where(e => !_seen.Contains(FingerprintKey.Of(e)))
            .ToList();
        if (strangers.Count == 0)
            return;

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
        foreach (var ofProject in strangers.GroupBy(e => e.ProjectId))
            await LinkAsync(db, ofProject.Key, [.. ofProject], cancellationToken);

        if (_seen.Count > MaxSeen)
            _seen.Clear();

        _seen.UnionWith(strangers.Select(FingerprintKey.Of));
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (now - _readAt < Fresh)
            return;

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
        var since = now - Window;
        var changes = await db.GroupingChanges.AsNoTracking()
            .Where(c => (c.State == GroupingChangeState.Applied || c.State == GroupingChangeState.Undone) && c.StateChangedAt >= since)
            .OrderByDescending(c => c.StateChangedAt)
            .Select(c => new { c.ProjectId, c.State, c.Before, c.After })
            .ToListAsync(cancellationToken);
        Dictionary<long, List<ProjectGrouping>> changed = [];
        foreach (var change in changes)
        {
            var (before, after) = await ProjectGrouping.OfAsync(db, change.ProjectId, change.Before, change.After, cancellationToken);
            (changed.TryGetValue(change.ProjectId, out var list) ? list : changed[change.ProjectId] = []).Add(change.State == GroupingChangeState.Applied ? before : after);
        }

        // What was looked at before a change may be led elsewhere after it.
        if (changed.Sum(c => c.Value.Count) != _changed.Sum(c => c.Value.Count))
            _seen.Clear();

        (_changed, _readAt) = (changed, now);
    }

    private async Task LinkAsync(ErrorHubDbContext db, long projectId, List<ProcessedEvent> events, CancellationToken cancellationToken)
    {
        var hashes = events.ConvertAll(e => e.Grouping.Hash.Value);
        var known = (await db.IssueFingerprints.Where(f => f.ProjectId == projectId && hashes.Contains(f.Hash)).Select(f => f.Hash).ToListAsync(cancellationToken))
            .Select(hash => FingerprintKey.Of(projectId, hash)).ToHashSet();
        foreach (var e in events)
            if (!known.Contains(FingerprintKey.Of(e)) && EventBodies.Read(e.Body.Span, e.Codec, e.BodyBytes) is { } body)
                await LinkAsync(db, e, body, cancellationToken);
    }

    private async Task LinkAsync(ErrorHubDbContext db, ProcessedEvent e, SentryEvent body, CancellationToken cancellationToken)
    {
        var rules = await db.Projects.GroupingRulesAsync(e.ProjectId, cancellationToken);
        var earlier = _versions.Select(version => version.HashOf(body, rules));
        if (e.Grouping.Variant != "custom" && _changed.TryGetValue(e.ProjectId, out var changes))
            earlier = earlier.Concat(changes.Select(before => before.Of(body).Hash));

        var since = time.GetUtcNow() - Window;
        foreach (var hash in earlier.Select(h => h.Value))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            // Whoever makes issues or moves hashes of the project waits meanwhile.
            await db.LockProjectAsync(e.ProjectId, cancellationToken);
            var issue = await db.IssueFingerprints.Where(f => f.ProjectId == e.ProjectId && f.Hash == hash)
                .Join(db.Issues.Where(i => i.LastSeen >= since), f => new { f.ProjectId, Id = f.IssueId }, i => new { i.ProjectId, i.Id }, (f, i) => (Guid?)i.Id)
                .FirstOrDefaultAsync(cancellationToken);
            var fresh = e.Grouping.Hash;
            if (issue is not { } id || await db.IssueFingerprints.AnyAsync(f => f.ProjectId == e.ProjectId && f.Hash == fresh.Value, cancellationToken))
                continue;

            db.IssueFingerprints.Add(new IssueFingerprint { ProjectId = e.ProjectId, Hash = fresh.Value, Version = fresh.Version, IssueId = id });
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return;
        }
    }
}

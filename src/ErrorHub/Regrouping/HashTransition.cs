using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Projects;
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
/// "Before" is every earlier version of the algorithm that the program still has, and the project's rules before each of its last changes.
/// A change of rules was tried on the issues of some days, and says what becomes of those: only issues that it did not look at are
/// led back by it. And a fingerprint that a rule or the app gives is meant as it is.
/// </remarks>
public sealed class HashTransition(IServiceScopeFactory scopes, IEnumerable<IEarlierGrouping> versions, TimeProvider time)
{
    /// <summary>How long an issue is waited for.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromDays(90);

    // Of a project; each costs every unknown hash one more grouping.
    private const int MaxChanges = 3;
    private const int MaxSeen = 100_000;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly IEarlierGrouping[] _versions = [.. versions.OrderByDescending(v => v.Version)];
    private readonly HashSet<FingerprintKey> _seen = [];
    private ILookup<long, Earlier> _changes = Enumerable.Empty<Earlier>().ToLookup(c => c.ProjectId);
    private string _state = "";
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    /// <summary>Links the hashes of these events that are new and stand for old faults.</summary>
    /// <exception cref="IOException">The database did not answer.</exception>
    public async Task LinkAsync(IReadOnlyList<ProcessedEvent> events, CancellationToken cancellationToken)
    {
        var isFresh = time.GetUtcNow() - _readAt < Fresh;
        if (events.Count == 0 || (isFresh && _versions.Length == 0 && _changes.Count == 0))
            return;

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>();
            if (!isFresh)
                await RefreshAsync(db, cancellationToken);

            var strangers = events
                .Where(e => _versions.Length > 0 || _changes.Contains(e.ProjectId))
                .DistinctBy(FingerprintKey.Of)
                .Where(e => !_seen.Contains(FingerprintKey.Of(e)));
            foreach (var ofProject in strangers.GroupBy(e => e.ProjectId).ToList())
                await LinkAsync(db, ofProject.Key, [.. ofProject], cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is, it is not the fault of an event, as the writer would believe of an exception of EF.
            throw new IOException($"The hashes of a batch could not be looked up: {e.Message}", e);
        }
    }

    /// <param name="ProjectId">Project.</param>
    /// <param name="Grouping">How it grouped before a change of its rules.</param>
    /// <param name="From">The change was tried on issues seen since then.</param>
    /// <param name="Until">And until then.</param>
    private sealed record Earlier(long ProjectId, ProjectGrouping Grouping, DateTimeOffset From, DateTimeOffset Until);

    private async Task RefreshAsync(ErrorHubDbContext db, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var since = now - Window;
        var recent = db.GroupingChanges.AsNoTracking()
            .Where(c => c.State != GroupingChangeState.Tried && c.StateChangedAt >= since)
            .OrderByDescending(c => c.StateChangedAt);
        // Their plans may be large, and are read when something has changed alone.
        var states = await recent.Select(c => new { c.Id, c.State }).ToListAsync(cancellationToken);
        var state = string.Join(' ', states.Select(c => $"{c.Id}:{c.State}"));
        if (state != _state)
        {
            List<Earlier> earlier = [];
            foreach (var c in (await recent.ToListAsync(cancellationToken)).GroupBy(c => c.ProjectId).SelectMany(g => g.Take(MaxChanges)))
            {
                var (before, after) = await ProjectGrouping.OfAsync(db, c.ProjectId, c.Before, c.After, cancellationToken);
                var isBack = c.State is GroupingChangeState.Undoing or GroupingChangeState.Undone;
                earlier.Add(new(c.ProjectId, isBack ? after : before, c.TriedAt.AddDays(-RegroupingPlan.Parse(c.Plan).Days), c.TriedAt));
            }

            // What was looked at before a change may be led elsewhere after it.
            _seen.Clear();
            (_changes, _state) = (earlier.ToLookup(c => c.ProjectId), state);
        }

        _readAt = now;
    }

    private async Task LinkAsync(ErrorHubDbContext db, long projectId, List<ProcessedEvent> events, CancellationToken cancellationToken)
    {
        var known = await IssuesAsync(db, projectId, events.Select(e => e.Grouping.Hash.Value), cancellationToken);
        var rules = await db.Projects.GroupingRulesAsync(projectId, cancellationToken);
        Dictionary<ProcessedEvent, List<(byte[] Hash, Earlier? By)>> candidates = [];
        foreach (var e in events.Where(e => !known.ContainsKey(FingerprintKey.Of(e))))
            candidates[e] = CandidatesOf(e, rules);

        var found = await IssuesAsync(db, projectId, candidates.Values.SelectMany(c => c).Select(c => c.Hash), cancellationToken);
        foreach (var (e, hashes) in candidates)
        {
            var old = hashes.Find(c => found.TryGetValue(FingerprintKey.Of(projectId, c.Hash), out var issue) && MayLead(issue, c.By));
            if (old.Hash is not null)
                await LinkAsync(db, e, old.Hash, cancellationToken);
        }

        if (_seen.Count > MaxSeen)
            _seen.Clear();

        _seen.UnionWith(events.Select(FingerprintKey.Of));
    }

    private List<(byte[] Hash, Earlier? By)> CandidatesOf(ProcessedEvent e, GroupingRules rules)
    {
        List<(byte[], Earlier?)> hashes = [];
        if (EventBodies.Read(e.Body.Span, e.Codec, e.BodyBytes) is not { } body)
            return hashes;

        var isMeant = e.Grouping.Variant == "custom";
        foreach (var change in _changes[e.ProjectId])
        {
            // Another process, or the spool, may not know yet of the rules as they are.
            if (hashes.Count == 0)
                hashes.Add(((change.Grouping with { Rules = rules }).Of(body).Hash.Value, null));

            if (!isMeant)
                hashes.Add((change.Grouping.Of(body).Hash.Value, change));
        }

        hashes.AddRange(_versions.Select(version => (version.HashOf(body, rules).Value, (Earlier?)null)));
        hashes.RemoveAll(h => h.Item1.AsSpan().SequenceEqual(e.Grouping.Hash.Value));
        return hashes;
    }

    private bool MayLead((DateTimeOffset FirstSeen, DateTimeOffset LastSeen) issue, Earlier? by) =>
        issue.LastSeen >= time.GetUtcNow() - Window && (by is null || issue.LastSeen < by.From || issue.FirstSeen > by.Until);

    private static async Task<Dictionary<FingerprintKey, (DateTimeOffset FirstSeen, DateTimeOffset LastSeen)>> IssuesAsync(
        ErrorHubDbContext db, long projectId, IEnumerable<byte[]> hashes, CancellationToken cancellationToken)
    {
        Dictionary<FingerprintKey, (DateTimeOffset, DateTimeOffset)> issues = [];
        foreach (var some in hashes.Chunk(500))
        {
            var rows = await db.IssueFingerprints.Where(f => f.ProjectId == projectId && some.Contains(f.Hash))
                .Join(db.Issues, f => new { f.ProjectId, Id = f.IssueId }, i => new { i.ProjectId, i.Id }, (f, i) => new { f.Hash, i.FirstSeen, i.LastSeen })
                .ToListAsync(cancellationToken);
            foreach (var row in rows)
                issues[FingerprintKey.Of(projectId, row.Hash)] = (row.FirstSeen, row.LastSeen);
        }

        return issues;
    }

    private static async Task LinkAsync(ErrorHubDbContext db, ProcessedEvent e, byte[] old, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        // Whoever makes issues or moves hashes of the project waits meanwhile.
        await db.LockProjectAsync(e.ProjectId, cancellationToken);
        var fresh = e.Grouping.Hash;
        var rows = await db.IssueFingerprints.AsNoTracking()
            .Where(f => f.ProjectId == e.ProjectId && (f.Hash == old || f.Hash == fresh.Value))
            .ToListAsync(cancellationToken);
        if (rows is not [{ IssueId: var issue } row] || !row.Hash.AsSpan().SequenceEqual(old))
            return;

        db.IssueFingerprints.Add(new IssueFingerprint { ProjectId = e.ProjectId, Hash = fresh.Value, Version = fresh.Version, IssueId = issue });
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }
}

using System.Linq.Expressions;
using ErrorHub.Accounts;
using ErrorHub.Grouping;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Events;

/// <summary>An event's place among those of its issue, which are ordered by receive time, then by our key.</summary>
internal sealed record EventPlace(DateTimeOffset ReceivedAt, Guid Id, SentryId EventId) : IEventPlace;

/// <summary>What events of an issue are ordered by.</summary>
internal interface IEventPlace
{
    DateTimeOffset ReceivedAt { get; }

    Guid Id { get; }
}

/// <summary>
/// The stored events of one issue: those that carry one of its hashes. Every query carries the project and a range of receive times:
/// on PostgreSQL they name the partitions, and without them a look at one event would open every day that is kept. And each is of one
/// hash, since the index gives their order only then; of several the first few of each are put in order here.
/// </summary>
internal sealed class IssueEvents
{
    // Most neighbours are this near, so that one or two partitions answer.
    private static readonly TimeSpan Near = TimeSpan.FromDays(1);

    private readonly ErrorHubDbContext _db;
    private readonly long _projectId;
    private readonly IReadOnlyList<byte[]> _hashes;
    private readonly DateTimeOffset _firstSeen;
    private readonly DateTimeOffset _lastSeen;

    private IssueEvents(
        ErrorHubDbContext db, long projectId, Guid issueId, IReadOnlyList<byte[]> hashes, DateTimeOffset firstSeen, DateTimeOffset lastSeen)
    {
        _db = db;
        _projectId = projectId;
        _hashes = hashes;
        _firstSeen = firstSeen;
        _lastSeen = lastSeen;
        Summary = e => new EventSummary(
            e.Id, e.ProjectId, issueId, new SentryId(e.EventId), e.Timestamp, e.ReceivedAt, e.Level, e.Platform, e.Title, e.Environment,
            e.Release, e.BodyBytes);
    }

    /// <summary>Their project.</summary>
    public long ProjectId => _projectId;

    /// <summary>What lists show of an event.</summary>
    public Expression<Func<StoredEvent, EventSummary>> Summary { get; }

    /// <summary>The events of an issue; null when the caller sees no such issue.</summary>
    public static async Task<IssueEvents?> FindAsync(
        ErrorHubDbContext db, AccessScope scope, Guid issueId, CancellationToken cancellationToken)
    {
        var issue = await db.Projects.VisibleTo(scope)
            .Join(db.Issues.Where(i => i.Id == issueId), p => p.Id, i => i.ProjectId, (p, i) => new { i.ProjectId, i.FirstSeen, i.LastSeen })
            .FirstOrDefaultAsync(cancellationToken);
        if (issue is null)
            return null;

        var hashes = await db.IssueFingerprints.AsNoTracking()
            .Where(f => f.ProjectId == issue.ProjectId && f.IssueId == issueId)
            .Select(f => f.Hash)
            .ToListAsync(cancellationToken);
        return new IssueEvents(db, issue.ProjectId, issueId, hashes, issue.FirstSeen, issue.LastSeen);
    }

    /// <summary>The newest events that <paramref name="narrow"/> leaves over, newest first.</summary>
    public async Task<List<T>> NewestAsync<T>(
        Func<IQueryable<StoredEvent>, IQueryable<StoredEvent>> narrow, int most, Expression<Func<StoredEvent, T>> shape,
        CancellationToken cancellationToken)
        where T : IEventPlace
    {
        var found = new List<T>();
        foreach (var hash in _hashes)
            found.AddRange(await narrow(OfHash(hash)).OrderByDescending(e => e.ReceivedAt).ThenByDescending(e => e.Id).Take(most).Select(shape).ToListAsync(cancellationToken));

        return _hashes.Count == 1 ? found : [.. found.OrderByDescending(e => e.ReceivedAt).ThenByDescending(e => e.Id).Take(most)];
    }

    /// <summary>The oldest events that <paramref name="narrow"/> leaves over, oldest first.</summary>
    public async Task<List<T>> OldestAsync<T>(
        Func<IQueryable<StoredEvent>, IQueryable<StoredEvent>> narrow, int most, Expression<Func<StoredEvent, T>> shape,
        CancellationToken cancellationToken)
        where T : IEventPlace
    {
        var found = new List<T>();
        foreach (var hash in _hashes)
            found.AddRange(await narrow(OfHash(hash)).OrderBy(e => e.ReceivedAt).ThenBy(e => e.Id).Take(most).Select(shape).ToListAsync(cancellationToken));

        return _hashes.Count == 1 ? found : [.. found.OrderBy(e => e.ReceivedAt).ThenBy(e => e.Id).Take(most)];
    }

    /// <summary>Where the event with this id is; null when the project has no such event.</summary>
    public async Task<EventPlace?> FindAsync(SentryId id, CancellationToken cancellationToken)
    {
        var eventId = id.Value;
        var key = await _db.EventKeys.AsNoTracking()
            .FirstOrDefaultAsync(k => k.ProjectId == _projectId && k.EventId == eventId, cancellationToken);
        return key is null ? null : new EventPlace(key.ReceivedAt, key.Id, id);
    }

    /// <summary>The oldest stored; null when none is.</summary>
    public async Task<EventPlace?> FirstAsync(CancellationToken cancellationToken)
    {
        var near = _firstSeen + Near;
        return await EarliestAsync(events => events.Where(e => e.ReceivedAt <= near), cancellationToken)
            ?? await EarliestAsync(events => events, cancellationToken);
    }

    /// <summary>The newest stored; null when none is.</summary>
    public async Task<EventPlace?> LastAsync(CancellationToken cancellationToken)
    {
        var near = _lastSeen - Near;
        return await LatestAsync(events => events.Where(e => e.ReceivedAt >= near), cancellationToken)
            ?? await LatestAsync(events => events, cancellationToken);
    }

    /// <summary>The event at a place with its body and neighbours; null when it is not this issue's, or gone.</summary>
    /// <exception cref="InvalidDataException">The stored body is damaged.</exception>
    public async Task<EventDetails?> ReadAsync(EventPlace place, CancellationToken cancellationToken)
    {
        var at = _db.Events.AsNoTracking()
            .Where(e => e.ProjectId == _projectId && e.ReceivedAt == place.ReceivedAt && e.Id == place.Id && _hashes.Contains(e.Hash));
        if (await at.Select(Summary).FirstOrDefaultAsync(cancellationToken) is not { } summary)
            return null;

        var stored = await at.Select(e => new { e.Body, e.Codec }).FirstOrDefaultAsync(cancellationToken);
        if (stored is null)
            return null;

        var json = PayloadCodec.Decompress(stored.Body, stored.Codec, summary.BodyBytes);
        if (!EventJson.TryParse(json, out var body))
            throw new InvalidDataException("A stored event body is not JSON.");

        var first = await FirstAsync(cancellationToken) ?? place;
        var last = await LastAsync(cancellationToken) ?? place;
        var previous = first.Id == place.Id ? null : await BeforeAsync(place, cancellationToken);
        var next = last.Id == place.Id ? null : await AfterAsync(place, cancellationToken);
        var rules = await _db.Projects.GroupingRulesAsync(_projectId, cancellationToken);
        var grouping = Grouper.Explain(body, rules);
        rules.MarkFrames(body);
        return new EventDetails(
            summary, body, json, new EventNeighbours(first.EventId, previous?.EventId, next?.EventId, last.EventId), grouping);
    }

    private IQueryable<StoredEvent> OfHash(byte[] hash) =>
        _db.Events.AsNoTracking().Where(e => e.ProjectId == _projectId && e.Hash == hash && e.ReceivedAt >= _firstSeen);

    private async Task<EventPlace?> BeforeAsync(EventPlace place, CancellationToken cancellationToken)
    {
        var near = place.ReceivedAt - Near;
        return await LatestAsync(events => Before(events).Where(e => e.ReceivedAt >= near), cancellationToken)
            ?? await LatestAsync(Before, cancellationToken);

        IQueryable<StoredEvent> Before(IQueryable<StoredEvent> events) => events.Where(e => e.ReceivedAt <= place.ReceivedAt
            && (e.ReceivedAt < place.ReceivedAt || e.Id.CompareTo(place.Id) < 0));
    }

    private async Task<EventPlace?> AfterAsync(EventPlace place, CancellationToken cancellationToken)
    {
        var near = place.ReceivedAt + Near;
        return await EarliestAsync(events => After(events).Where(e => e.ReceivedAt <= near), cancellationToken)
            ?? await EarliestAsync(After, cancellationToken);

        IQueryable<StoredEvent> After(IQueryable<StoredEvent> events) => events.Where(e => e.ReceivedAt >= place.ReceivedAt
            && (e.ReceivedAt > place.ReceivedAt || e.Id.CompareTo(place.Id) > 0));
    }

    private async Task<EventPlace?> EarliestAsync(
        Func<IQueryable<StoredEvent>, IQueryable<StoredEvent>> narrow, CancellationToken cancellationToken) =>
        (await OldestAsync(narrow, 1, e => new EventPlace(e.ReceivedAt, e.Id, new SentryId(e.EventId)), cancellationToken)).FirstOrDefault();

    private async Task<EventPlace?> LatestAsync(
        Func<IQueryable<StoredEvent>, IQueryable<StoredEvent>> narrow, CancellationToken cancellationToken) =>
        (await NewestAsync(narrow, 1, e => new EventPlace(e.ReceivedAt, e.Id, new SentryId(e.EventId)), cancellationToken)).FirstOrDefault();
}

using System.Linq.Expressions;
using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Events;

/// <summary>An event's place among those of its issue, which are ordered by receive time, then by our key.</summary>
internal sealed record EventPlace(DateTimeOffset ReceivedAt, Guid Id, SentryId EventId);

/// <summary>
/// The stored events of one issue. Every query carries the project and a range of receive times: on PostgreSQL they name the
/// partitions, and without them a look at one event would open every day that is kept.
/// </summary>
internal sealed class IssueEvents
{
    // Most neighbours are this near, so that one or two partitions answer.
    private static readonly TimeSpan Near = TimeSpan.FromDays(1);

    private readonly ErrorHubDbContext _db;
    private readonly long _projectId;
    private readonly Guid _issueId;
    private readonly DateTimeOffset _firstSeen;
    private readonly DateTimeOffset _lastSeen;

    private IssueEvents(ErrorHubDbContext db, long projectId, Guid issueId, DateTimeOffset firstSeen, DateTimeOffset lastSeen)
    {
        _db = db;
        _projectId = projectId;
        _issueId = issueId;
        _firstSeen = firstSeen;
        _lastSeen = lastSeen;
    }

    /// <summary>What lists show of an event.</summary>
    public static Expression<Func<StoredEvent, EventSummary>> Summary { get; } = e => new EventSummary(
        e.Id, e.ProjectId, e.IssueId, new SentryId(e.EventId), e.Timestamp, e.ReceivedAt, e.Level, e.Platform, e.Title, e.Environment,
        e.Release, e.BodyBytes);

    /// <summary>All of them.</summary>
    public IQueryable<StoredEvent> All =>
        _db.Events.AsNoTracking().Where(e => e.ProjectId == _projectId && e.IssueId == _issueId && e.ReceivedAt >= _firstSeen);

    /// <summary>The events of an issue; null when the caller sees no such issue.</summary>
    public static async Task<IssueEvents?> FindAsync(
        ErrorHubDbContext db, AccessScope scope, Guid issueId, CancellationToken cancellationToken)
    {
        var issue = await db.Projects.VisibleTo(scope)
            .Join(db.Issues.Where(i => i.Id == issueId), p => p.Id, i => i.ProjectId, (p, i) => new { i.ProjectId, i.FirstSeen, i.LastSeen })
            .FirstOrDefaultAsync(cancellationToken);
        return issue is null ? null : new IssueEvents(db, issue.ProjectId, issueId, issue.FirstSeen, issue.LastSeen);
    }

    /// <summary>Where the event with this id is; null when the issue has no such event.</summary>
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
        return await EarliestAsync(All.Where(e => e.ReceivedAt <= near), cancellationToken)
            ?? await EarliestAsync(All, cancellationToken);
    }

    /// <summary>The newest stored; null when none is.</summary>
    public async Task<EventPlace?> LastAsync(CancellationToken cancellationToken)
    {
        var near = _lastSeen - Near;
        return await LatestAsync(All.Where(e => e.ReceivedAt >= near), cancellationToken)
            ?? await LatestAsync(All, cancellationToken);
    }

    /// <summary>The event at a place with its body and neighbours; null when it is not this issue's, or gone.</summary>
    /// <exception cref="InvalidDataException">The stored body is damaged.</exception>
    public async Task<EventDetails?> ReadAsync(EventPlace place, CancellationToken cancellationToken)
    {
        var at = All.Where(e => e.ReceivedAt == place.ReceivedAt && e.Id == place.Id);
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
        return new EventDetails(
            summary, body, json, new EventNeighbours(first.EventId, previous?.EventId, next?.EventId, last.EventId));
    }

    private async Task<EventPlace?> BeforeAsync(EventPlace place, CancellationToken cancellationToken)
    {
        var before = All.Where(e => e.ReceivedAt <= place.ReceivedAt
            && (e.ReceivedAt < place.ReceivedAt || e.Id.CompareTo(place.Id) < 0));
        var near = place.ReceivedAt - Near;
        return await LatestAsync(before.Where(e => e.ReceivedAt >= near), cancellationToken)
            ?? await LatestAsync(before, cancellationToken);
    }

    private async Task<EventPlace?> AfterAsync(EventPlace place, CancellationToken cancellationToken)
    {
        var after = All.Where(e => e.ReceivedAt >= place.ReceivedAt
            && (e.ReceivedAt > place.ReceivedAt || e.Id.CompareTo(place.Id) > 0));
        var near = place.ReceivedAt + Near;
        return await EarliestAsync(after.Where(e => e.ReceivedAt <= near), cancellationToken)
            ?? await EarliestAsync(after, cancellationToken);
    }

    private static Task<EventPlace?> EarliestAsync(IQueryable<StoredEvent> events, CancellationToken cancellationToken) =>
        FirstPlaceAsync(events.OrderBy(e => e.ReceivedAt).ThenBy(e => e.Id), cancellationToken);

    private static Task<EventPlace?> LatestAsync(IQueryable<StoredEvent> events, CancellationToken cancellationToken) =>
        FirstPlaceAsync(events.OrderByDescending(e => e.ReceivedAt).ThenByDescending(e => e.Id), cancellationToken);

    private static Task<EventPlace?> FirstPlaceAsync(IQueryable<StoredEvent> events, CancellationToken cancellationToken) =>
        events.Select(e => new EventPlace(e.ReceivedAt, e.Id, new SentryId(e.EventId))).FirstOrDefaultAsync(cancellationToken);
}

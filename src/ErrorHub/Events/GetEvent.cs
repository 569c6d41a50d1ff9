using ErrorHub.Accounts;
using ErrorHub.Grouping;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Events;

/// <summary>Which event of an issue.</summary>
public enum EventPosition
{
    /// <summary>The newest by receive time.</summary>
    Latest,

    /// <summary>The oldest still stored.</summary>
    Oldest,
}

/// <summary>One event of an issue, by position or by the SDK's id; null when the caller sees no such event.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue.</param>
/// <param name="Position">Newest or oldest; ignored when <paramref name="EventId"/> is given.</param>
/// <param name="EventId">The SDK's id.</param>
public sealed record GetIssueEvent(AccessScope Scope, Guid IssueId, EventPosition Position, SentryId? EventId) : IRequest<EventDetails?>;

/// <summary>One event of a project by the SDK's id; null when the caller sees no such event.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectSlug">The project.</param>
/// <param name="EventId">The SDK's id.</param>
public sealed record GetProjectEvent(AccessScope Scope, string ProjectSlug, SentryId EventId) : IRequest<EventDetails?>;

/// <summary>One event with its body and its place among the issue's events.</summary>
/// <param name="Summary">The columns lists show.</param>
/// <param name="Event">The body, read; frames are the app's as the project's rules see it.</param>
/// <param name="Json">The body as stored: normalised JSON.</param>
/// <param name="Neighbours">Where to go from here.</param>
/// <param name="Grouping">How it is grouped by the project's rules as they are now.</param>
public sealed record EventDetails(
    EventSummary Summary, SentryEvent Event, ReadOnlyMemory<byte> Json, EventNeighbours Neighbours, GroupingExplanation Grouping);

/// <summary>SDK ids of an issue's first, previous, next and last event; null at the end of the row.</summary>
/// <param name="First">Oldest stored.</param>
/// <param name="Previous">The one before.</param>
/// <param name="Next">The one after.</param>
/// <param name="Last">Newest.</param>
public sealed record EventNeighbours(SentryId First, SentryId? Previous, SentryId? Next, SentryId Last);

/// <summary>What lists show of an event.</summary>
/// <param name="Id">Our key.</param>
/// <param name="ProjectId">Project.</param>
/// <param name="IssueId">Issue.</param>
/// <param name="EventId">The SDK's id.</param>
/// <param name="Timestamp">When it happened.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Level">Level.</param>
/// <param name="Platform">Platform.</param>
/// <param name="Title">Title of this event.</param>
/// <param name="Environment">Environment; empty when none.</param>
/// <param name="Release">Release; empty when none.</param>
/// <param name="BodyBytes">Bytes of its JSON.</param>
public sealed record EventSummary(
    Guid Id, long ProjectId, Guid IssueId, SentryId EventId, DateTimeOffset Timestamp, DateTimeOffset ReceivedAt,
    SentryLevel Level, string Platform, string Title, string Environment, string Release, int BodyBytes) : IEventPlace;

internal sealed class GetIssueEventHandler(ErrorHubDbContext db) : IRequestHandler<GetIssueEvent, EventDetails?>
{
    public async Task<EventDetails?> Handle(GetIssueEvent request, CancellationToken cancellationToken)
    {
        if (await IssueEvents.FindAsync(db, request.Scope, request.IssueId, cancellationToken) is not { } events)
            return null;

        var place = request switch
        {
            { EventId: { } id } => await events.FindAsync(id, cancellationToken),
            { Position: EventPosition.Oldest } => await events.FirstAsync(cancellationToken),
            _ => await events.LastAsync(cancellationToken),
        };
        return place is null ? null : await events.ReadAsync(place, cancellationToken);
    }
}

internal sealed class GetProjectEventHandler(ErrorHubDbContext db) : IRequestHandler<GetProjectEvent, EventDetails?>
{
    public async Task<EventDetails?> Handle(GetProjectEvent request, CancellationToken cancellationToken)
    {
        var eventId = request.EventId.Value;
        var issueId = await db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == request.ProjectSlug)
            .Join(db.EventKeys.Where(k => k.EventId == eventId), p => p.Id, k => k.ProjectId, (p, k) => k)
            .Join(db.Events, k => new { k.ProjectId, k.ReceivedAt, k.Id }, e => new { e.ProjectId, e.ReceivedAt, e.Id }, (k, e) => e)
            .Join(db.IssueFingerprints, e => new { e.ProjectId, e.Hash }, f => new { f.ProjectId, f.Hash }, (e, f) => f.IssueId)
            .FirstOrDefaultAsync(cancellationToken);
        if (issueId == Guid.Empty)
            return null;

        var events = await IssueEvents.FindAsync(db, request.Scope, issueId, cancellationToken);
        var place = events is null ? null : await events.FindAsync(request.EventId, cancellationToken);
        return place is null ? null : await events!.ReadAsync(place, cancellationToken);
    }
}

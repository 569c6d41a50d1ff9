using ErrorHub.Accounts;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using MediatR;

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
/// <param name="Event">The body, read.</param>
/// <param name="Json">The body as stored: normalised JSON.</param>
/// <param name="Neighbours">Where to go from here.</param>
public sealed record EventDetails(EventSummary Summary, SentryEvent Event, ReadOnlyMemory<byte> Json, EventNeighbours Neighbours);

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
    SentryLevel Level, string Platform, string Title, string Environment, string Release, int BodyBytes);

/// <summary>Events of an issue, newest first.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue.</param>
/// <param name="Cursor">From the page before; null for the first.</param>
/// <param name="Limit">Rows, 1 to 100.</param>
public sealed record ListIssueEvents(AccessScope Scope, Guid IssueId, string? Cursor, int Limit) : IRequest<EventPage?>;

/// <summary>A page of events.</summary>
/// <param name="Rows">The events.</param>
/// <param name="Previous">Cursor of the page before; null on the first.</param>
/// <param name="Next">Cursor of the page after; null on the last.</param>
public sealed record EventPage(IReadOnlyList<EventSummary> Rows, string? Previous, string? Next);

using ErrorHub.Accounts;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.Events;

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
/// <param name="CursorError">What is wrong with the cursor, for people; null when nothing is. There are no rows then.</param>
public sealed record EventPage(IReadOnlyList<EventSummary> Rows, string? Previous, string? Next, string? CursorError);

internal sealed class ListIssueEventsHandler(ErrorHubDbContext db) : IRequestHandler<ListIssueEvents, EventPage?>
{
    // The order's name in a cursor; one of its own, so that the cursor of another list is refused.
    private const byte Order = 100;

    public async Task<EventPage?> Handle(ListIssueEvents request, CancellationToken cancellationToken)
    {
        if (await IssueEvents.FindAsync(db, request.Scope, request.IssueId, cancellationToken) is not { } events)
            return null;

        PageCursor? cursor = null;
        if (request.Cursor is { } text)
        {
            if (!PageCursor.TryParse(text, Order, out var parsed))
                return new EventPage([], null, null, "The cursor is not one of this list. Leave it out to begin at the first page.");

            cursor = parsed;
        }

        var limit = Math.Clamp(request.Limit, 1, 100);
        var found = await FromAsync(events, cursor, limit + 1, cancellationToken);
        var (page, previous, next) = KeysetPage.Cut(
            found, limit, cursor, (row, backwards) => new PageCursor(Order, backwards, 0, row.ReceivedAt, row.Id));
        return new EventPage(page, previous, next, null);
    }

    private static Task<List<EventSummary>> FromAsync(IssueEvents events, PageCursor? cursor, int most, CancellationToken cancellationToken) => cursor switch
    {
        null => events.NewestAsync(all => all, most, events.Summary, cancellationToken),
        { Backwards: false } edge => events.NewestAsync(
            all => all.Where(e => e.ReceivedAt < edge.At || (e.ReceivedAt == edge.At && e.Id.CompareTo(edge.Id) < 0)),
            most, events.Summary, cancellationToken),
        { } edge => events.OldestAsync(
            all => all.Where(e => e.ReceivedAt > edge.At || (e.ReceivedAt == edge.At && e.Id.CompareTo(edge.Id) > 0)),
            most, events.Summary, cancellationToken),
    };
}

using System.Linq.Expressions;
using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Feedback;

/// <summary>What users wrote about an event, oldest first; empty when the caller does not see the project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectId">The project.</param>
/// <param name="EventId">The SDK's id of the event.</param>
public sealed record ListFeedbackOfEvent(AccessScope Scope, long ProjectId, SentryId EventId) : IRequest<IReadOnlyList<FeedbackRow>>;

/// <summary>What users of a project wrote, newest first; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectId">The project.</param>
/// <param name="Cursor">A cursor of a page before; null for the first.</param>
/// <param name="Limit">Rows, 1 to 100.</param>
public sealed record ListFeedback(AccessScope Scope, long ProjectId, string? Cursor, int Limit) : IRequest<FeedbackPage?>;

/// <summary>A page of feedback.</summary>
/// <param name="Rows">The rows.</param>
/// <param name="Previous">Cursor of the page before; null at the first.</param>
/// <param name="Next">Cursor of the page after; null at the last.</param>
/// <param name="CursorError">What is wrong with the cursor; else null.</param>
public sealed record FeedbackPage(IReadOnlyList<FeedbackRow> Rows, string? Previous, string? Next, string? CursorError = null);

/// <summary>One user's words.</summary>
/// <param name="Id">Our key.</param>
/// <param name="EventId">The event it is about; null when it is about the app.</param>
/// <param name="Name">Name of the user; may be empty.</param>
/// <param name="Email">The user's address; may be empty.</param>
/// <param name="Comments">The words.</param>
/// <param name="Url">Where in the app; may be empty.</param>
/// <param name="ReceivedAt">When they came.</param>
public sealed record FeedbackRow(Guid Id, SentryId? EventId, string Name, string Email, string Comments, string Url, DateTimeOffset ReceivedAt)
{
    internal static Expression<Func<UserFeedback, FeedbackRow>> Of { get; } = f => new FeedbackRow(
        f.Id, f.EventId == null ? null : new SentryId(f.EventId.Value), f.Name, f.Email, f.Comments, f.Url, f.ReceivedAt);
}

internal sealed class ListFeedbackOfEventHandler(ErrorHubDbContext db) : IRequestHandler<ListFeedbackOfEvent, IReadOnlyList<FeedbackRow>>
{
    // A dialog that is sent again overwrites, so more than this is somebody's game.
    private const int Most = 100;

    public async Task<IReadOnlyList<FeedbackRow>> Handle(ListFeedbackOfEvent request, CancellationToken cancellationToken)
    {
        var eventId = request.EventId.Value;
        return await db.UserFeedback.AsNoTracking()
            .Where(f => f.ProjectId == request.ProjectId && f.EventId == eventId)
            .Where(f => db.Projects.VisibleTo(request.Scope).Any(p => p.Id == f.ProjectId))
            .OrderBy(f => f.Id)
            .Take(Most)
            .Select(FeedbackRow.Of)
            .ToListAsync(cancellationToken);
    }
}

internal sealed class ListFeedbackHandler(ErrorHubDbContext db) : IRequestHandler<ListFeedback, FeedbackPage?>
{
    // The order's name in a cursor; one of its own, so that the cursor of another list is refused.
    private const byte Order = 101;

    public async Task<FeedbackPage?> Handle(ListFeedback request, CancellationToken cancellationToken)
    {
        if (!await db.Projects.VisibleTo(request.Scope).AnyAsync(p => p.Id == request.ProjectId, cancellationToken))
            return null;

        PageCursor? cursor = null;
        if (request.Cursor is { } text)
        {
            if (!PageCursor.TryParse(text, Order, out var parsed))
                return new FeedbackPage([], null, null, "The cursor is not one of this list. Leave it out to begin at the first page.");

            cursor = parsed;
        }

        var feedback = db.UserFeedback.AsNoTracking().Where(f => f.ProjectId == request.ProjectId);
        if (cursor is { } from)
            feedback = from.Backwards ? feedback.Where(f => f.Id.CompareTo(from.Id) > 0) : feedback.Where(f => f.Id.CompareTo(from.Id) < 0);

        // Our keys are ordered by time.
        feedback = cursor is { Backwards: true } ? feedback.OrderBy(f => f.Id) : feedback.OrderByDescending(f => f.Id);
        var limit = Math.Clamp(request.Limit, 1, 100);
        var rows = await feedback.Take(limit + 1).Select(FeedbackRow.Of).ToListAsync(cancellationToken);
        var (found, previous, next) = KeysetPage.Cut(
            rows, limit, cursor, (row, backwards) => new PageCursor(Order, backwards, 0, row.ReceivedAt, row.Id));
        return new FeedbackPage(found, previous, next);
    }
}

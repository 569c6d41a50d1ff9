using System.Linq.Expressions;
using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Attachments;

/// <summary>An event's attachments, oldest first; null when the caller sees neither the event nor a file that waits for it.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectId">The project.</param>
/// <param name="EventId">The SDK's id of the event.</param>
public sealed record ListAttachments(AccessScope Scope, long ProjectId, SentryId EventId) : IRequest<IReadOnlyList<AttachmentRow>?>;

/// <summary>One attachment of an event; null when the caller sees no such attachment.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectId">The project.</param>
/// <param name="EventId">The SDK's id of the event.</param>
/// <param name="Id">The attachment.</param>
public sealed record GetAttachment(AccessScope Scope, long ProjectId, SentryId EventId, Guid Id) : IRequest<AttachmentRow?>;

/// <summary>What lists show of an attachment.</summary>
/// <param name="ProjectId">Project.</param>
/// <param name="Id">Our key.</param>
/// <param name="EventId">The SDK's id of its event.</param>
/// <param name="Filename">Its name.</param>
/// <param name="ContentType">The media type the sender gave it.</param>
/// <param name="Kind">Sentry's kind.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Hash of its bytes.</param>
/// <param name="CreatedAt">When it was received.</param>
public sealed record AttachmentRow(
    long ProjectId, Guid Id, SentryId EventId, string Filename, string? ContentType, string Kind, long Bytes, byte[] Sha256,
    DateTimeOffset CreatedAt)
{
    internal static Expression<Func<Attachment, AttachmentRow>> Of { get; } = a => new AttachmentRow(
        a.ProjectId, a.Id, new SentryId(a.EventId), a.Filename, a.ContentType, a.Kind, a.Bytes, a.Sha256, a.CreatedAt);
}

internal sealed class ListAttachmentsHandler(ErrorHubDbContext db) : IRequestHandler<ListAttachments, IReadOnlyList<AttachmentRow>?>
{
    public async Task<IReadOnlyList<AttachmentRow>?> Handle(ListAttachments request, CancellationToken cancellationToken)
    {
        if (!await db.Projects.VisibleTo(request.Scope).AnyAsync(p => p.Id == request.ProjectId, cancellationToken))
            return null;

        var eventId = request.EventId.Value;
        var rows = await db.Attachments.AsNoTracking()
            .Where(a => a.ProjectId == request.ProjectId && a.EventId == eventId)
            .OrderBy(a => a.Id)
            .Select(AttachmentRow.Of)
            .ToListAsync(cancellationToken);
        return rows.Count > 0 || await db.EventKeys.AnyAsync(k => k.ProjectId == request.ProjectId && k.EventId == eventId, cancellationToken)
            ? rows
            : null;
    }
}

internal sealed class GetAttachmentHandler(ErrorHubDbContext db) : IRequestHandler<GetAttachment, AttachmentRow?>
{
    public async Task<AttachmentRow?> Handle(GetAttachment request, CancellationToken cancellationToken)
    {
        var eventId = request.EventId.Value;
        return await db.Attachments.AsNoTracking()
            .Where(a => a.ProjectId == request.ProjectId && a.Id == request.Id && a.EventId == eventId)
            .Where(a => db.Projects.VisibleTo(request.Scope).Any(p => p.Id == a.ProjectId))
            .Select(AttachmentRow.Of)
            .FirstOrDefaultAsync(cancellationToken);
    }
}

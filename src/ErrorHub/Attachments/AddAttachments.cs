using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Attachments;

/// <summary>What became of one attachment's row.</summary>
public enum AttachmentAddition
{
    /// <summary>It has a row.</summary>
    Added,

    /// <summary>It has had this row already: an earlier try was committed after all.</summary>
    Repeat,

    /// <summary>The event has this file already.</summary>
    Duplicate,

    /// <summary>The event has as many, or as many bytes, as it may.</summary>
    OverLimit,
}

/// <summary>Makes the rows of files that are on disk, all of one event.</summary>
/// <param name="Attachments">The rows, at least one.</param>
/// <param name="MaxPerEvent">Most attachments of the event, those it has included.</param>
/// <param name="MaxBytesPerEvent">Most bytes of the event, likewise.</param>
public sealed record AddAttachments(IReadOnlyList<Attachment> Attachments, int MaxPerEvent, long MaxBytesPerEvent)
    : IRequest<IReadOnlyList<AttachmentAddition>>, IUnattended;

internal sealed class AddAttachmentsHandler(ErrorHubDbContext db) : IRequestHandler<AddAttachments, IReadOnlyList<AttachmentAddition>>
{
    // Another request may add the same file between our look and our insert; then we look again.
    private const int Tries = 3;

    public async Task<IReadOnlyList<AttachmentAddition>> Handle(AddAttachments request, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                var additions = await SortOutAsync(request, cancellationToken);
                await db.SaveChangesAsync(cancellationToken);
                return additions;
            }
            catch (DbUpdateException) when (tried < Tries)
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<List<AttachmentAddition>> SortOutAsync(AddAttachments request, CancellationToken cancellationToken)
    {
        var (projectId, eventId) = (request.Attachments[0].ProjectId, request.Attachments[0].EventId);
        var known = await db.Attachments.AsNoTracking()
            .Where(a => a.ProjectId == projectId && a.EventId == eventId)
            .Select(a => new { a.Id, a.Sha256, a.Filename, a.Bytes })
            .ToListAsync(cancellationToken);
        var ids = known.Select(a => a.Id).ToHashSet();
        var names = known.Select(a => (Convert.ToHexString(a.Sha256), a.Filename)).ToHashSet();
        var (count, bytes) = (known.Count, known.Sum(a => a.Bytes));
        var additions = new List<AttachmentAddition>(request.Attachments.Count);
        foreach (var attachment in request.Attachments)
        {
            var name = (Convert.ToHexString(attachment.Sha256), attachment.Filename);
            if (ids.Contains(attachment.Id))
            {
                additions.Add(AttachmentAddition.Repeat);
            }
            else if (names.Contains(name))
            {
                additions.Add(AttachmentAddition.Duplicate);
            }
            else if (count == request.MaxPerEvent || bytes + attachment.Bytes > request.MaxBytesPerEvent)
            {
                additions.Add(AttachmentAddition.OverLimit);
            }
            else
            {
                names.Add(name);
                (count, bytes) = (count + 1, bytes + attachment.Bytes);
                db.Attachments.Add(attachment);
                additions.Add(AttachmentAddition.Added);
            }
        }

        return additions;
    }
}

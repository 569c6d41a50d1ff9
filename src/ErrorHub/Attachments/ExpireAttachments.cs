using ErrorHub.Activity;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Attachments;

/// <summary>
/// Removes the attachments past their retention, those of deleted projects, and those whose event did not come within a day.
/// </summary>
/// <remarks>Answers how many went.</remarks>
public sealed record ExpireAttachments : IRequest<int>, IUnattended;

/// <summary>Removes files without a row: what a crash left between a file and its row.</summary>
/// <remarks>Answers how many went.</remarks>
public sealed record SweepAttachments : IRequest<int>, IUnattended;

internal sealed class ExpireAttachmentsHandler(ErrorHubDbContext db, AttachmentRemoval removal, TimeProvider time)
    : IRequestHandler<ExpireAttachments, int>
{
    private static readonly TimeSpan OrphanLife = TimeSpan.FromHours(24);

    public async Task<int> Handle(ExpireAttachments request, CancellationToken cancellationToken)
    {
        var removed = 0;
        foreach (var project in await db.Projects.AsNoTracking().Select(p => new { p.Id, p.DeletedAt }).ToListAsync(cancellationToken))
        {
            var attachments = db.Attachments.AsNoTracking().Where(a => a.ProjectId == project.Id);
            removed += project.DeletedAt is null
                ? await ExpireAsync(attachments, cancellationToken)
                : await removal.RemoveAsync(attachments, cancellationToken);
        }

        return removed;
    }

    private async Task<int> ExpireAsync(IQueryable<Attachment> attachments, CancellationToken cancellationToken)
    {
        var removed = 0;
        var now = time.GetUtcNow();
        foreach (var days in await attachments.Select(a => a.RetentionDays).Distinct().ToListAsync(cancellationToken))
        {
            // The key is ordered by time, so this reads only what goes.
            var before = TimeOrderedId.LowerBound(now.AddDays(-days));
            removed += await removal.RemoveAsync(
                attachments.Where(a => a.RetentionDays == days && a.Id.CompareTo(before) < 0), cancellationToken);
        }

        var waitedSince = TimeOrderedId.LowerBound(now - OrphanLife);
        return removed + await removal.RemoveAsync(
            attachments.Where(a => a.Id.CompareTo(waitedSince) < 0
                && !db.EventKeys.Any(k => k.ProjectId == a.ProjectId && k.EventId == a.EventId)
                && !db.DeadLetters.Any(d => d.ProjectId == a.ProjectId && d.EventId == a.EventId)
                && !db.UserFeedback.Any(f => f.ProjectId == a.ProjectId && f.FeedbackId == a.EventId)),
            cancellationToken);
    }
}

internal sealed class SweepAttachmentsHandler(ErrorHubDbContext db, AttachmentFiles files, TimeProvider time)
    : IRequestHandler<SweepAttachments, int>
{
    private const int Step = 500;

    // A younger file may be one whose row is being written.
    private static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    public async Task<int> Handle(SweepAttachments request, CancellationToken cancellationToken)
    {
        var removed = 0;
        var before = time.GetUtcNow() - Grace;
        foreach (var step in files.All().Where(f => AttachmentFiles.TimeOf(f.Id) < before).Chunk(Step))
        {
            foreach (var ofProject in step.GroupBy(f => f.ProjectId, f => f.Id))
            {
                var ids = ofProject.ToArray();
                var known = await db.Attachments.AsNoTracking()
                    .Where(a => a.ProjectId == ofProject.Key && ids.Contains(a.Id))
                    .Select(a => a.Id)
                    .ToListAsync(cancellationToken);
                foreach (var id in ids.Except(known))
                {
                    files.Delete(ofProject.Key, id);
                    removed++;
                }
            }
        }

        files.RemoveEmptyDays(before);
        return removed;
    }
}

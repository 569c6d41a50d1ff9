using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Attachments;

/// <summary>
/// Takes attachments away: the row first, then the file. Whoever is cut off in between leaves a file without a row, which nobody
/// sees and the sweep removes.
/// </summary>
internal sealed class AttachmentRemoval(ErrorHubDbContext db, AttachmentFiles files)
{
    private const int Step = 500;

    /// <summary>Removes all that match, in steps that the one writer of SQLite does not notice.</summary>
    /// <param name="attachments">Of one project.</param>
    /// <param name="cancellationToken">Stops between two steps.</param>
    public async Task<int> RemoveAsync(IQueryable<Attachment> attachments, CancellationToken cancellationToken)
    {
        for (var removed = 0; ;)
        {
            var step = await DeleteRowsAsync(attachments, cancellationToken);
            DeleteFiles(step);
            removed += step.Count;
            if (step.Count < Step)
                return removed;
        }
    }

    /// <summary>Deletes the rows of at most 500; the caller calls <see cref="DeleteFiles"/> once that is committed.</summary>
    public async Task<IReadOnlyList<(long ProjectId, Guid Id)>> DeleteRowsAsync(
        IQueryable<Attachment> attachments, CancellationToken cancellationToken)
    {
        var step = await attachments.OrderBy(a => a.Id).Select(a => new { a.ProjectId, a.Id }).Take(Step).ToListAsync(cancellationToken);
        if (step.Count == 0)
            return [];

        var (projectId, ids) = (step[0].ProjectId, step.Select(a => a.Id).ToArray());
        await db.Attachments.Where(a => a.ProjectId == projectId && ids.Contains(a.Id)).ExecuteDeleteAsync(cancellationToken);
        return [.. step.Select(a => (a.ProjectId, a.Id))];
    }

    public void DeleteFiles(IEnumerable<(long ProjectId, Guid Id)> attachments)
    {
        foreach (var (projectId, id) in attachments)
            files.Delete(projectId, id);
    }
}

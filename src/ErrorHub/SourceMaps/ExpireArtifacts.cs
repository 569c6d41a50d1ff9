using ErrorHub.Activity;
using ErrorHub.Retention;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ErrorHub.SourceMaps;

/// <summary>
/// Removes bundles that are as old as the events they could be for, those of deleted projects, files without a row, and chunks a day
/// after their upload.
/// </summary>
public sealed record ExpireArtifacts : IRequest<int>, IUnattended;

internal sealed class ExpireArtifactsHandler(ErrorHubDbContext db, ArtifactFiles files, IOptions<RetentionOptions> retention, TimeProvider time)
    : IRequestHandler<ExpireArtifacts, int>
{
    private static readonly TimeSpan ChunkLife = TimeSpan.FromDays(1);

    public async Task<int> Handle(ExpireArtifacts request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var project in await db.Projects.AsNoTracking().Select(p => new { p.Id, p.DeletedAt, p.RetentionDays }).ToListAsync(cancellationToken))
        {
            var before = project.DeletedAt is null ? TimeOrderedId.LowerBound(now.AddDays(-(project.RetentionDays ?? retention.Value.Days))) : Guid.AllBitsSet;
            await db.ArtifactBundles.Where(b => b.ProjectId == project.Id && b.Id.CompareTo(before) < 0).ExecuteDeleteAsync(cancellationToken);
        }

        // The rows are gone first: what is cut off here leaves files that the next run removes. A young file may be one whose row comes.
        var (removed, old) = (files.RemoveChunks(now - ChunkLife), TimeOrderedId.LowerBound(now.AddHours(-1)));
        foreach (var (projectId, id) in files.Bundles().Where(f => f.Id.CompareTo(old) < 0))
        {
            if (await db.ArtifactBundles.AnyAsync(b => b.ProjectId == projectId && b.Id == id, cancellationToken))
                continue;

            files.Delete(projectId, id);
            removed++;
        }

        return removed;
    }
}

using ErrorHub.Privacy;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues.Parting;

/// <summary>How an issue is taken apart while others write events of it.</summary>
internal static class PartingLocks
{
    /// <summary>The hashes of an issue, in their order.</summary>
    public static Task<List<IssueFingerprint>> IssueHashesAsync(
        this ErrorHubDbContext db, long projectId, Guid issueId, CancellationToken cancellationToken) => db.IssueFingerprints
        .AsNoTracking()
        .Where(f => f.ProjectId == projectId && f.IssueId == issueId)
        .OrderBy(f => f.Hash)
        .ToListAsync(cancellationToken);

    /// <summary>Waits until nobody makes issues of the project and nobody counts events of this one.</summary>
    /// <returns>False when other hashes lead to it by now: another merge or the like came first.</returns>
    public static async Task<bool> LockForPartingAsync(
        this ErrorHubDbContext db, long projectId, Guid issueId, IReadOnlyList<IssueFingerprint> hashes, CancellationToken cancellationToken)
    {
        await db.LockProjectAsync(projectId, cancellationToken);
        if (!await db.LockIssuesAsync(projectId, [issueId], cancellationToken))
            return false;

        await db.LookAtIssuesAgainAsync(projectId, cancellationToken);
        var current = await db.IssueHashesAsync(projectId, issueId, cancellationToken);
        return current.Select(h => Convert.ToHexString(h.Hash)).SequenceEqual(hashes.Select(h => Convert.ToHexString(h.Hash)));
    }

    /// <summary>
    /// Saves, and makes the row of the old issue another one. A batch that waits for its lock would count there what has left; when the
    /// row it waited for is gone, it starts again.
    /// </summary>
    public static async Task SaveAnewAsync(this ErrorHubDbContext db, Issue old, CancellationToken cancellationToken)
    {
        await db.Issues.Where(i => i.ProjectId == old.ProjectId && i.Id == old.Id).ExecuteDeleteAsync(cancellationToken);
        db.Entry(old).State = EntityState.Added;
        await db.SaveChangesAsync(cancellationToken);
    }
}

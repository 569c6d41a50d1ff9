using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>
/// The locks of an event writer, for use cases that change what belongs to an issue: the project, then its issues in the order of their
/// ids. An update that changes nothing takes a row's lock in every database, and on SQLite the file's.
/// </summary>
internal static class IssueLocks
{
    /// <summary>Waits until nobody makes or moves issues in a project, and keeps others from it until the transaction ends.</summary>
    public static Task LockProjectAsync(this ErrorHubDbContext db, long projectId, CancellationToken cancellationToken) =>
        db.Projects.Where(p => p.Id == projectId)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.NextIssueNumber, p => p.NextIssueNumber), cancellationToken);

    /// <summary>Waits until nobody counts events of these issues, and keeps others from it until the transaction ends.</summary>
    /// <returns>False when one of them is gone; the others are locked.</returns>
    public static async Task<bool> LockIssuesAsync(
        this ErrorHubDbContext db, long projectId, IEnumerable<Guid> issueIds, CancellationToken cancellationToken)
    {
        var all = true;
        foreach (var id in issueIds.Order())
        {
            var found = await db.Issues.Where(i => i.ProjectId == projectId && i.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(i => i.Regressions, i => i.Regressions), cancellationToken);
            all &= found > 0;
        }

        return all;
    }
}

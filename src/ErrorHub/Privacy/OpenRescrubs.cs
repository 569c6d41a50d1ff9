using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>
/// What others tell a run that is not done. They take it from the call that works on it, whose step fails when it is saved; the next call
/// finds what they wrote.
/// </summary>
internal static class OpenRescrubs
{
    /// <summary>
    /// Lets it look at all issues again, because texts move from one to another and it may have passed the one and not the other. To be
    /// called with the locks of the issues and before a text is read: until the transaction ends, the run saves no step.
    /// </summary>
    public static Task LookAtIssuesAgainAsync(this ErrorHubDbContext db, long projectId, CancellationToken cancellationToken) =>
        Open(db, projectId).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.CursorId, r => r.Phase == RescrubPhase.Issues ? Guid.Empty : r.CursorId)
                .SetProperty(r => r.LeaseHolder, Guid.Empty).SetProperty(r => r.LeaseUntil, DateTimeOffset.UnixEpoch),
            cancellationToken);

    /// <summary>Lets it begin anew, because the rules change, also when they become again what they were.</summary>
    public static Task BeginRescrubAnewAsync(this ErrorHubDbContext db, long projectId, CancellationToken cancellationToken) =>
        Open(db, projectId).ExecuteUpdateAsync(
            set => set.SetProperty(r => r.Policy, "").SetProperty(r => r.LeaseHolder, Guid.Empty).SetProperty(r => r.LeaseUntil, DateTimeOffset.UnixEpoch),
            cancellationToken);

    private static IQueryable<RescrubRun> Open(ErrorHubDbContext db, long projectId) => db.RescrubRuns.Where(r => r.ProjectId == projectId && r.FinishedAt == null);
}

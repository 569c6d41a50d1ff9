using ErrorHub.Events;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Storage.Tests;

/// <summary>Which issue stored events belong to.</summary>
internal static class StoredEventQueries
{
    /// <summary>The events that carry a hash of an issue.</summary>
    public static IQueryable<StoredEvent> EventsOf(this ErrorHubDbContext db, Guid issueId) => db.Events.Where(
        e => db.IssueFingerprints.Any(f => f.ProjectId == e.ProjectId && f.Hash == e.Hash && f.IssueId == issueId));

    /// <summary>The events of a project, each with its issue.</summary>
    public static async Task<List<(Guid IssueId, StoredEvent Event)>> EventsWithIssuesAsync(
        this ErrorHubDbContext db, long projectId, CancellationToken cancellationToken)
    {
        var rows = await db.Events.Where(e => e.ProjectId == projectId)
            .Join(db.IssueFingerprints, e => new { e.ProjectId, e.Hash }, f => new { f.ProjectId, f.Hash }, (e, f) => new { f.IssueId, Event = e })
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(r => (r.IssueId, r.Event));
    }
}

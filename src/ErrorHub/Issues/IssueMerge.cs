using ErrorHub.Stats;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>
/// Moves all that belongs to issues to another one. No event moves: their hashes lead to it. Within a transaction that holds the locks of
/// the project and of the issues.
/// </summary>
internal sealed class IssueMerge(ErrorHubDbContext db, Issue target)
{
    /// <summary>Moves what belongs to <paramref name="source"/>, and deletes it with the next <c>SaveChanges</c>.</summary>
    public async Task AddAsync(Issue source, CancellationToken cancellationToken)
    {
        await MoveHoursAsync(source, cancellationToken);
        await MoveTagsAsync(source, cancellationToken);
        target.UserCount = await MoveUsersAsync(source, cancellationToken);
        await MoveHashesAsync(source, cancellationToken);
        AddCounts(source);
        db.Issues.Remove(source);
    }

    private async Task MoveHoursAsync(Issue source, CancellationToken cancellationToken)
    {
        var mine = db.IssueHours.Where(h => h.ProjectId == target.ProjectId && h.IssueId == target.Id);
        var theirs = db.IssueHours.Where(h => h.ProjectId == source.ProjectId && h.IssueId == source.Id);
        await mine
            .Join(
                theirs, h => new { h.Hour, h.Environment, h.Release }, h => new { h.Hour, h.Environment, h.Release },
                (mine, theirs) => new { Mine = mine, Theirs = theirs })
            .ExecuteUpdateAsync(set => set.SetProperty(h => h.Mine.Events, h => h.Mine.Events + h.Theirs.Events), cancellationToken);
        await theirs
            .Where(h => mine.Any(m => m.Hour == h.Hour && m.Environment == h.Environment && m.Release == h.Release))
            .ExecuteDeleteAsync(cancellationToken);
        await theirs.ExecuteUpdateAsync(set => set.SetProperty(h => h.IssueId, target.Id), cancellationToken);
    }

    private async Task MoveTagsAsync(Issue source, CancellationToken cancellationToken)
    {
        var mine = db.IssueTags.Where(t => t.ProjectId == target.ProjectId && t.IssueId == target.Id);
        var theirs = db.IssueTags.Where(t => t.ProjectId == source.ProjectId && t.IssueId == source.Id);
        await mine
            .Join(theirs, t => new { t.Key, t.Value }, t => new { t.Key, t.Value }, (mine, theirs) => new { Mine = mine, Theirs = theirs })
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(t => t.Mine.Events, t => t.Mine.Events + t.Theirs.Events)
                    .SetProperty(t => t.Mine.FirstSeen, t => t.Theirs.FirstSeen < t.Mine.FirstSeen ? t.Theirs.FirstSeen : t.Mine.FirstSeen)
                    .SetProperty(t => t.Mine.LastSeen, t => t.Theirs.LastSeen > t.Mine.LastSeen ? t.Theirs.LastSeen : t.Mine.LastSeen),
                cancellationToken);
        await theirs.Where(t => mine.Any(m => m.Key == t.Key && m.Value == t.Value)).ExecuteDeleteAsync(cancellationToken);
        await theirs.ExecuteUpdateAsync(set => set.SetProperty(t => t.IssueId, target.Id), cancellationToken);
    }

    /// <returns>How many users both have.</returns>
    private async Task<long> MoveUsersAsync(Issue source, CancellationToken cancellationToken)
    {
        var mine = db.IssueUsers.Where(u => u.ProjectId == target.ProjectId && u.IssueId == target.Id);
        var theirs = db.IssueUsers.Where(u => u.ProjectId == source.ProjectId && u.IssueId == source.Id);
        await theirs.Where(u => mine.Any(m => m.UserHash == u.UserHash)).ExecuteDeleteAsync(cancellationToken);
        await theirs.ExecuteUpdateAsync(set => set.SetProperty(u => u.IssueId, target.Id), cancellationToken);

        var sketches = db.IssueUserSketches.Where(s => s.ProjectId == target.ProjectId);
        var (sketch, other) = (
            await sketches.FirstOrDefaultAsync(s => s.IssueId == target.Id, cancellationToken),
            await sketches.FirstOrDefaultAsync(s => s.IssueId == source.Id, cancellationToken));
        if (sketch is null && other is null)
            return await mine.LongCountAsync(cancellationToken);

        // Whoever has no sketch has a row for each user, and those are all the target's by now.
        var users = sketch is null ? new UserSketch() : UserSketch.Of([.. sketch.Sketch]);
        if (other is not null)
        {
            users.Add(UserSketch.Of(other.Sketch));
            db.IssueUserSketches.Remove(other);
        }

        await foreach (var hash in mine.Select(u => u.UserHash).AsAsyncEnumerable().WithCancellation(cancellationToken))
            users.Add(hash);

        if (sketch is null)
            db.IssueUserSketches.Add(new IssueUserSketch { ProjectId = target.ProjectId, IssueId = target.Id, Sketch = users.Bytes });
        else
            sketch.Sketch = users.Bytes;

        await db.SaveChangesAsync(cancellationToken);
        return Math.Max(users.Count(), Math.Max(target.UserCount, source.UserCount));
    }

    private async Task MoveHashesAsync(Issue source, CancellationToken cancellationToken)
    {
        var hashes = db.IssueFingerprints.Where(f => f.ProjectId == source.ProjectId && f.IssueId == source.Id);
        // A hash remembers the first issue it was merged from: there it can go back to.
        await hashes.ExecuteUpdateAsync(
            set => set.SetProperty(f => f.MergedFrom, f => f.MergedFrom ?? source.Id).SetProperty(f => f.IssueId, target.Id), cancellationToken);
        await db.IssueRedirects.Where(r => r.ProjectId == source.ProjectId && r.TargetId == source.Id)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.TargetId, target.Id), cancellationToken);
        db.IssueRedirects.Add(new IssueRedirect
        {
            ProjectId = source.ProjectId,
            IssueId = source.Id,
            Number = source.Number,
            TargetId = target.Id,
        });
    }

    private void AddCounts(Issue source)
    {
        target.EventCount += source.EventCount;
        target.KeptCount += source.KeptCount;
        target.Regressions += source.Regressions;
        target.AssigneeId ??= source.AssigneeId;
        if (source.FirstSeen < target.FirstSeen)
        {
            target.FirstSeen = source.FirstSeen;
            target.FirstRelease = source.FirstRelease;
        }

        if (source.LastSeen > target.LastSeen)
            ShowNewest(source);
    }

    // Lists show of an issue what its newest event says.
    private void ShowNewest(Issue source)
    {
        target.LastSeen = source.LastSeen;
        target.LastSeenMinute = source.LastSeenMinute;
        target.LastRelease = source.LastRelease;
        target.LastEnvironment = source.LastEnvironment;
        target.Title = source.Title;
        target.Culprit = source.Culprit;
        target.Type = source.Type;
        target.Value = source.Value;
        target.Filename = source.Filename;
        target.Function = source.Function;
        target.Level = source.Level;
        target.Platform = source.Platform;
        target.Logger = source.Logger;
        target.Handled = source.Handled;
    }
}

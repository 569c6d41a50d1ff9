using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>
/// The places that statistics and findings name: keys of events are part of them. One in which something is found counts under the other
/// places of its rule, as if there had been no room for it; a finding goes, and is found again where its place is called otherwise now.
/// </summary>
internal sealed class RescrubPlaces(ErrorHubDbContext db, long projectId, ScrubbingPolicy policy)
{
    /// <summary>Rewrites them, within a transaction.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var days = db.RemovalDays.Where(r => r.ProjectId == projectId);
        var paths = db.RemovalPaths.Where(r => r.ProjectId == projectId);
        var findings = db.PrivacyFindings.Where(f => f.ProjectId == projectId);
        var all = await days.Select(r => r.Path).Union(paths.Select(r => r.Path)).Union(findings.Select(f => f.Path)).ToListAsync(cancellationToken);
        foreach (var path in all.Where(path => policy.Names.ScrubPath(path) != path))
        {
            foreach (var row in await days.AsNoTracking().Where(r => r.Path == path).ToListAsync(cancellationToken))
                await AddToOthersAsync(days, row, cancellationToken);

            await days.Where(r => r.Path == path).ExecuteDeleteAsync(cancellationToken);
            await paths.Where(r => r.Path == path).ExecuteDeleteAsync(cancellationToken);
            await findings.Where(f => f.Path == path).ExecuteDeleteAsync(cancellationToken);
        }
    }

    private async Task AddToOthersAsync(IQueryable<RemovalDay> days, RemovalDay row, CancellationToken cancellationToken)
    {
        var added = await days.Where(r => r.Day == row.Day && r.Rule == row.Rule && r.Path == RemovalCount.OtherPaths)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.Removals, r => r.Removals + row.Removals), cancellationToken);
        if (added > 0)
            return;

        db.RemovalDays.Add(new RemovalDay { ProjectId = projectId, Day = row.Day, Rule = row.Rule, Path = RemovalCount.OtherPaths, Removals = row.Removals });
        await db.SaveChangesAsync(cancellationToken);
        db.ChangeTracker.Clear();
    }
}

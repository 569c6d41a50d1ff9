using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Protocol.Events;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Regrouping;

/// <summary>How a project groups events by certain rules, as ingest does it.</summary>
/// <param name="Rules">The rules.</param>
/// <param name="Splits">Its call paths, see <see cref="CallPaths"/>; null for none.</param>
internal sealed record ProjectGrouping(GroupingRules Rules, string? Splits)
{
    public GroupingResult Of(SentryEvent e) => CallPaths.Divide(Grouper.GroupingOf(e, Rules), e, Splits, Rules);

    /// <summary>By the rules before a change and by those after it.</summary>
    public static async Task<(ProjectGrouping Before, ProjectGrouping After)> OfAsync(
        ErrorHubDbContext db, long projectId, string? before, string? after, CancellationToken cancellationToken)
    {
        var rows = await db.CallPathSplits.AsNoTracking().Where(s => s.ProjectId == projectId).ToListAsync(cancellationToken);
        var splits = CallPaths.TextOf(rows.Select(s => (s.Hash, s.Strict)));
        return (new(GroupingRules.Read(before, out _), splits), new(GroupingRules.Read(after, out _), splits));
    }
}

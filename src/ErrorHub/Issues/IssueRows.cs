using ErrorHub.Projects;
using ErrorHub.Stats;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>Makes the rows of a page from its issues, with what stands in other tables.</summary>
internal sealed class IssueRows(ErrorHubDbContext db, DateTimeOffset now)
{
    /// <summary>Rows in the order of the issues. Counts are those since <paramref name="since"/> in the environment; null for all.</summary>
    public async Task<IReadOnlyList<IssueRow>> ReadAsync(
        IReadOnlyList<Issue> issues, IReadOnlyDictionary<long, ProjectName> projects, DateTimeOffset? since, string? environment,
        CancellationToken cancellationToken)
    {
        if (issues.Count == 0)
            return [];

        var projectIds = issues.Select(i => i.ProjectId).Distinct().ToArray();
        var issueIds = issues.Select(i => i.Id).ToArray();
        var last24Hours = await db.HoursSince(null, environment).OfIssues(projectIds, issueIds).Last24HoursAsync(now, cancellationToken);
        var counts = since is null && environment is null
            ? issues.ToDictionary(i => i.Id, i => i.EventCount)
            : await db.HoursSince(since, environment).OfIssues(projectIds, issueIds).SumByIssueAsync(cancellationToken);
        var assignees = await NamesAsync([.. issues.Select(i => i.AssigneeId).OfType<Guid>().Distinct()], cancellationToken);

        return
        [
            .. issues.Select(i => RowOf(i, projects[i.ProjectId]) with
            {
                Events = counts.GetValueOrDefault(i.Id),
                Last24Hours = last24Hours.GetValueOrDefault(i.Id) ?? new long[24],
                AssigneeName = i.AssigneeId is { } id ? assignees.GetValueOrDefault(id) : null,
            }),
        ];
    }

    /// <summary>The projects the caller sees, of those asked for.</summary>
    public static Task<Dictionary<long, ProjectName>> ProjectsAsync(
        IQueryable<Project> visible, IReadOnlyList<long> only, CancellationToken cancellationToken) =>
        (only.Count == 0 ? visible : visible.Where(p => only.Contains(p.Id)))
            .Select(p => new ProjectName(p.Id, p.Slug, p.Name))
            .ToDictionaryAsync(p => p.Id, cancellationToken);

    private async Task<Dictionary<Guid, string>> NamesAsync(Guid[] userIds, CancellationToken cancellationToken) =>
        userIds.Length == 0
            ? []
            : await db.Users.AsNoTracking().Where(u => userIds.Contains(u.Id))
                .Select(u => new { u.Id, u.Name })
                .ToDictionaryAsync(u => u.Id, u => u.Name, cancellationToken);

    private IssueRow RowOf(Issue issue, ProjectName project) => new()
    {
        Id = issue.Id,
        ProjectId = issue.ProjectId,
        ProjectSlug = project.Slug,
        ProjectName = project.Name,
        ShortId = IssueShortId.Of(project.Slug, issue.Number),
        Title = issue.Title,
        Type = issue.Type,
        Value = issue.Value,
        Culprit = issue.Culprit,
        Filename = issue.Filename,
        Function = issue.Function,
        Level = issue.Level,
        Platform = issue.Platform,
        Logger = issue.Logger,
        Handled = issue.Handled,
        Severity = IssueSeverity.Of(issue.Level, issue.Handled),
        Status = issue.Status,
        Substatus = IssueStates.Current(issue.Substatus, issue.FirstSeen, now),
        Regressions = issue.Regressions,
        Environment = issue.LastEnvironment,
        FirstRelease = issue.FirstRelease,
        LastRelease = issue.LastRelease,
        Events = issue.EventCount,
        TotalEvents = issue.EventCount,
        KeptEvents = issue.KeptCount,
        Users = issue.UserCount,
        FirstSeen = issue.FirstSeen,
        LastSeen = issue.LastSeen,
        Last24Hours = [],
        AssigneeId = issue.AssigneeId,
    };
}

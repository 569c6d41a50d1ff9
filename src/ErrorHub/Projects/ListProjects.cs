using ErrorHub.Accounts;
using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>The projects the caller sees, by name.</summary>
/// <param name="Scope">What the caller may see.</param>
public sealed record ListProjects(AccessScope Scope) : IRequest<IReadOnlyList<ProjectRow>>;

/// <summary>A project in lists.</summary>
/// <param name="Id">Number in the DSN.</param>
/// <param name="Slug">Name in addresses.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Platform">Platform; null when none was chosen.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="FirstEventAt">Receive time of its first event; null before.</param>
/// <param name="RetentionDays">Days events are kept; null for the installation's setting.</param>
/// <param name="Quota">Events it may send; null for any number.</param>
/// <param name="UnresolvedIssues">Issues that need someone.</param>
/// <param name="Events24Hours">Events accepted in the last 24 hours.</param>
public sealed record ProjectRow(
    long Id, string Slug, string Name, string? Platform, DateTimeOffset CreatedAt, DateTimeOffset? FirstEventAt,
    short? RetentionDays, EventLimit? Quota, long UnresolvedIssues, long Events24Hours);

internal sealed class ListProjectsHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<ListProjects, IReadOnlyList<ProjectRow>>
{
    public async Task<IReadOnlyList<ProjectRow>> Handle(ListProjects request, CancellationToken cancellationToken) =>
        await db.ProjectRows(db.Projects.VisibleTo(request.Scope).OrderBy(p => p.Name).ThenBy(p => p.Id), time.GetUtcNow())
            .ToListAsync(cancellationToken);
}

internal static class ProjectRowQuery
{
    /// <summary>The rows of some projects; their counts come from the rollups, never from the events.</summary>
    public static IQueryable<ProjectRow> ProjectRows(this ErrorHubDbContext db, IQueryable<Project> projects, DateTimeOffset now)
    {
        var since = now.AddHours(-24);
        return projects.AsNoTracking().Select(p => new ProjectRow(
            p.Id, p.Slug, p.Name, p.Platform, p.CreatedAt, p.FirstEventAt, p.RetentionDays,
            p.QuotaWindowSeconds == null || p.QuotaCount == null ? null : new EventLimit(p.QuotaWindowSeconds.Value, p.QuotaCount.Value),
            db.Issues.LongCount(i => i.ProjectId == p.Id && i.Status == IssueStatus.Unresolved),
            db.OutcomeHours
                .Where(o => o.ProjectId == p.Id && o.Hour > since && o.Outcome == Outcome.Accepted)
                .Sum(o => o.Quantity)));
    }
}

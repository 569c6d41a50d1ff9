using ErrorHub.Accounts;
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
public sealed record ProjectRow(
    long Id, string Slug, string Name, string? Platform, DateTimeOffset CreatedAt, DateTimeOffset? FirstEventAt,
    short? RetentionDays, EventLimit? Quota);

internal sealed class ListProjectsHandler(ErrorHubDbContext db) : IRequestHandler<ListProjects, IReadOnlyList<ProjectRow>>
{
    public async Task<IReadOnlyList<ProjectRow>> Handle(ListProjects request, CancellationToken cancellationToken) =>
        await db.Projects.VisibleTo(request.Scope).OrderBy(p => p.Name).ThenBy(p => p.Id).Rows().ToListAsync(cancellationToken);
}

internal static class ProjectRowQuery
{
    /// <summary>The rows of some projects.</summary>
    public static IQueryable<ProjectRow> Rows(this IQueryable<Project> projects) =>
        projects.AsNoTracking().Select(p => new ProjectRow(
            p.Id, p.Slug, p.Name, p.Platform, p.CreatedAt, p.FirstEventAt, p.RetentionDays,
            p.QuotaWindowSeconds == null || p.QuotaCount == null ? null : new EventLimit(p.QuotaWindowSeconds.Value, p.QuotaCount.Value)));
}

using ErrorHub.Accounts;
using ErrorHub.Grouping.Rules;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Projects;

/// <summary>Where every query on projects begins.</summary>
internal static class ProjectQueries
{
    /// <summary>The projects the caller sees; a deleted one is seen by nobody.</summary>
    public static IQueryable<Project> VisibleTo(this IQueryable<Project> projects, AccessScope scope)
    {
        var alive = projects.Where(p => p.DeletedAt == null);
        return scope.ProjectIds is { } ids ? alive.Where(p => ids.Contains(p.Id)) : alive;
    }

    /// <summary>The number of the project with this slug; null when the caller sees no such project.</summary>
    public static async Task<long?> FindIdAsync(
        this IQueryable<Project> projects, AccessScope scope, string slug, CancellationToken cancellationToken) =>
        await projects.VisibleTo(scope).Where(p => p.Slug == slug).Select(p => (long?)p.Id).FirstOrDefaultAsync(cancellationToken);

    /// <summary>The rules of grouping of a project; none when it has none, or none that can be read.</summary>
    public static async Task<GroupingRules> GroupingRulesAsync(this IQueryable<Project> projects, long projectId, CancellationToken cancellationToken) =>
        GroupingRules.Read(await projects.Where(p => p.Id == projectId).Select(p => p.GroupingRules).FirstOrDefaultAsync(cancellationToken), out _);
}

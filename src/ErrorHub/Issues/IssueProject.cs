using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues;

/// <summary>From an issue to its project, which every query of project data begins with.</summary>
internal static class IssueProject
{
    /// <summary>The project of an issue; null when the caller sees no such issue.</summary>
    public static Task<ProjectName?> ProjectOfIssueAsync(
        this ErrorHubDbContext db, AccessScope scope, Guid issueId, CancellationToken cancellationToken) => db.Projects.VisibleTo(scope)
        .Join(db.Issues.Where(i => i.Id == issueId), p => p.Id, i => i.ProjectId, (p, i) => new ProjectName(p.Id, p.Slug, p.Name))
        .FirstOrDefaultAsync(cancellationToken);
}

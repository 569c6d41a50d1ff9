using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Regrouping;

/// <summary>A project's own rules of grouping, and their last changes; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Slug">The project.</param>
public sealed record GetGroupingRules(AccessScope Scope, string Slug) : IRequest<ProjectGroupingRules?>;

/// <summary>The rules of a project.</summary>
/// <param name="Rules">A rule a line; empty for none.</param>
/// <param name="Changes">Changes that were applied, begun or taken back, the newest first, at most 20.</param>
public sealed record ProjectGroupingRules(string Rules, IReadOnlyList<GroupingChangeDetails> Changes);

/// <summary>A change of a project's rules; null when the caller sees no such change.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Slug">The project.</param>
/// <param name="ChangeId">The change.</param>
public sealed record GetGroupingChange(AccessScope Scope, string Slug, Guid ChangeId) : IRequest<GroupingChangeDetails?>;

internal sealed class GetGroupingRulesHandler(ErrorHubDbContext db) :
    IRequestHandler<GetGroupingRules, ProjectGroupingRules?>, IRequestHandler<GetGroupingChange, GroupingChangeDetails?>
{
    private const int MaxChanges = 20;

    public async Task<ProjectGroupingRules?> Handle(GetGroupingRules request, CancellationToken cancellationToken)
    {
        var project = await db.Projects.VisibleTo(request.Scope).Where(p => p.Slug == request.Slug)
            .Select(p => new { p.Id, p.GroupingRules }).FirstOrDefaultAsync(cancellationToken);
        if (project is null)
            return null;

        var changes = await db.GroupingChanges.AsNoTracking()
            .Where(c => c.ProjectId == project.Id && c.State != GroupingChangeState.Tried)
            .OrderByDescending(c => c.Id)
            .Take(MaxChanges)
            .ToListAsync(cancellationToken);
        return new(project.GroupingRules ?? "", changes.ConvertAll(GroupingChangeDetails.Of));
    }

    public async Task<GroupingChangeDetails?> Handle(GetGroupingChange request, CancellationToken cancellationToken) =>
        await db.GroupingChanges.AsNoTracking().OfAsync(db, request.Scope, request.Slug, request.ChangeId, cancellationToken) is { } change
            ? GroupingChangeDetails.Of(change)
            : null;
}

internal static class GroupingChangeQueries
{
    /// <summary>A change; null when the caller sees no such change.</summary>
    public static Task<GroupingChange?> OfAsync(
        this IQueryable<GroupingChange> changes, ErrorHubDbContext db, AccessScope scope, string slug, Guid id, CancellationToken cancellationToken) =>
        db.Projects.VisibleTo(scope).Where(p => p.Slug == slug)
            .Join(changes.Where(c => c.Id == id), p => p.Id, c => c.ProjectId, (p, c) => c)
            .FirstOrDefaultAsync(cancellationToken);
}

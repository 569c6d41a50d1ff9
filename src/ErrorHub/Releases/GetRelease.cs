using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Releases;

/// <summary>A release over all the projects the caller sees; null when none of them has it.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Version">The release.</param>
public sealed record GetRelease(AccessScope Scope, string Version) : IRequest<ReleaseInfo?>;

/// <summary>The releases of a project, newest first, at most 100; null when the caller sees no such project.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectId">The project.</param>
public sealed record ListReleases(AccessScope Scope, long ProjectId) : IRequest<IReadOnlyList<ReleaseInfo>?>;

/// <summary>A release as its events and its pipeline tell.</summary>
/// <param name="Version">The release.</param>
/// <param name="CreatedAt">When it was first known.</param>
/// <param name="ReleasedAt">When it went out; null before.</param>
/// <param name="LastEvent">When its newest event came; null without events.</param>
/// <param name="Url">Where to read about it.</param>
/// <param name="Projects">The projects that have it.</param>
/// <param name="LastCommit">Its newest commit; null when none is known.</param>
/// <param name="Commits">How many commits are known.</param>
public sealed record ReleaseInfo(
    string Version, DateTimeOffset CreatedAt, DateTimeOffset? ReleasedAt, DateTimeOffset? LastEvent, string? Url,
    IReadOnlyList<ProjectName> Projects, string? LastCommit, int Commits);

internal sealed class GetReleaseHandler(ErrorHubDbContext db)
    : IRequestHandler<GetRelease, ReleaseInfo?>, IRequestHandler<ListReleases, IReadOnlyList<ReleaseInfo>?>
{
    private const int Most = 100;

    public async Task<ReleaseInfo?> Handle(GetRelease request, CancellationToken cancellationToken)
    {
        var projects = await db.Projects.AsNoTracking().VisibleTo(request.Scope)
            .Select(p => new ProjectName(p.Id, p.Slug, p.Name)).ToListAsync(cancellationToken);
        return (await ReadAsync(projects, request.Version, cancellationToken)).FirstOrDefault();
    }

    public async Task<IReadOnlyList<ReleaseInfo>?> Handle(ListReleases request, CancellationToken cancellationToken)
    {
        var project = await db.Projects.AsNoTracking().VisibleTo(request.Scope).Where(p => p.Id == request.ProjectId)
            .Select(p => new ProjectName(p.Id, p.Slug, p.Name)).FirstOrDefaultAsync(cancellationToken);
        return project is null ? null : await ReadAsync([project], null, cancellationToken);
    }

    /// <summary>Reads one release of these projects, or the newest.</summary>
    private async Task<List<ReleaseInfo>> ReadAsync(List<ProjectName> projects, string? version, CancellationToken cancellationToken)
    {
        var ids = projects.Select(p => p.Id).ToArray();
        var seen = await db.Releases.AsNoTracking().Where(r => ids.Contains(r.ProjectId) && (version == null || r.Version == version))
            .OrderByDescending(r => r.LastSeen).Take(version is null ? Most : ids.Length).ToListAsync(cancellationToken);
        var told = await db.ReleaseDetails.AsNoTracking().Where(r => ids.Contains(r.ProjectId) && (version == null || r.Version == version))
            .OrderByDescending(r => r.CreatedAt).Take(version is null ? Most : ids.Length).ToListAsync(cancellationToken);
        var versions = seen.Select(r => r.Version).Union(told.Select(r => r.Version)).ToArray();
        var commits = await db.ReleaseCommits.AsNoTracking().Where(c => ids.Contains(c.ProjectId) && versions.Contains(c.Version))
            .GroupBy(c => c.Version).Select(g => new { Version = g.Key, Count = g.Select(c => c.Position).Distinct().Count() })
            .ToDictionaryAsync(c => c.Version, c => c.Count, cancellationToken);
        var newest = await db.ReleaseCommits.AsNoTracking().Where(c => ids.Contains(c.ProjectId) && versions.Contains(c.Version) && c.Position == 0)
            .Select(c => new { c.Version, c.CommitId }).ToListAsync(cancellationToken);
        return
        [
            .. versions.Select(v =>
            {
                var (events, details) = (seen.FindAll(r => r.Version == v), told.FindAll(r => r.Version == v));
                return new ReleaseInfo(
                    v, events.Select(r => r.FirstSeen).Concat(details.Select(r => r.CreatedAt)).Min(), details.Max(r => r.ReleasedAt),
                    events.Count > 0 ? events.Max(r => r.LastSeen) : null, details.Find(r => r.Url is not null)?.Url,
                    projects.FindAll(p => events.Exists(r => r.ProjectId == p.Id) || details.Exists(r => r.ProjectId == p.Id)),
                    newest.Find(c => c.Version == v)?.CommitId, commits.GetValueOrDefault(v));
            }).OrderByDescending(r => r.LastEvent ?? r.CreatedAt).Take(Most),
        ];
    }
}

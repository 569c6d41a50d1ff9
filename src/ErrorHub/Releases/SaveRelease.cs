using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Releases;

/// <summary>Makes a release known, or says more of one; what is null stays as it was.</summary>
/// <param name="Scope">Who says it.</param>
/// <param name="Version">The release.</param>
/// <param name="ProjectIds">Its projects; empty for those that have it.</param>
/// <param name="Url">Where to read about it.</param>
/// <param name="ReleasedAt">When it went out.</param>
/// <param name="Commits">Its commits, newest first; they replace those that are known.</param>
public sealed record SaveRelease(
    AccessScope Scope, string Version, IReadOnlyList<long> ProjectIds, string? Url, DateTimeOffset? ReleasedAt,
    IReadOnlyList<CommitText>? Commits) : IRequest<ChangeResult<SavedRelease>>, IChange;

/// <summary>A commit as a pipeline tells it.</summary>
/// <param name="Id">Its hash.</param>
/// <param name="Message">Its message.</param>
/// <param name="AuthorName">Who wrote it.</param>
/// <param name="AuthorEmail">The author's address.</param>
/// <param name="Repository">Where it is.</param>
/// <param name="At">When it was written.</param>
public sealed record CommitText(string Id, string Message, string AuthorName, string AuthorEmail, string Repository, DateTimeOffset? At);

/// <summary>What became of it.</summary>
/// <param name="IsNew">True when no project had it.</param>
public sealed record SavedRelease(bool IsNew);

internal sealed class SaveReleaseHandler(ErrorHubDbContext db, TimeProvider time) : IRequestHandler<SaveRelease, ChangeResult<SavedRelease>>
{
    private const int MaxCommits = 1_000;

    public async Task<ChangeResult<SavedRelease>> Handle(SaveRelease request, CancellationToken cancellationToken)
    {
        if (ReleaseName.Problem(request.Version) is { } problem)
            return ChangeResult<SavedRelease>.Invalid(problem);

        var known = await ReleaseProjects.OfAsync(db, request.Scope, request.Version, cancellationToken);
        var projectIds = request.ProjectIds.Count > 0 ? request.ProjectIds : known;
        var visible = await db.Projects.VisibleTo(request.Scope).Where(p => projectIds.Contains(p.Id)).Select(p => p.Id).ToListAsync(cancellationToken);
        if (visible.Count == 0 || visible.Count < projectIds.Distinct().Count())
            return ChangeResult<SavedRelease>.NotFound();

        var now = time.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        foreach (var projectId in visible)
            await SaveAsync(request, projectId, now, cancellationToken);

        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, now, known.Count == 0 ? "release.created" : "release.updated", request.Version, visible[0]));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return ChangeResult<SavedRelease>.Done(new SavedRelease(known.Count == 0));
    }

    private async Task SaveAsync(SaveRelease request, long projectId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var details = await db.ReleaseDetails.FirstOrDefaultAsync(r => r.ProjectId == projectId && r.Version == request.Version, cancellationToken);
        if (details is null)
            db.ReleaseDetails.Add(details = new ReleaseDetails { ProjectId = projectId, Version = request.Version, CreatedAt = now });

        details.Url = request.Url is { } url ? StoredText.Fit(url, 2_048) : details.Url;
        details.ReleasedAt = request.ReleasedAt?.ToUniversalTime() ?? details.ReleasedAt;
        if (request.Commits is not { } commits)
            return;

        await db.ReleaseCommits.Where(c => c.ProjectId == projectId && c.Version == request.Version).ExecuteDeleteAsync(cancellationToken);
        db.ReleaseCommits.AddRange(commits.Take(MaxCommits).Select((commit, i) => new ReleaseCommit
        {
            ProjectId = projectId,
            Version = request.Version,
            Position = i,
            CommitId = StoredText.Fit(commit.Id, 64),
            Message = StoredText.Fit(commit.Message, 4_096),
            AuthorName = StoredText.Fit(commit.AuthorName, 200),
            AuthorEmail = StoredText.Fit(commit.AuthorEmail, 254),
            Repository = StoredText.Fit(commit.Repository, 200),
            At = commit.At?.ToUniversalTime(),
        }));
    }
}

/// <summary>What a release may be called: the names that events may carry, too.</summary>
internal static class ReleaseName
{
    public static string? Problem(string version) =>
        version.Length is 0 or > 200 || version.Trim().Length != version.Length || version is "." or ".."
        || version.Any(c => char.IsControl(c) || c is '/' or '\\' || char.IsSurrogate(c))
            ? "version: write 1 to 200 characters without slashes, control characters and space around them."
            : null;
}

/// <summary>Which projects have a release.</summary>
internal static class ReleaseProjects
{
    public static async Task<IReadOnlyList<long>> OfAsync(ErrorHubDbContext db, AccessScope scope, string version, CancellationToken cancellationToken) =>
        await db.Projects.VisibleTo(scope)
            .Where(p => db.Releases.Any(r => r.ProjectId == p.Id && r.Version == version)
                || db.ReleaseDetails.Any(r => r.ProjectId == p.Id && r.Version == version))
            .Select(p => p.Id)
            .ToListAsync(cancellationToken);
}

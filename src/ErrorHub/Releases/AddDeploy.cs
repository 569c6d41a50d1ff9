using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Releases;

/// <summary>Notes that a release went to an environment.</summary>
/// <param name="Scope">Who says it.</param>
/// <param name="Version">The release.</param>
/// <param name="Environment">Where to.</param>
/// <param name="Name">What the pipeline calls it.</param>
/// <param name="Url">Where to read about it.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it was done; null for now.</param>
public sealed record AddDeploy(
    AccessScope Scope, string Version, string Environment, string? Name, string? Url, DateTimeOffset? StartedAt, DateTimeOffset? FinishedAt)
    : IRequest<ChangeResult<DeployRow>>, IChange;

/// <summary>The deploys of a release, newest first, at most 100; null when the caller sees no such release.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="Version">The release.</param>
public sealed record ListDeploys(AccessScope Scope, string Version) : IRequest<IReadOnlyList<DeployRow>?>;

/// <summary>A deploy.</summary>
/// <param name="Id">Our key.</param>
/// <param name="Environment">Where to.</param>
/// <param name="Name">What the pipeline calls it.</param>
/// <param name="Url">Where to read about it.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it was done.</param>
public sealed record DeployRow(Guid Id, string Environment, string? Name, string? Url, DateTimeOffset? StartedAt, DateTimeOffset FinishedAt);

internal sealed class DeployHandler(ErrorHubDbContext db, TimeProvider time)
    : IRequestHandler<AddDeploy, ChangeResult<DeployRow>>, IRequestHandler<ListDeploys, IReadOnlyList<DeployRow>?>
{
    private const int Most = 100;

    public async Task<ChangeResult<DeployRow>> Handle(AddDeploy request, CancellationToken cancellationToken)
    {
        var projectIds = await ReleaseProjects.OfAsync(db, request.Scope, request.Version, cancellationToken);
        if (projectIds.Count == 0)
            return ChangeResult<DeployRow>.NotFound();

        if (request.Environment.Trim().Length is 0 or > 64)
            return ChangeResult<DeployRow>.Invalid("environment: write 1 to 64 characters.");

        var now = time.GetUtcNow();
        var row = new DeployRow(
            Guid.CreateVersion7(now), StoredText.Fit(request.Environment.Trim(), 64), Fit(request.Name, 200), Fit(request.Url, 2_048),
            request.StartedAt?.ToUniversalTime(), (request.FinishedAt ?? now).ToUniversalTime());
        db.ReleaseDeploys.AddRange(projectIds.Select(projectId => new ReleaseDeploy
        {
            ProjectId = projectId,
            Id = row.Id,
            Version = request.Version,
            Environment = row.Environment,
            Name = row.Name,
            Url = row.Url,
            StartedAt = row.StartedAt,
            FinishedAt = row.FinishedAt,
        }));
        db.Activity.Add(ActivityRecord.Of(request.Scope.Actor, now, "release.deployed", request.Version, projectIds[0], row.Environment));
        await db.SaveChangesAsync(cancellationToken);
        return ChangeResult<DeployRow>.Done(row);
    }

    public async Task<IReadOnlyList<DeployRow>?> Handle(ListDeploys request, CancellationToken cancellationToken)
    {
        var projectIds = await ReleaseProjects.OfAsync(db, request.Scope, request.Version, cancellationToken);
        if (projectIds.Count == 0)
            return null;

        var rows = await db.ReleaseDeploys.AsNoTracking().Where(d => projectIds.Contains(d.ProjectId) && d.Version == request.Version)
            .OrderByDescending(d => d.Id).Take(Most)
            .Select(d => new DeployRow(d.Id, d.Environment, d.Name, d.Url, d.StartedAt, d.FinishedAt))
            .ToListAsync(cancellationToken);
        return [.. rows.DistinctBy(d => d.Id)];
    }

    private static string? Fit(string? text, int maxLength) => text is null ? null : StoredText.Fit(text, maxLength);
}

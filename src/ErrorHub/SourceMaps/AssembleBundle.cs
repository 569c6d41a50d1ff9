using ErrorHub.Accounts;
using ErrorHub.Activity;
using ErrorHub.Projects;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.SourceMaps;

/// <summary>Puts a bundle together of uploaded chunks, for each of the projects.</summary>
/// <param name="Scope">Who uploads.</param>
/// <param name="ProjectIds">The projects, at least one.</param>
/// <param name="Checksum">SHA-1 of the whole in hex.</param>
/// <param name="Chunks">SHA-1 of each part, in order.</param>
/// <param name="Version">The release; empty when none.</param>
/// <param name="Dist">Its distribution; empty when none.</param>
public sealed record AssembleBundle(
    AccessScope Scope, IReadOnlyList<long> ProjectIds, string Checksum, IReadOnlyList<string> Chunks, string Version, string Dist)
    : IRequest<ChangeResult<Assembly>>, IChange
{
    /// <summary>Largest bundle.</summary>
    public const long MaxBytes = 512L * 1024 * 1024;
}

/// <summary>How far a bundle is.</summary>
/// <param name="State"><c>ok</c>, <c>not_found</c> or <c>error</c>.</param>
/// <param name="MissingChunks">What must be uploaded first.</param>
/// <param name="Detail">What is wrong, for people; null when nothing is.</param>
public sealed record Assembly(string State, IReadOnlyList<string> MissingChunks, string? Detail = null);

internal sealed class AssembleBundleHandler(ErrorHubDbContext db, ArtifactFiles files, TimeProvider time)
    : IRequestHandler<AssembleBundle, ChangeResult<Assembly>>
{
    private const int MaxChunks = 1_000;

    public async Task<ChangeResult<Assembly>> Handle(AssembleBundle request, CancellationToken cancellationToken)
    {
        if (!ArtifactFiles.IsChecksum(request.Checksum) || request.Chunks.Count > MaxChunks || !request.Chunks.All(ArtifactFiles.IsChecksum))
            return ChangeResult<Assembly>.Invalid("checksum, chunks: write SHA-1 sums in 40 lower-case hexadecimal digits, at most 1,000.");

        var projectIds = await db.Projects.VisibleTo(request.Scope).Where(p => request.ProjectIds.Contains(p.Id)).Select(p => p.Id).ToListAsync(cancellationToken);
        if (projectIds.Count == 0 || projectIds.Count < request.ProjectIds.Distinct().Count())
            return ChangeResult<Assembly>.NotFound();

        var (version, dist) = (StoredText.Fit(request.Version, 200), StoredText.Fit(request.Dist, 64));
        var known = await db.ArtifactBundles
            .Where(b => projectIds.Contains(b.ProjectId) && b.Checksum == request.Checksum && b.Version == version && b.Dist == dist)
            .Select(b => b.ProjectId).ToListAsync(cancellationToken);
        if (known.Count == projectIds.Count)
            return ChangeResult<Assembly>.Done(new Assembly("ok", []));

        var missing = files.Missing(request.Chunks);
        if (request.Chunks.Count == 0 || missing.Count > 0)
            return ChangeResult<Assembly>.Done(new Assembly("not_found", missing));

        if (request.Chunks.Sum(files.SizeOf) > AssembleBundle.MaxBytes)
            return ChangeResult<Assembly>.Done(new Assembly("error", [], $"The bundle has more than {AssembleBundle.MaxBytes} bytes."));

        return ChangeResult<Assembly>.Done(await AssembleAsync(request, [.. projectIds.Except(known)], version, dist, cancellationToken));
    }

    private async Task<Assembly> AssembleAsync(
        AssembleBundle request, List<long> projectIds, string version, string dist, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var projectId in projectIds)
        {
            var id = Guid.CreateVersion7(now);
            if (files.Assemble(projectId, id, request.Chunks, request.Checksum) is not { } bytes)
                return new Assembly("error", [], "The chunks do not make what the checksum says.");

            db.ArtifactBundles.Add(new ArtifactBundle
            {
                ProjectId = projectId,
                Id = id,
                Checksum = request.Checksum,
                Version = version,
                Dist = dist,
                Bytes = bytes,
                CreatedAt = Ingest.EventProcessor.Microseconds(now),
            });
        }

        db.Activity.Add(ActivityRecord.Of(
            request.Scope.Actor, now, "artifacts.uploaded", version.Length > 0 ? version : request.Checksum, projectIds[0]));
        await db.SaveChangesAsync(cancellationToken);
        return new Assembly("ok", []);
    }
}

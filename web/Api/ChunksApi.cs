using System.IO.Compression;
using ErrorHub.SourceMaps;
using ErrorHub.Web.Account;
using ErrorHub.Web.Hosting;
using ErrorHub.Web.Ingest;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ErrorHub.Web.Api;

/// <summary>Uploads of <c>sentry-cli sourcemaps upload</c>: chunks named by their SHA-1, then the bundle they make (protocol.md 1.3).</summary>
internal static class ChunksApi
{
    private const string Tag = "Artifacts";
    private const string Scope = "project:releases";
    private const string Upload = "/organizations/{org}/chunk-upload/";

    // A power of two, as old versions of sentry-cli demand.
    private const int ChunkBytes = 8 * 1024 * 1024;
    private const int RequestBytes = 32 * 1024 * 1024;
    private const int ChunksPerRequest = 64;

    public static void MapChunksApi(this IEndpointRouteBuilder api)
    {
        api.MapGet(Upload, Options).RequireScope(Scope).Describe<ChunkOptionsJson>(Tag, "How to upload");
        api.MapPost(Upload, UploadAsync).RequireScope(Scope).DisableAntiforgery()
            .Describe<EmptyJson>(Tag, "Upload chunks: a form with files named by the SHA-1 of their bytes");
        api.MapPost("/organizations/{org}/artifactbundle/assemble/", AssembleAsync).RequireScope(Scope).Takes<AssembleJson>()
            .Describe<AssemblyJson>(Tag, "Put a bundle together of its chunks, or learn which are missing");
    }

    private static Ok<ChunkOptionsJson> Options(string org, PublicAddress address) => TypedResults.Ok(new ChunkOptionsJson(
        $"{address.BaseUrl}/api/0/organizations/{org}/chunk-upload/", ChunkBytes, ChunksPerRequest, AssembleBundle.MaxBytes, RequestBytes, 4, "sha1",
        ["gzip"], ["artifact_bundles", "artifact_bundles_v2"]));

    private static async Task<IResult> UploadAsync(HttpContext http, BodyDecoder decoder, ArtifactFiles files, CancellationToken cancellationToken)
    {
        // The form's own lines come on top.
        var (body, error, _) = await decoder.ReadAsync(http, RequestBytes + (64 * 1024), cancellationToken);
        using (body)
        {
            if (body is null)
                return error!;

            if (await MultipartForm.ReadAsync(http.Request.ContentType, body.Written, ChunkBytes, cancellationToken) is not { } form
                || form.Files.Count > ChunksPerRequest)
                return ApiResults.BadRequest($"Send a form with at most {ChunksPerRequest} files");

            var chunks = new List<byte[]>();
            foreach (var (field, item) in form.Files)
            {
                if (item.TooLarge || ReadChunk(field, item.Payload, item.Header.Filename) is not { } chunk)
                    return ApiResults.BadRequest($"A chunk has more than {ChunkBytes} bytes, or its name is not the SHA-1 of its bytes");

                chunks.Add(chunk);
            }

            foreach (var chunk in chunks)
                files.AddChunk(chunk);

            return TypedResults.Ok(new EmptyJson());
        }
    }

    /// <summary>A chunk's bytes; null when they are not what their name says. Some uploaders compress without saying so.</summary>
    private static byte[]? ReadChunk(string field, ReadOnlyMemory<byte> sent, string? name)
    {
        var raw = field == "file_gzip" ? null : sent.ToArray();
        if (raw is not null && ArtifactFiles.ChecksumOf(raw) == name)
            return raw;

        return Inflate(sent) is { } inflated && ArtifactFiles.ChecksumOf(inflated) == name ? inflated : null;
    }

    private static byte[]? Inflate(ReadOnlyMemory<byte> gzip)
    {
        using var from = new GZipStream(new MemoryStream(gzip.ToArray()), CompressionMode.Decompress);
        using var to = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            while (from.Read(buffer) is var read and > 0)
            {
                if (to.Length + read > ChunkBytes)
                    return null;

                to.Write(buffer, 0, read);
            }
        }
        catch (InvalidDataException)
        {
            return null;
        }

        return to.ToArray();
    }

    private static async Task<IResult> AssembleAsync(HttpRequest request, ApiCaller caller, CancellationToken cancellationToken)
    {
        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken);
        if (body is null || !body.TryGetText("checksum", out var checksum, out problem) || !body.TryGetNames("chunks", out var chunks, out problem)
            || !body.TryGetNames("projects", out var names, out problem) || !body.TryGetText("version", out var version, out problem)
            || !body.TryGetText("dist", out var dist, out problem))
            return ApiResults.BadRequest(problem!);

        var projectIds = new List<long>();
        foreach (var name in names ?? [])
        {
            if (await caller.FindProjectAsync(name, cancellationToken) is not { } found)
                return ApiResults.NotFound();

            projectIds.Add(found.Id);
        }

        var result = await caller.SendAsync(
            scope => new AssembleBundle(scope, projectIds, checksum ?? "", chunks ?? [], version ?? "", dist ?? ""), cancellationToken);
        return result.Value is { } assembly
            ? TypedResults.Ok(new AssemblyJson(assembly.State, assembly.MissingChunks, assembly.Detail))
            : ApiResults.Of(result);
    }
}

internal sealed record ChunkOptionsJson(
    string Url, int ChunkSize, int ChunksPerRequest, long MaxFileSize, int MaxRequestSize, int Concurrency, string HashAlgorithm,
    string[] Compression, string[] Accept);

internal sealed record AssembleJson(string Checksum, string[] Chunks, string[] Projects, string? Version, string? Dist);

internal sealed record AssemblyJson(string State, IReadOnlyList<string> MissingChunks, string? Detail);

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using ErrorHub.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.SourceMaps;

/// <summary>
/// Uploaded chunks, and the bundles that are put together of them, under <c>artifacts</c> in the data directory. A chunk is named by the
/// SHA-1 of its bytes, which is checked before anything is named so; a bundle by our own id.
/// </summary>
public sealed class ArtifactFiles(string dataDirectory)
{
    private readonly string _chunks = Path.Combine(Path.GetFullPath(dataDirectory), "artifacts", "chunks");
    private readonly string _bundles = Path.Combine(Path.GetFullPath(dataDirectory), "artifacts", "bundles");

    /// <summary>True for 40 lower-case hexadecimal digits.</summary>
    public static bool IsChecksum(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);

    /// <summary>SHA-1 in hex.</summary>
    [SuppressMessage("Security", "CA5350", Justification = "The protocol's name for a chunk; nothing trusts it to be unforgeable.")]
    public static string ChecksumOf(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA1.HashData(bytes));

    /// <summary>Keeps a chunk under its own checksum; when it returns, the bytes are on disk.</summary>
    /// <exception cref="IOException">The disk refuses.</exception>
    public void AddChunk(ReadOnlySpan<byte> bytes)
    {
        Directory.CreateDirectory(_chunks);
        var path = ChunkPath(ChecksumOf(bytes));
        // Written whole under another name first: an upload of the same chunk at the same time must not meet half of it.
        var fresh = Path.Combine(_chunks, $".{Guid.NewGuid():N}");
        using (var file = new FileStream(fresh, FileMode.CreateNew, FileAccess.Write))
        {
            file.Write(bytes);
            DurableFile.Flush(file);
        }

        File.Move(fresh, path, overwrite: true);
        DurableFile.FlushDirectory(_chunks);
    }

    /// <summary>The chunks that are not here.</summary>
    public IReadOnlyList<string> Missing(IEnumerable<string> checksums) => [.. checksums.Distinct().Where(checksum => !File.Exists(ChunkPath(checksum)))];

    /// <summary>Bytes of a chunk; 0 when it is not here.</summary>
    public long SizeOf(string checksum) => new FileInfo(ChunkPath(checksum)) is { Exists: true } file ? file.Length : 0;

    /// <summary>Puts a bundle together of chunks that are here.</summary>
    /// <returns>Its size; null when it is not what the checksum says, and then nothing is left of it.</returns>
    /// <exception cref="IOException">The disk refuses, or a chunk was removed meanwhile.</exception>
    [SuppressMessage("Security", "CA5350", Justification = "The protocol's name for a bundle; nothing trusts it to be unforgeable.")]
    public long? Assemble(long projectId, Guid id, IEnumerable<string> chunks, string checksum)
    {
        var path = BundlePath(projectId, id);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        long bytes;
        using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write))
        {
            foreach (var chunk in chunks)
            {
                var part = File.ReadAllBytes(ChunkPath(chunk));
                hash.AppendData(part);
                file.Write(part);
            }

            bytes = file.Length;
            DurableFile.Flush(file);
        }

        if (Convert.ToHexStringLower(hash.GetHashAndReset()) == checksum)
        {
            DurableFile.FlushDirectory(Path.GetDirectoryName(path)!);
            return bytes;
        }

        File.Delete(path);
        return null;
    }

    /// <summary>Removes a bundle.</summary>
    public void Delete(long projectId, Guid id)
    {
        if (File.Exists(BundlePath(projectId, id)))
            File.Delete(BundlePath(projectId, id));
    }

    /// <summary>Every bundle on disk.</summary>
    public IEnumerable<(long ProjectId, Guid Id)> Bundles()
    {
        if (!Directory.Exists(_bundles))
            yield break;

        foreach (var project in Directory.EnumerateDirectories(_bundles))
        {
            if (!long.TryParse(Path.GetFileName(project), NumberStyles.None, CultureInfo.InvariantCulture, out var projectId))
                continue;

            foreach (var file in Directory.EnumerateFiles(project))
            {
                if (Guid.TryParseExact(Path.GetFileName(file), "N", out var id))
                    yield return (projectId, id);
            }
        }
    }

    /// <summary>Removes chunks that were uploaded before a time; their bundles have their own copy.</summary>
    public int RemoveChunks(DateTimeOffset before)
    {
        var removed = 0;
        foreach (var chunk in Directory.Exists(_chunks) ? Directory.EnumerateFiles(_chunks) : [])
        {
            if (File.GetLastWriteTimeUtc(chunk) >= before.UtcDateTime)
                continue;

            File.Delete(chunk);
            removed++;
        }

        return removed;
    }

    private string ChunkPath(string checksum) =>
        IsChecksum(checksum) ? Path.Combine(_chunks, checksum) : throw new ArgumentException("This is no checksum.", nameof(checksum));

    private string BundlePath(long projectId, Guid id) =>
        Path.Combine(_bundles, projectId.ToString(CultureInfo.InvariantCulture), id.ToString("N"));
}

/// <summary>Registers what keeps uploaded artifacts.</summary>
public static class SourceMapsModule
{
    /// <summary>Adds the files.</summary>
    /// <param name="services">The services.</param>
    /// <param name="dataDirectory">Where the directory <c>artifacts</c> is made.</param>
    public static IServiceCollection AddSourceMaps(this IServiceCollection services, string dataDirectory) =>
        services.AddSingleton(new ArtifactFiles(dataDirectory));
}

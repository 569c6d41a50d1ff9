using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace ErrorHub.Fuzz.Seeding;

/// <summary>Reads the corpora beside this repository: files, and files of lines that hold bytes in base64.</summary>
internal static class CorpusFiles
{
    /// <summary>One file, or every file below a folder: whole, then every line of a .jsonl file, then the bytes such a line holds.</summary>
    internal static IEnumerable<(string Name, byte[] Bytes)> Inputs(string path)
    {
        string[] files = File.Exists(path) ? [path] : Directory.GetFiles(path, "*", SearchOption.AllDirectories);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            yield return (file, File.ReadAllBytes(file));
            if (!file.EndsWith(".jsonl", StringComparison.Ordinal))
                continue;

            foreach (var (number, line) in File.ReadLines(file).Index())
            {
                var name = $"{file}:{number + 1}";
                yield return (name, Encoding.UTF8.GetBytes(line));
                if (BytesOf(line) is { } bytes)
                    yield return (name + " (b64)", bytes);
            }
        }
    }

    /// <summary>The bytes of a line such as <c>{"name": …, "b64": …}</c>, or null.</summary>
    internal static byte[]? BytesOf(string line)
    {
        using var document = JsonDocument.Parse(line);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            return null;

        if (document.RootElement.TryGetProperty("b64", out var plain) && plain.ValueKind == JsonValueKind.String)
            return plain.GetBytesFromBase64();

        if (!document.RootElement.TryGetProperty("gz_b64", out var zipped) || zipped.ValueKind != JsonValueKind.String)
            return null;

        using var stream = new GZipStream(new MemoryStream(zipped.GetBytesFromBase64()), CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        stream.CopyTo(inflated);
        return inflated.ToArray();
    }

    /// <summary>Only the bytes that the lines of a .jsonl file hold.</summary>
    internal static IEnumerable<byte[]> Lines(string path) => File.ReadLines(path).Select(BytesOf).OfType<byte[]>();
}

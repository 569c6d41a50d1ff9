using System.Text.Json;

namespace ErrorHub.Tests;

/// <summary>The corpora beside the repository; their licences differ, so they are read from there and never copied.</summary>
internal static class SharedData
{
    private static readonly Lazy<string?> Root = new(Find);

    /// <summary>A folder or file below <c>shared/data</c>; skips the test where the corpora are not there.</summary>
    internal static string PathOf(string path)
    {
        Assert.SkipWhen(Root.Value is null, "The folder 'shared' with the corpora is not beside this repository.");
        return Path.Combine(Root.Value!, "data", path);
    }

    /// <summary>One file, or every file below a folder: whole, then every line of a .jsonl file, then the bytes such a line holds in base64.</summary>
    internal static IEnumerable<(string Name, byte[] Bytes)> Inputs(string path)
    {
        var root = PathOf(path);
        string[] files = File.Exists(root) ? [root] : Directory.GetFiles(root, "*", SearchOption.AllDirectories);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            yield return (file, File.ReadAllBytes(file));
            if (!file.EndsWith(".jsonl", StringComparison.Ordinal))
                continue;

            foreach (var (number, line) in File.ReadLines(file).Index())
            {
                var name = $"{file}:{number + 1}";
                yield return (name, System.Text.Encoding.UTF8.GetBytes(line));
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

        using var stream = new System.IO.Compression.GZipStream(
            new MemoryStream(zipped.GetBytesFromBase64()), System.IO.Compression.CompressionMode.Decompress);
        using var inflated = new MemoryStream();
        stream.CopyTo(inflated);
        return inflated.ToArray();
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var shared = Path.Combine(folder.FullName, "shared");
            if (File.Exists(Path.Combine(shared, "docs", "contract.md")))
                return shared;
        }

        return null;
    }
}

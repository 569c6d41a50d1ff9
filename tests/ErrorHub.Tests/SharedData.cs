using ErrorHub.Fuzz.Seeding;

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
    internal static IEnumerable<(string Name, byte[] Bytes)> Inputs(string path) => CorpusFiles.Inputs(PathOf(path));

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

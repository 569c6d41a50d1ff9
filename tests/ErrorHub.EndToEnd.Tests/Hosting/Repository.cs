namespace ErrorHub.EndToEnd.Tests.Hosting;

/// <summary>Where things lie in the clone these tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The published program; <c>tests/run</c> publishes it and names its folder.</summary>
    public static string Program
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("ERRORHUB_PUBLISHED") ?? Path.Combine(Root, "artifacts", "errorhub");
            var program = Path.Combine(folder, "errorhub");
            return File.Exists(program)
                ? program
                : throw new FileNotFoundException($"Publish first: dotnet publish web -c Release -o {folder}", program);
        }
    }

    public static string Sdks => Path.Combine(Root, "tests", "ErrorHub.EndToEnd.Tests", "Sdks");

    public static string Fixtures => Path.Combine(Root, "tests", "Fixtures");

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ErrorHub.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"No ErrorHub.sln above {AppContext.BaseDirectory}");
        return folder.FullName;
    }
}

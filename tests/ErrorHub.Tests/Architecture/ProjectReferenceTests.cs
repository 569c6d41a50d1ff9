using System.Xml.Linq;

namespace ErrorHub.Tests.Architecture;

/// <summary>The dependency rule as the project files state it: Protocol ← ErrorHub ← Storage.X ← Migrations.X ← web.</summary>
public sealed class ProjectReferenceTests
{
    // A package that only one side of a wall may use, by the beginning of its name.
    private static readonly string[] Providers = ["Npgsql", "Microsoft.EntityFrameworkCore.Sqlite", "Microsoft.Data.Sqlite", "EFCore.NamingConventions"];
    private static readonly string[] Hosting = ["Hangfire", "Microsoft.AspNetCore.OpenApi", "Microsoft.FluentUI", "OpenTelemetry"];

    private static readonly string Root = FindRoot();

    [Theory]
    [InlineData("src/ErrorHub.Protocol/ErrorHub.Protocol.csproj")]
    [InlineData("src/ErrorHub/ErrorHub.csproj", "ErrorHub.Protocol")]
    [InlineData("src/ErrorHub.Storage.PostgreSql/ErrorHub.Storage.PostgreSql.csproj", "ErrorHub")]
    [InlineData("src/ErrorHub.Storage.Sqlite/ErrorHub.Storage.Sqlite.csproj", "ErrorHub")]
    [InlineData("migrations/PostgreSql/ErrorHub.Migrations.PostgreSql.csproj", "ErrorHub.Storage.PostgreSql")]
    [InlineData("migrations/Sqlite/ErrorHub.Migrations.Sqlite.csproj", "ErrorHub.Storage.Sqlite")]
    [InlineData("web/ErrorHub.Web.csproj", "ErrorHub.Migrations.PostgreSql", "ErrorHub.Migrations.Sqlite")]
    public void Project_References_OnlyItsNeighbour(string project, params string[] neighbours) => Assert.Equal(
        neighbours,
        Of(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/'))).Order(StringComparer.Ordinal));

    [Fact]
    public void ShippedProjects_AreTheSevenOfTheRule() => Assert.Equal(
        7, new[] { "src", "migrations", "web" }.Sum(f => Directory.EnumerateFiles(Path.Combine(Root, f), "*.csproj", SearchOption.AllDirectories).Count()));

    [Fact]
    public void Protocol_UsesNoPackage() => Assert.Empty(Of("src/ErrorHub.Protocol/ErrorHub.Protocol.csproj", "PackageReference"));

    [Fact]
    public void Core_UsesNeitherAProviderNorTheWebFramework()
    {
        const string Core = "src/ErrorHub/ErrorHub.csproj";

        Assert.DoesNotContain(Of(Core, "PackageReference"), package => StartsWithAny(package, [.. Providers, .. Hosting]));
        Assert.Empty(Of(Core, "FrameworkReference"));
    }

    [Theory]
    [InlineData("src/ErrorHub.Storage.PostgreSql/ErrorHub.Storage.PostgreSql.csproj", "Sqlite")]
    [InlineData("src/ErrorHub.Storage.Sqlite/ErrorHub.Storage.Sqlite.csproj", "PostgreSQL")]
    public void Storage_UsesOneProvider(string project, string other)
    {
        var packages = Of(project, "PackageReference");

        Assert.Contains(packages, package => StartsWithAny(package, Providers));
        Assert.DoesNotContain(packages, package => package.Contains(other, StringComparison.OrdinalIgnoreCase) || StartsWithAny(package, Hosting));
    }

    private static List<string> Of(string project, string element) =>
        [.. XDocument.Load(Path.Combine(Root, project)).Descendants(element).Select(e => (string)e.Attribute("Include")!)];

    private static bool StartsWithAny(string package, string[] prefixes) =>
        Array.Exists(prefixes, prefix => package.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "ErrorHub.sln")))
                return folder.FullName;

        throw new InvalidOperationException("The tests run outside the repository: no ErrorHub.sln above " + AppContext.BaseDirectory);
    }
}

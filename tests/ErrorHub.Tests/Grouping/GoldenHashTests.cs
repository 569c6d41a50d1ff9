using System.Text;
using ErrorHub.Grouping;
using ErrorHub.Protocol.Envelopes;
using ErrorHub.Tests.Normalization;

namespace ErrorHub.Tests.Grouping;

/// <summary>
/// Stored hashes identify issues. When this fails, the algorithm or its rules changed and need a new <see cref="Grouper.Version"/>, and
/// its file of hashes, which <c>ERRORHUB_UPDATE_FIXTURES=1</c> writes; those of old versions stay.
/// </summary>
public sealed class GoldenHashTests
{
    [Fact]
    public void HashesOf_RecordedFixtures_AreThoseOfTheirVersion()
    {
        var folder = Folder();
        var hashes = Directory.GetFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => file.EndsWith(".envelope", StringComparison.Ordinal) || file.EndsWith(".store", StringComparison.Ordinal))
            .Select(file => (Name: Path.GetRelativePath(folder, file).Replace('\\', '/'), Json: EventIn(file)))
            .OrderBy(fixture => fixture.Name, StringComparer.Ordinal)
            .Select(fixture => (fixture.Name, Hashes: Grouper.HashesOf(Normalized.Event(fixture.Json))))
            .Select(fixture => $"{fixture.Name} {fixture.Hashes.Identity} {fixture.Hashes.Strict} {fixture.Hashes.Family}");

        // A line for each recording: its name, identity, strict and family hash.
        var golden = Path.Combine(folder, $"grouping-{Grouper.Version}.txt");
        if (Environment.GetEnvironmentVariable("ERRORHUB_UPDATE_FIXTURES") == "1" && !File.Exists(golden))
            File.WriteAllLines(golden, hashes);

        Assert.Equal(File.ReadAllLines(golden), hashes);
    }

    private static string EventIn(string file)
    {
        var bytes = File.ReadAllBytes(file);
        return file.EndsWith(".store", StringComparison.Ordinal) || !EnvelopeReader.TryRead(bytes, EnvelopeLimits.Default, out var envelope, out _)
            ? Encoding.UTF8.GetString(bytes)
            : Encoding.UTF8.GetString(envelope.Items.First(item => item.Header.IsEvent).Payload.Span);
    }

    private static string Folder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); ; folder = folder.Parent!)
            if (Directory.Exists(Path.Combine(folder.FullName, "tests", "Fixtures")))
                return Path.Combine(folder.FullName, "tests", "Fixtures");
    }
}

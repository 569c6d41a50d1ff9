using System.Text;
using ErrorHub.Fuzz.Seeding;
using ErrorHub.Fuzz.Targets;

namespace ErrorHub.Tests.Fuzz;

/// <summary>
/// The bodies of the fuzz targets (tests/Fuzz) over what the repository holds itself. `tests/run --fuzz` gives them the millions
/// of inputs that nobody thought of.
/// </summary>
public sealed class FuzzTargetTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("envelope")]
    [InlineData("event")]
    [InlineData("store")]
    [InlineData("body")]
    [InlineData("auth")]
    public void Target_EveryFixture_KeepsItsPromises(string target)
    {
        var run = FuzzTargets.Find(target)!;

        foreach (var (_, bytes) in CorpusFiles.Inputs(FixtureFolder))
            run(bytes);
    }

    [Fact]
    public void Envelope_OfAnSdk_IsRead() =>
        Assert.All(CorpusFiles.Inputs(FixtureFolder).Where(f => f.Name.EndsWith(".envelope", StringComparison.Ordinal)), f => Assert.True(EnvelopeTarget.Run(f.Bytes)));

    [Fact]
    public void Envelope_WithEveryOtherItem_IsRead()
    {
        var body = new StringBuilder("{}\n");
        foreach (var (type, payload) in Seeds.OtherItems)
            body.Append($$"""{"type":"{{type}}"}""").Append('\n').Append(payload).Append('\n');

        Assert.True(EnvelopeTarget.Run(Encoding.UTF8.GetBytes(body.ToString())));
    }

    [Fact]
    public void Event_OfAnSdk_IsRead() =>
        Assert.All(CorpusFiles.Inputs(FixtureFolder).Where(f => f.Name.EndsWith(".store", StringComparison.Ordinal)), f => Assert.True(EventTarget.Run(f.Bytes)));

    [Theory]
    [InlineData("""{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}""", true)]
    [InlineData("sentry_data=%7B%22message%22%3A%22hi%22%7D", true)]
    [InlineData("<html>", false)]
    public void Store_Body_IsReadOrRefused(string body, bool read) => Assert.Equal(read, StoreTarget.Run(Encoding.UTF8.GetBytes(body)));

    [Theory]
    [InlineData("identity", true)]
    [InlineData("gzip", true)]
    [InlineData("lzma", false)]
    [InlineData("gzip,gzip,gzip,gzip", false)]
    public void Body_OfACoding_IsReadOrRefused(string coding, bool read) => Assert.Equal(read, BodyTarget.Run(Encoding.UTF8.GetBytes(coding + "\nhi")));

    [Theory]
    [InlineData($"Sentry sentry_version=7, sentry_client=sentry.dotnet/6.12.1,sentry_key={Key}", true)]
    [InlineData($"\n\n{Key}\n7\n", true)]
    [InlineData($"https://{Key}@errorhub.example/7", false)]
    public void Auth_Lines_NameASenderOrNobody(string lines, bool sender) => Assert.Equal(sender, AuthTarget.Run(Encoding.UTF8.GetBytes(lines)));

    [Fact]
    public void Promise_Broken_IsAFinding() => Assert.Throws<PromiseBrokenException>(() => Promise.IsStorable("half \ud83d", 10, "a text"));

    private static string FixtureFolder
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ErrorHub.sln")))
                folder = folder.Parent;

            return Path.Combine(folder!.FullName, "tests", "Fixtures");
        }
    }
}

using System.Text;
using System.Text.Json;
using ErrorHub.Scrubbing;
using ErrorHub.Scrubbing.Compat;

namespace ErrorHub.Tests.Scrubbing.Compat;

/// <summary>The vectors of the profile of Sentry beside the repository: what Relay makes of texts and events, remarks included.</summary>
public class RelayVectorTests(ITestOutputHelper output)
{
    [Fact]
    public void Scrub_TextsOfOneRule_BecomeWhatRelayMakesOfThem()
    {
        var wrong = new List<string>();
        var seen = 0;
        foreach (var vector in Vectors("text"))
        {
            seen++;
            var rule = vector.GetProperty("rule").GetString();
            var input = JsonSerializer.Serialize(new { extra = new { value = vector.GetProperty("input").GetString() } });
            var scrubbed = Scrub(input, Config($$$"""{"applications":{"$string":["{{{rule}}}"]}}"""));
            var text = scrubbed.GetProperty("extra").GetProperty("value").GetString();
            var remarks = scrubbed.TryGetProperty("_meta", out var meta) ? meta.GetProperty("extra").GetProperty("value").GetProperty("").GetProperty("rem").GetRawText() : "[]";
            if (text != vector.GetProperty("expected").GetString())
                wrong.Add($"{vector.GetProperty("id")}: {text}");
            if (vector.TryGetProperty("remarks", out var expected) && expected.ValueKind == JsonValueKind.Array && JsonSerializer.Serialize(expected) != remarks)
                wrong.Add($"{vector.GetProperty("id")}: {remarks}");
        }

        output.WriteLine($"{seen} texts, {wrong.Count} wrong");
        Assert.Empty(wrong);
        Assert.True(seen > 100);
    }

    [Fact]
    public void Scrub_Events_BecomeWhatRelayMakesOfThem()
    {
        var wrong = new List<string>();
        var seen = 0;
        foreach (var vector in Vectors("event"))
        {
            seen++;
            var config = vector.TryGetProperty("piiConfig", out var pii) ? Config(pii.GetRawText()) : DataScrubberConfig.Of(Settings(vector.GetProperty("settings")));
            var scrubbed = Scrub(vector.GetProperty("input").GetRawText(), config);
            var expected = vector.GetProperty("expected");
            foreach (var property in expected.EnumerateObject())
                if (!JsonElement.DeepEquals(property.Value, scrubbed.GetProperty(property.Name)))
                    wrong.Add($"{vector.GetProperty("id")}: {scrubbed.GetProperty(property.Name)}");

            if (vector.TryGetProperty("expected_meta", out var meta) && meta.ValueKind == JsonValueKind.Object)
                AddMissing(vector.GetProperty("id").ToString(), meta, scrubbed.GetProperty("_meta"), wrong);
        }

        output.WriteLine($"{seen} events, {wrong.Count} wrong");
        Assert.Empty(wrong);
        Assert.True(seen > 50);
    }

    // What is expected of _meta is a part of it.
    private static void AddMissing(string path, JsonElement expected, JsonElement actual, List<string> wrong)
    {
        foreach (var property in expected.EnumerateObject())
            if (!actual.TryGetProperty(property.Name, out var found))
                wrong.Add($"{path}.{property.Name} is missing");
            else if (property.Value.ValueKind == JsonValueKind.Object)
                AddMissing($"{path}.{property.Name}", property.Value, found, wrong);
            else if (!JsonElement.DeepEquals(property.Value, found))
                wrong.Add($"{path}.{property.Name}: {found}");
    }

    private static ScrubbingSettings Settings(JsonElement settings) => new ScrubbingSettings
    {
        Profile = ScrubbingProfile.SentryCompat,
        DataScrubber = settings.GetProperty("scrubData").GetBoolean(),
        DataScrubberDefaults = settings.GetProperty("scrubDefaults").GetBoolean(),
        IpAddresses = settings.GetProperty("scrubIpAddresses").GetBoolean() ? AddressHandling.Remove : AddressHandling.Keep,
        SensitiveKeys = [.. settings.GetProperty("sensitiveFields").EnumerateArray().Select(f => f.GetString()!)],
        SafeKeys = [.. settings.GetProperty("excludeFields").EnumerateArray().Select(f => f.GetString()!)],
    }.Tidy();

    private static PiiConfig Config(string json)
    {
        var (config, problems) = PiiConfigReader.Read(json);
        Assert.Empty(problems);
        return config;
    }

    private static JsonElement Scrub(string json, PiiConfig config)
    {
        var run = ScrubbingRun.Begin(TimeSpan.FromSeconds(5), ScrubbingPolicy.Strict);
        using var document = JsonDocument.Parse(CompatScrubber.Scrub(Encoding.UTF8.GetBytes(json), [config], run));
        return document.RootElement.Clone();
    }

    private static IEnumerable<JsonElement> Vectors(string kind)
    {
        // A clone of the repository alone has no vectors; CompatScrubberTests has others.
        Assert.SkipUnless(File.Exists(SharedData.PathOf("pii/vectors.json")), "../shared/data/pii/vectors.json is not there.");
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("pii/vectors.json")));
        return [.. document.RootElement.GetProperty("vectors").EnumerateArray()
            .Where(v => v.GetProperty("profile").GetString() == "sentry-compat" && v.GetProperty("kind").GetString() == kind).Select(v => v.Clone())];
    }
}

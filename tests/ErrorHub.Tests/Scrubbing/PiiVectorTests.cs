using System.Text.Json;
using ErrorHub.Scrubbing;

namespace ErrorHub.Tests.Scrubbing;

/// <summary>The vectors of the strict profile beside the repository: samples of classes, which other samples check.</summary>
public class PiiVectorTests(ITestOutputHelper output)
{
    [Fact]
    public void Scrub_StrictTexts_LeakNothingAndChangeNoOther()
    {
        var (leaks, overScrubbed, negatives) = (new List<string>(), new List<string>(), 0);
        foreach (var vector in Vectors("text"))
        {
            var (id, input) = (Text(vector, "id"), Text(vector, "input"));
            var scrubbed = ValueScrubber.Scrub(input, TextPlace.Prose);
            negatives += vector.GetProperty("negative").GetBoolean() ? 1 : 0;
            if (vector.GetProperty("negative").GetBoolean() && scrubbed != input)
                overScrubbed.Add($"{id}: {input} -> {scrubbed}");

            leaks.AddRange(List(vector, "must_not_contain").Where(secret => scrubbed.Contains(secret, StringComparison.Ordinal)).Select(_ => $"{id}: {input} -> {scrubbed}"));
            overScrubbed.AddRange(List(vector, "must_contain").Where(kept => !scrubbed.Contains(kept, StringComparison.Ordinal)).Select(_ => $"{id}: {input} -> {scrubbed}"));
        }

        output.WriteLine($"{leaks.Count} leaks, {overScrubbed.Count} over-scrubbed, {negatives} negatives");
        Assert.Empty(leaks);
        Assert.Empty(overScrubbed);
        Assert.True(negatives > 10);
    }

    [Fact]
    public void Scrub_StrictEvents_BecomeWhatIsExpected()
    {
        // Source lines are told from other texts by the event's model only: EventScrubberTests has their case.
        var vectors = Vectors("event").Where(v => !v.GetProperty("input").GetRawText().Contains("context_line", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(vectors);
        foreach (var vector in vectors)
            Assert.Equal(JsonSerializer.Serialize(vector.GetProperty("expected")), JsonSerializer.Serialize(JsonScrubber.Scrub(vector.GetProperty("input"))));
    }

    private static IEnumerable<JsonElement> Vectors(string kind)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf("pii/vectors.json")));
        return [.. document.RootElement.GetProperty("vectors").EnumerateArray()
            .Where(v => Text(v, "profile") == "errorhub-strict" && Text(v, "kind") == kind).Select(v => v.Clone())];
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static IEnumerable<string> List(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(e => e.GetString()!);
}

using System.Text;
using System.Text.Json;
using ErrorHub.Fuzz.Seeding;
using ErrorHub.Grouping;
using ErrorHub.Protocol.Envelopes;
using ErrorHub.Tests.Normalization;

namespace ErrorHub.Tests.Corpora;

/// <summary>
/// Everything of the corpora beside this repository through the pure part of an event's way: nothing throws, time and memory stay
/// bounded, and what is stored reads back the same.
/// </summary>
public sealed class CorporaTests
{
    private static readonly string[] Attributes =
    [
        "event_id", "timestamp", "platform", "level", "logger", "logentry", "message", "transaction", "server_name", "release", "dist",
        "environment", "tags", "user", "request", "exception", "stacktrace", "threads", "breadcrumbs", "contexts", "extra", "modules", "sdk",
        "fingerprint", "errors", "debug_meta", "type", "checksum", "culprit", "site", "wat",
    ];

    [Fact]
    public void EveryBadInput_AsABody_IsReadOrRefused()
    {
        var events = SharedData.Inputs("badinput").Sum(input => PurePath.Run(input.Name, input.Bytes));

        Assert.True(events > 100, $"only {events} events were read");
    }

    [Fact]
    public void EveryAuthoredEnvelope_IsReadOrRefusedAsItsNoteSays()
    {
        foreach (var line in File.ReadLines(SharedData.PathOf("badinput/authored/envelopes.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            var (name, expected) = (document.RootElement.GetProperty("name").GetString()!, document.RootElement.GetProperty("expect").GetString()!);
            var read = EnvelopeReader.TryRead(CorpusFiles.BytesOf(line)!, EnvelopeLimits.Default, out var envelope, out _);

            // Other notes leave the choice, such as "400 or dropped".
            if (expected.StartsWith("200, stored", StringComparison.Ordinal))
                Assert.True(read && PurePath.Process(name, Assert.Single(envelope!.Items).Payload), $"{name}: {expected}");
            else if (expected is "400" || (expected.StartsWith("200", StringComparison.Ordinal) && !expected.Contains("400", StringComparison.Ordinal)))
                Assert.True(read == (expected is not "400"), $"{name}: {expected}");
        }
    }

    [Fact]
    public void EveryBadJson_AsEachAttributeOfAnEvent_IsReadOrLeftOut()
    {
        // Large inputs test limits, and do that once above.
        const int MaxBytes = 4_096;
        var inputs = SharedData.Inputs("badinput/json-nst")
            .Concat(SharedData.Inputs("badinput/gofuzz/json.jsonl").Where(input => input.Name.EndsWith("(b64)", StringComparison.Ordinal)));

        var events = 0;
        foreach (var (name, json) in inputs.Where(input => input.Bytes.Length <= MaxBytes))
        {
            byte[] e = [.. "{"u8, .. Attributes.SelectMany(a => (byte[])[.. Encoding.UTF8.GetBytes($"\"{a}\":"), .. json, (byte)',']), .. "\"last\":1}"u8];
            events += PurePath.Process(name, e) ? 1 : 0;
        }

        Assert.True(events > 300, $"only {events} events were read");
    }

    [Theory]
    [InlineData("badinput/blns/blns.json")]
    [InlineData("badinput/authored/strings.json")]
    public void EveryNaughtyString_AsEachTextOfAnEvent_IsKept(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedData.PathOf(file)));
        foreach (var text in Strings(document.RootElement))
        {
            var s = JsonSerializer.Serialize(text);
            Assert.True(PurePath.Process(text, Encoding.UTF8.GetBytes($$$"""
                {"message":{{{s}}},"platform":{{{s}}},"release":{{{s}}},"environment":{{{s}}},"transaction":{{{s}}},"logger":{{{s}}},"fingerprint":[{{{s}}}],
                 "tags":[["a",{{{s}}}],[{{{s}}},"b"]],"user":{"id":{{{s}}},"email":{{{s}}},"ip_address":{{{s}}},"data":{{{{s}}}:{{{s}}} } },
                 "request":{"url":{{{s}}},"query_string":{{{s}}},"cookies":{{{s}}},"headers":{{{{s}}}:{{{s}}} } },"extra":{{{{s}}}:{{{s}}} },
                 "contexts":{{{{s}}}:{"name":{{{s}}} } },"breadcrumbs":[{"message":{{{s}}},"category":{{{s}}} }],
                 "exception":[{"type":{{{s}}},"value":{{{s}}},"module":{{{s}}},"stacktrace":{"frames":[{"function":{{{s}}},"module":{{{s}}},
                  "filename":{{{s}}},"abs_path":{{{s}}},"context_line":{{{s}}},"vars":{{{{s}}}:{{{s}}} } }]} }]}
                """)));
        }
    }

    [Theory]
    [InlineData("events/samples")]
    [InlineData("events/glitchtip_test_data")]
    public void EverySample_ReadsBackTheSame(string folder)
    {
        var events = 0;
        foreach (var (name, json) in SharedData.Inputs(folder).Where(i => i.Name.EndsWith(".json", StringComparison.Ordinal)))
            events += PurePath.Process(name, json) ? 1 : 0;

        Assert.True(events >= 50, $"only {events} events were read");
    }

    [Theory]
    [InlineData("javascript-xbrowser-")]
    [InlineData("javascript-xbrowser-http-")]
    public void OneError_InFourBrowsers_IsOneIssue(string prefix)
    {
        string[] browsers = ["chrome", "edge", "firefox", "safari"];
        var hashes = browsers
            .Select(browser => File.ReadAllText(SharedData.PathOf($"events/samples/sentry/{prefix}{browser}.json")))
            .Select(json => Grouper.GroupingOf(Normalized.Event(json)).Hash.ToString());

        Assert.Single(hashes.Distinct());
    }

    [Fact]
    public void SamplesOfOneFault_AreOneIssue()
    {
        var faults = Directory.GetFiles(SharedData.PathOf("events/samples/sentry"), "group_*_event_*.json").GroupBy(file => file.Split("_event_")[0]).ToList();

        Assert.True(faults.Count > 5, $"only {faults.Count} faults were found");
        Assert.All(faults, fault => Assert.Single(fault.Select(file => Grouper.GroupingOf(Normalized.Event(File.ReadAllText(file))).Hash.ToString()).Distinct()));
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [element.GetString()!],
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Strings(p.Value)),
        _ => [],
    };
}

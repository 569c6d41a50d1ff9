using System.Buffers;
using System.Text;
using System.Text.Json;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;

namespace ErrorHub.Fuzz.Targets;

/// <summary>An event's JSON through the pure part of its path (docs/path-of-an-event.md, step 4) and back from what is stored.</summary>
internal static class EventTarget
{
    // Of one byte, a raw control character, becomes \u0001 at most, and a path is kept in two attributes. What is added once are
    // defaults, notes on what was left out (50 of some 60 bytes and more), and a message filled in from its template.
    private const int MaxGrowth = 16;
    private const int MaxAddedBytes = 32 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    // Rules whose replacements are no longer than what they find: a text that outgrows its limit is cut, and with it what was done to its end.
    private static readonly ScrubbingPolicy Compat = ScrubbingPolicy.Of(new ScrubbingSettings
    {
        Profile = ScrubbingProfile.SentryCompat,
        Rules = [new OwnRule("number", "[0-9]{8,}"), new OwnRule("after-is", "is (?<secret>[a-z]{10,})")],
        SensitiveKeys = ["name"],
        SafeKeys = ["extra.a.**"],
        IpAddresses = AddressHandling.Truncate,
        Bodies = PartHandling.Mask,
        PiiConfig = """
            {"rules":{"h":{"type":"pattern","pattern":"[ab]{40,}","redaction":{"method":"hash"}}},
             "applications":{"$string":["h","@email:mask"],"$error.value":["@common"],"tags.** || $array":["@anything:replace"]}}
            """,
    });

    private static readonly NormalizationContext Context = new(
        new DateTimeOffset(2026, 7, 1, 10, 0, 0, TimeSpan.Zero), null, "203.0.113.9", new SentrySdk("sentry.fuzz", "1.0"), null);

    /// <summary>Runs the bytes; false when they are no event.</summary>
    internal static bool Run(ReadOnlyMemory<byte> json) => Run(json, null, null);

    /// <summary>Likewise, with what an envelope's header says.</summary>
    internal static bool Run(ReadOnlyMemory<byte> json, DateTimeOffset? sentAt, SentrySdk? sdk)
    {
        var buffer = json.ToArray();
        if (!EventJson.TryParse(buffer, out var e))
            return false;

        // The reader promises to keep nothing of a buffer that goes back to its pool.
        Array.Fill(buffer, (byte)'x');
        EventNormalizer.Apply(e, Context with { SentAt = sentAt, EnvelopeSdk = sdk ?? Context.EnvelopeSdk });
        var hash = Grouper.GroupingOf(e).Hash.ToString();
        Promise.Holds(hash == Grouper.GroupingOf(e).Hash.ToString(), "the same event has the same identity");
        HoldsForLists(EventHeading.Of(e), DerivedTags.Of(e));

        var stored = Write(e);
        Promise.Holds(stored.Length <= (json.Length * MaxGrowth) + MaxAddedBytes, $"{json.Length} bytes grow to no more than a bound, not to {stored.Length}");
        HoldsForJson(stored);
        Promise.Holds(
            PayloadCodec.Decompress(PayloadCodec.Compress(stored), PayloadCodec.Kind, stored.Length).AsSpan().SequenceEqual(stored),
            "what is compressed comes back");

        Promise.Holds(EventJson.TryParse(stored, out var again), "what is stored is an event");
        HoldsSame(stored, Write(again!));
        Promise.Holds(hash == Grouper.GroupingOf(again!).Hash.ToString(), "a stored event has the identity it was stored under");
        HoldsForScrubbed(again!);
        HoldsForCompat(stored);
        return true;
    }

    /// <summary>What really is stored.</summary>
    private static void HoldsForScrubbed(SentryEvent e)
    {
        EventScrubber.Scrub(e);
        Promise.Holds(e.Errors.TrueForAll(note => note.Type != "scrubbing_failed"), "scrubbing never fails");
        var hash = Grouper.GroupingOf(e).Hash.ToString();
        HoldsForLists(EventHeading.Of(e), DerivedTags.Of(e));
        var stored = Write(e);
        HoldsForJson(stored);
        EventScrubber.Scrub(e);
        HoldsSame(stored, Write(e));
        Promise.Holds(EventJson.TryParse(stored, out var again), "what is scrubbed is an event");
        Promise.Holds(hash == Grouper.GroupingOf(again!).Hash.ToString(), "a scrubbed event has the identity it was stored under");
    }

    /// <summary>Likewise what is stored of it by Sentry's rules and a project's own.</summary>
    private static void HoldsForCompat(byte[] read)
    {
        // It reads and writes the JSON once more each time, which for large events is most of a run.
        const int MaxBytes = 64 * 1024;
        if (read.Length > MaxBytes)
            return;

        Promise.Holds(EventJson.TryParse(read, out var e), "what is stored is an event");
        e = EventScrubber.Scrub(e!, Compat);
        Promise.Holds(!e.Receipt!.Removals.Any(r => r.Rule == "failed"), "scrubbing never fails");
        var stored = Write(e);
        HoldsForJson(stored);
        Promise.Holds(EventJson.TryParse(stored, out var again), "what is scrubbed is an event");
        HoldsSame(stored, Write(EventScrubber.Scrub(again!, Compat)));
    }

    private static byte[] Write(SentryEvent e)
    {
        var output = new ArrayBufferWriter<byte>(4 * 1024);
        EventJson.Write(e, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>These go to columns.</summary>
    private static void HoldsForLists(EventHeading heading, IReadOnlyList<KeyValuePair<string, string>> tags)
    {
        Promise.Holds(heading.Title.Length > 0, "an issue has a title");
        Promise.IsStorable(heading.Title, 256, "the title");
        Promise.IsStorable(heading.Culprit, 200, "the culprit");
        Promise.IsStorable(heading.Type, 128, "the type");
        Promise.IsStorable(heading.Value, 1_024, "the value");
        foreach (var (key, value) in tags)
        {
            Promise.Holds(key.Length > 0 && value.Length > 0, "no tag is empty");
            Promise.IsStorable(key, 200, "a tag's key");
            Promise.IsStorable(value, 200, "a tag's value");
        }

        Promise.Holds(tags.DistinctBy(t => t.Key).Count() == tags.Count, "no tag comes twice");
    }

    /// <summary>JSON that every reader takes, no more than 64 levels deep.</summary>
    private static void HoldsForJson(byte[] stored)
    {
        // It throws at invalid UTF-8 as well.
        using var document = JsonDocument.Parse(stored, Strict);
        if (stored.AsSpan().IndexOf(@"\u0000"u8) < 0)
            return;

        var reader = new Utf8JsonReader(stored);
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName)
                Promise.Holds(!reader.GetString()!.Contains('\0', StringComparison.Ordinal), "no stored text holds U+0000");
    }

    private static void HoldsSame(byte[] stored, byte[] again)
    {
        var at = stored.AsSpan().CommonPrefixLength(again);
        Promise.Holds(
            at == stored.Length && at == again.Length,
            $"what is stored reads back the same:\n{Around(stored, at)}\n{Around(again, at)}");
    }

    private static string Around(byte[] bytes, int at)
    {
        var start = Math.Max(0, at - 60);
        return Encoding.UTF8.GetString(bytes.AsSpan(start, Math.Min(160, bytes.Length - start)));
    }
}

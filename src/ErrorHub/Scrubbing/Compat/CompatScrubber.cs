using System.Buffers;
using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing.Compat;

/// <summary>Scrubs an event as Relay does: by way of its JSON, since selectors speak of that.</summary>
internal static class CompatScrubber
{
    private const int MaxDepth = 160;

    /// <summary>The event without what must go; null when that failed, and then somebody else must scrub it.</summary>
    internal static SentryEvent? Scrub(SentryEvent e, IReadOnlyList<PiiConfig> configs, ScrubbingRun run)
    {
        try
        {
            var json = new ArrayBufferWriter<byte>(16 * 1024);
            EventJson.Write(e, json);
            return EventJson.TryParse(Scrub(json.WrittenMemory, configs, run), out var scrubbed) ? scrubbed : null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            run.LeaveTo(0);
            run.Add("failed", RemovalAction.Dropped, 1);
            return null;
        }
    }

    /// <summary>Likewise the JSON of one.</summary>
    internal static ReadOnlyMemory<byte> Scrub(ReadOnlyMemory<byte> json, IReadOnlyList<PiiConfig> configs, ScrubbingRun run)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        var output = new ArrayBufferWriter<byte>(json.Length);
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = MaxDepth, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        new PiiScrubber(configs, run).Write(writer, document.RootElement);
        writer.Flush();
        return output.WrittenMemory;
    }
}

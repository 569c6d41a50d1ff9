using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ErrorHub.Protocol.Envelopes;

namespace ErrorHub.Fuzz.Targets;

/// <summary>Writes an envelope without any of the liberties that senders take: each item with its length, each line with its end.</summary>
internal static class CanonicalEnvelope
{
    /// <summary>The bytes; null when an item's type, escaped, no longer fits a header.</summary>
    internal static byte[]? Write(IReadOnlyList<EnvelopeItem> items, EnvelopeLimits limits)
    {
        var output = new ArrayBufferWriter<byte>(1_024);
        output.Write("{}\n"u8);
        foreach (var item in items)
        {
            var start = output.WrittenCount;
            WriteHeader(item, output);
            if (output.WrittenCount - start > limits.MaxItemHeaderBytes)
                return null;

            output.Write("\n"u8);
            output.Write(item.Payload.Span);
            output.Write("\n"u8);
        }

        return output.WrittenSpan.ToArray();
    }

    private static void WriteHeader(EnvelopeItem item, ArrayBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        writer.WriteStartObject();
        writer.WriteString("type", item.Header.Type);
        writer.WriteNumber("length", item.Payload.Length);
        writer.WriteEndObject();
    }
}

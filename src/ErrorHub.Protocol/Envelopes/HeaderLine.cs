using System.Globalization;
using System.Text.Json;
using System.Text.Unicode;
using ErrorHub.Protocol.Events;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Envelopes;

/// <summary>Reads the JSON lines between payloads. Attributes of the wrong kind are left out one by one.</summary>
internal static class HeaderLine
{
    // {"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","dsn":"https://…@host/1","sent_at":"2026-07-01T10:00:00Z","sdk":{…}}
    internal static bool TryReadEnvelope(ReadOnlyMemory<byte> line, out EnvelopeHeader header)
    {
        header = new EnvelopeHeader();
        if (!TryParse(line, out var document))
            return false;

        using (document)
        {
            var root = document.RootElement;
            header = new EnvelopeHeader
            {
                EventId = SentryId.TryParse(Text(root, "event_id"), out var id) ? id : null,
                Dsn = Text(root, "dsn"),
                SentAt = root.TryGetProperty("sent_at", out var sentAt) && Timestamps.TryRead(sentAt, out var time) ? time : null,
                Sdk = root.TryGetProperty("sdk", out var sdk) && sdk.ValueKind == JsonValueKind.Object
                    ? new SentrySdk(Text(sdk, "name"), Text(sdk, "version"))
                    : null,
            };
            return true;
        }
    }

    // {"type":"attachment","length":1024,"filename":"view.json","content_type":"application/json"}
    internal static bool TryReadItem(ReadOnlyMemory<byte> line, out ItemHeader header)
    {
        header = new ItemHeader();
        if (!TryParse(line, out var document))
            return false;

        using (document)
        {
            var root = document.RootElement;
            if (!TryReadLength(root, out var length))
                return false;

            header = new ItemHeader
            {
                Type = Text(root, "type") ?? "",
                Length = length,
                Filename = Text(root, "filename"),
                ContentType = Text(root, "content_type"),
                AttachmentType = Text(root, "attachment_type"),
                ItemCount = root.TryGetProperty("item_count", out var count) && count.ValueKind == JsonValueKind.Number
                    && count.TryGetInt32(out var items) && items >= 0 ? items : null,
            };
            return true;
        }
    }

    /// <summary>41, 41.0 and "41" are lengths; a negative or another text would misread everything after it.</summary>
    private static bool TryReadLength(JsonElement header, out long? length)
    {
        length = null;
        if (!header.TryGetProperty("length", out var element) || element.ValueKind == JsonValueKind.Null)
            return true;

        double value;
        switch (element.ValueKind)
        {
            case JsonValueKind.Number when element.TryGetDouble(out value):
            case JsonValueKind.String when double.TryParse(
                element.GetString(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value):
                break;
            default:
                return false;
        }

        if (value is not (>= 0 and <= long.MaxValue / 2) || value != Math.Floor(value))
            return false;

        length = (long)value;
        return true;
    }

    // Only here is invalid UTF-8 refused: what cannot be a header most likely is the payload of a wrong length.
    private static bool TryParse(ReadOnlyMemory<byte> line, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out JsonDocument? document)
    {
        document = null;
        if (!Utf8.IsValid(line.Span) || !LenientJson.TryParse(line, out var parsed))
            return false;

        if (parsed.RootElement.ValueKind == JsonValueKind.Object)
        {
            document = parsed;
            return true;
        }

        parsed.Dispose();
        return false;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}

using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using System.Net;
using System.Text;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Envelopes;

/// <summary>
/// The body of the old store endpoint (protocol.md section 3.3): JSON, base64 of it, base64 of it deflated (raven), or a form
/// field with one of these.
/// </summary>
public static class StoreBody
{
    /// <summary>Finds the event's JSON in a decompressed body; it may still be no valid JSON.</summary>
    /// <param name="body">The body without its Content-Encoding.</param>
    /// <param name="maxBytes">Limit of the JSON, in force while inflating.</param>
    /// <param name="json">The JSON's bytes.</param>
    /// <param name="error">The reason; null when true is returned.</param>
    public static bool TryDecode(
        ReadOnlyMemory<byte> body, int maxBytes, out ReadOnlyMemory<byte> json, [NotNullWhen(false)] out EnvelopeError? error)
    {
        json = Trim(body);
        if (TryGetFormField(json.Span, out var field))
            json = Trim(field);

        error = json switch
        {
            { IsEmpty: true } => new EnvelopeError(false, "empty request body", null),
            _ when json.Span[0] == '{' => null,
            _ => Decode(json.Span, maxBytes, out json),
        };
        if (error is null && json.Length > maxBytes)
            error = TooLarge;

        return error is null;
    }

    private static EnvelopeError TooLarge => new(true, "event too large", null);

    private static EnvelopeError Invalid(string cause) => new(false, "invalid event", cause);

    private static EnvelopeError? Decode(ReadOnlySpan<byte> text, int maxBytes, out ReadOnlyMemory<byte> json)
    {
        json = default;
        if (!TryDecodeBase64(text, out var bytes))
            return Invalid("neither JSON nor base64");

        json = Trim(bytes);
        return json.IsEmpty ? Invalid("nothing inside base64") : json.Span[0] == '{' ? null : Inflate(bytes, maxBytes, out json);
    }

    private static bool TryDecodeBase64(ReadOnlySpan<byte> text, out byte[] bytes)
    {
        // Line ends are folding. A space was a plus sign before a form or query was decoded.
        var standard = new byte[text.Length + 3];
        var length = 0;
        foreach (var c in text)
        {
            if (c is (byte)'\r' or (byte)'\n' or (byte)'\t' or (byte)'=')
                continue;

            standard[length++] = c switch { (byte)'-' or (byte)' ' => (byte)'+', (byte)'_' => (byte)'/', _ => c };
        }

        while (length % 4 != 0 && length < standard.Length)
            standard[length++] = (byte)'=';

        bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(length)];
        if (Base64.DecodeFromUtf8(standard.AsSpan(0, length), bytes, out _, out var written) != System.Buffers.OperationStatus.Done)
            return false;

        Array.Resize(ref bytes, written);
        return true;
    }

    private static EnvelopeError? Inflate(byte[] bytes, int maxBytes, out ReadOnlyMemory<byte> json)
    {
        json = default;
        var buffer = new byte[Math.Min(maxBytes + 1L, Math.Max(4_096, bytes.Length * 8L))];
        var length = 0;
        try
        {
            using var inflated = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
            while (inflated.Read(buffer, length, buffer.Length - length) is var read and > 0)
            {
                length += read;
                if (length > maxBytes)
                    return TooLarge;

                if (length == buffer.Length)
                    Array.Resize(ref buffer, (int)Math.Min(maxBytes + 1L, buffer.Length * 2L));
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            // The latter is ZLibStream's answer to a stream that asks for a dictionary.
            return Invalid("neither JSON nor zlib inside base64");
        }

        json = Trim(buffer.AsMemory(0, length));
        return json.IsEmpty ? Invalid("nothing inside zlib") : null;
    }

    // sentry_data=%7B%22message%22%3A%22hi%22%7D or sentry=eJy…
    private static bool TryGetFormField(ReadOnlySpan<byte> body, out byte[] field)
    {
        foreach (var range in body.Split((byte)'&'))
        {
            var part = body[range];
            foreach (var name in (ReadOnlySpan<string>)["sentry_data=", "sentry="])
            {
                if (!part.StartsWith(Encoding.ASCII.GetBytes(name)))
                    continue;

                var encoded = part[name.Length..].ToArray();
                field = WebUtility.UrlDecodeToBytes(encoded, 0, encoded.Length);
                return true;
            }

            // A JSON body may hold any number of ampersands; the field is among the first parts or nowhere.
            if (part.Length > 0 && part[0] == '{')
                break;
        }

        field = [];
        return false;
    }

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Span.StartsWith(JsonRepair.ByteOrderMark))
            bytes = bytes[JsonRepair.ByteOrderMark.Length..];

        var trimmed = bytes.Span.TrimStart(" \t\r\n\0"u8);
        return bytes[(bytes.Length - trimmed.Length)..];
    }
}

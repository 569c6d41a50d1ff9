using System.Diagnostics.CodeAnalysis;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Envelopes;

/// <summary>
/// Splits an envelope: a header line, then items of a header line and a payload (protocol.md section 4). More lenient than the
/// grammar wherever a real SDK is known to break it.
/// </summary>
public static class EnvelopeReader
{
    private const byte LineFeed = (byte)'\n';

    /// <summary>Reads a decompressed body.</summary>
    /// <param name="body">The whole body; the payloads of <paramref name="envelope"/> point into it.</param>
    /// <param name="limits">Sizes to keep to.</param>
    /// <param name="envelope">The result; null when false is returned.</param>
    /// <param name="error">The reason; null when true is returned.</param>
    public static bool TryRead(
        ReadOnlyMemory<byte> body,
        EnvelopeLimits limits,
        [NotNullWhen(true)] out Envelope? envelope,
        [NotNullWhen(false)] out EnvelopeError? error)
    {
        (envelope, error) = new Reading(body, limits).Read();
        return envelope is not null;
    }

    /// <summary>One pass over one body.</summary>
    private sealed class Reading(ReadOnlyMemory<byte> body, EnvelopeLimits limits)
    {
        private readonly List<EnvelopeItem> _items = [];
        private int _position;
        private int _attachments;
        private long _attachmentBytes;
        private string? _note;

        private bool HasEvent => _items.Exists(i => i.Header.IsEvent);

        internal (Envelope?, EnvelopeError?) Read()
        {
            if (body.Length > limits.MaxEnvelopeBytes)
                return (null, new EnvelopeError(true, "envelope too large", null));

            if (body.Span.StartsWith(JsonRepair.ByteOrderMark))
                _position = JsonRepair.ByteOrderMark.Length;

            SkipBlank();
            if (AtEnd)
                return (null, new EnvelopeError(false, "empty request body", null));

            if (!TryReadLine(limits.MaxHeaderBytes, out var line) || !HeaderLine.TryReadEnvelope(line, out var header))
                return (null, Invalid("invalid envelope header"));

            for (SkipBlank(); !AtEnd; SkipBlank())
                if (ReadItem() is { } error)
                    return (null, error);

            return (new Envelope(header, _items) { Note = _note }, null);
        }

        private bool AtEnd => _position >= body.Length;

        private EnvelopeError? ReadItem()
        {
            if (_items.Count == limits.MaxItems)
                return Invalid("too many items");

            if (!TryReadLine(limits.MaxItemHeaderBytes, out var line) || !HeaderLine.TryReadItem(line, out var header))
                return Invalid("invalid item header");

            if (header.Length is not { } length)
                return Add(header, ReadUntilLineFeed());

            if (length > body.Length - _position)
                return ReadCutShort(header);

            var start = _position;
            var payload = body.Slice(start, (int)length);
            _position = start + (int)length;
            if (AtEnd || TrySkipLineEnd())
                return Add(header, payload);

            // SDKs have sent wrong lengths (sentry-dotnet 1956). An event is one line of JSON, so that can be checked.
            _position = start;
            payload = ReadUntilLineFeed();
            return header.IsEvent && IsJson(payload) ? Add(header, payload) : Invalid("missing newline after header or payload");
        }

        /// <summary>The body ends inside this item. A whole event before it, or an event that is complete JSON, is kept.</summary>
        private EnvelopeError? ReadCutShort(ItemHeader header)
        {
            var payload = body[_position..];
            var complete = header.IsEvent && IsJson(payload);
            if (!complete && !HasEvent)
                return Invalid("unexpected end of file");

            _position = body.Length;
            _note = $"the last item ({header.Type}) is shorter than its length says";
            return complete ? Add(header, payload) : null;
        }

        private EnvelopeError? Add(ItemHeader header, ReadOnlyMemory<byte> payload)
        {
            var tooLarge = payload.Length > limits.MaxBytesOf(header.Type);
            if (tooLarge && header.Type is ("event" or "security" or "raw_security"))
                return new EnvelopeError(true, $"{header.Type} too large", null);

            if (header.Type == "attachment")
            {
                tooLarge = tooLarge || ++_attachments > limits.MaxAttachments
                    || _attachmentBytes + payload.Length > limits.MaxAttachmentsBytes;
                _attachmentBytes += tooLarge ? 0 : payload.Length;
            }

            _items.Add(tooLarge
                ? new EnvelopeItem(header, ReadOnlyMemory<byte>.Empty) { TooLarge = true }
                : new EnvelopeItem(header, payload));
            return null;
        }

        /// <summary>Reads to the line feed or the end; a carriage return before it is no part of a header line.</summary>
        private bool TryReadLine(int maxBytes, out ReadOnlyMemory<byte> line)
        {
            line = ReadUntilLineFeed();
            if (line.Length > maxBytes)
                return false;

            if (!line.IsEmpty && line.Span[^1] == '\r')
                line = line[..^1];

            return true;
        }

        private ReadOnlyMemory<byte> ReadUntilLineFeed()
        {
            var rest = body[_position..];
            var length = rest.Span.IndexOf(LineFeed);
            _position += length < 0 ? rest.Length : length + 1;
            return length < 0 ? rest : rest[..length];
        }

        private bool TrySkipLineEnd()
        {
            var rest = body.Span[_position..];
            var length = rest.StartsWith("\r\n"u8) ? 2 : rest[0] == LineFeed ? 1 : 0;
            _position += length;
            return length > 0;
        }

        private void SkipBlank()
        {
            var rest = body.Span[_position..];
            _position += rest.Length - rest.TrimStart(" \t\r\n"u8).Length;
        }

        private static bool IsJson(ReadOnlyMemory<byte> payload)
        {
            if (!LenientJson.TryParse(payload, out var document))
                return false;

            document.Dispose();
            return true;
        }

        private static EnvelopeError Invalid(string cause) => new(false, "invalid event envelope", cause);
    }
}

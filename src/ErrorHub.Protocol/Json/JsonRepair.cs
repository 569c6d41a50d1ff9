using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace ErrorHub.Protocol.Json;

/// <summary>
/// Turns what real SDKs send into JSON that System.Text.Json reads: lone surrogates (JavaScript cuts strings inside an emoji),
/// invalid UTF-8, NaN and Infinity (Python), raw control characters, a byte order mark, U+0000.
/// </summary>
internal static class JsonRepair
{
    internal static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>True when reading it as it is could fail later than at parsing, where nobody expects it.</summary>
    internal static bool IsNeeded(ReadOnlySpan<byte> utf8) => !Utf8.IsValid(utf8) || HasSuspectEscape(utf8);

    /// <summary>A copy with everything above repaired. What is no JSON for another reason stays that.</summary>
    internal static ReadOnlyMemory<byte> Repair(ReadOnlySpan<byte> utf8)
    {
        var output = new ArrayBufferWriter<byte>(utf8.Length + 64);
        var at = utf8.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        while (at < utf8.Length)
        {
            var rest = utf8[at..];
            if (rest[0] == '"')
            {
                at += CopyString(rest, output);
            }
            else if (NumberWithoutJson(rest) is var length and > 0)
            {
                output.Write("null"u8);
                at += length;
            }
            else
            {
                output.Write(rest[0] < 0x20 ? " "u8 : rest[..1]);
                at++;
            }
        }

        return output.WrittenMemory;
    }

    /// <summary>The same value with the last of equally named properties only, as JavaScript reads it.</summary>
    internal static ReadOnlyMemory<byte> KeepLastOfDuplicates(JsonElement element) =>
        FreeFormJson.Write(writer => WriteDistinct(element, writer)).WrittenMemory;

    private static void WriteDistinct(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var last = new Dictionary<string, JsonElement>();
                foreach (var property in element.EnumerateObject())
                    last[property.Name] = property.Value;

                writer.WriteStartObject();
                foreach (var (name, value) in last)
                {
                    writer.WritePropertyName(name);
                    WriteDistinct(value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    WriteDistinct(item, writer);

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static bool HasSuspectEscape(ReadOnlySpan<byte> utf8)
    {
        while (utf8.IndexOf("\\u"u8) is var at and >= 0)
        {
            var escape = utf8[at..];
            if (!TryReadEscape(escape, out var unit))
                return true;

            var length = 6;
            if (unit == 0)
                return true;

            if (char.IsSurrogate(unit))
            {
                // A backslash before it may mean that this is no escape at all; the repair, which reads in order, decides.
                var escaped = at > 0 && utf8[at - 1] == '\\';
                if (escaped || !char.IsHighSurrogate(unit) || !TryReadEscape(escape[6..], out var low) || !char.IsLowSurrogate(low))
                    return true;

                length = 12;
            }

            utf8 = utf8[(at + length)..];
        }

        return false;
    }

    /// <summary>Copies the string that starts here, quotes included; gives the bytes read.</summary>
    private static int CopyString(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        output.Write("\""u8);
        var at = 1;
        while (at < text.Length)
        {
            var rest = text[at..];
            switch (rest[0])
            {
                case (byte)'"':
                    output.Write("\""u8);
                    return at + 1;
                case (byte)'\\':
                    at += CopyEscape(rest, output);
                    break;
                case < 0x20:
                    WriteControl(rest[0], output);
                    at++;
                    break;
                default:
                    Rune.DecodeFromUtf8(rest, out var rune, out var consumed);
                    rune.EncodeToUtf8(output.GetSpan(4));
                    output.Advance(rune.Utf8SequenceLength);
                    at += consumed;
                    break;
            }
        }

        return at;
    }

    private static int CopyEscape(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        if (!TryReadEscape(text, out var unit))
        {
            var length = Math.Min(2, text.Length);
            output.Write(text[..length]);
            return length;
        }

        if (char.IsHighSurrogate(unit) && TryReadEscape(text[6..], out var low) && char.IsLowSurrogate(low))
        {
            output.Write(text[..12]);
            return 12;
        }

        if (unit == 0)
            WriteControl(0, output);
        else
            output.Write(char.IsSurrogate(unit) ? "\\ufffd"u8 : text[..6]);

        return 6;
    }

    // PostgreSQL's text cannot hold U+0000; the symbol for it tells the reader what was there.
    private static void WriteControl(byte control, ArrayBufferWriter<byte> output) =>
        output.Write(control == 0 ? "\\u2400"u8 : Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\\u{control:x4}")));

    private static bool TryReadEscape(ReadOnlySpan<byte> text, out char unit)
    {
        unit = '\0';
        if (text.Length < 6 || text[0] != '\\' || text[1] != 'u'
            || !Utf8Parser.TryParse(text.Slice(2, 4), out ushort value, out var consumed, 'x') || consumed != 4)
            return false;

        unit = (char)value;
        return true;
    }

    private static int NumberWithoutJson(ReadOnlySpan<byte> text) => text[0] switch
    {
        (byte)'N' when text.StartsWith("NaN"u8) => 3,
        (byte)'I' when text.StartsWith("Infinity"u8) => 8,
        (byte)'-' when text.StartsWith("-Infinity"u8) => 9,
        (byte)'-' when text.StartsWith("-NaN"u8) => 4,
        _ => 0,
    };
}

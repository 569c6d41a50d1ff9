using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>What is left of a masked value: names, kinds, and between how many characters a text had.</summary>
internal static class Masks
{
    private const string Number = "[number]";
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 128 };

    private static readonly HashSet<string> Texts =
        [.. new[] { 1, 8, 16, 32, 64, 256, 4_096 }.Select(length => TextOf(length)), Number, TextScrubber.Filtered];

    /// <summary>True for a word that stands for a value.</summary>
    internal static bool IsMask(string text) => Texts.Contains(text);

    /// <summary>JSON with a word in the place of each text and number. True, false and null stay. A second time changes nothing.</summary>
    internal static JsonElement Of(JsonElement value)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output, Relaxed))
            Write(writer, value);

        var reader = new Utf8JsonReader(output.WrittenSpan, new JsonReaderOptions { MaxDepth = Relaxed.MaxDepth });
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>
    /// A line of source in which every character of a text in quotes, of a number and of a comment is a star. A text that runs over
    /// several lines is not seen as one.
    /// </summary>
    internal static string OfSource(string line) => string.Create(line.Length, line, static (masked, line) =>
    {
        line.CopyTo(masked);
        for (var i = 0; i < masked.Length; i++)
        {
            if (masked[i] is '"' or '\'' or '`')
                i = MaskQuoted(masked, i);
            else if (IsComment(masked, i))
            {
                MaskAll(masked[i..]);
                return;
            }
            else if (char.IsDigit(masked[i]) && (i == 0 || !(char.IsLetter(line[i - 1]) || line[i - 1] == '_')))
                i = MaskNumber(masked, i);
        }
    });

    private static int MaskQuoted(Span<char> line, int open)
    {
        for (var i = open + 1; i < line.Length; i++)
        {
            if (line[i] == line[open])
                return i;
            if (line[i] == '\\' && i + 1 < line.Length)
                line[i++] = '*';

            line[i] = '*';
        }

        return line.Length;
    }

    private static int MaskNumber(Span<char> line, int at)
    {
        for (; at < line.Length && (char.IsLetterOrDigit(line[at]) || line[at] is '.' or '_'); at++)
            line[at] = '*';

        return at - 1;
    }

    private static bool IsComment(ReadOnlySpan<char> line, int at) =>
        // "https://x" stands in quotes; a # in the middle of a word is none of a comment.
        line[at..] is ['/', '/' or '*', ..] || (line[at..] is ['#', ..] or ['-', '-', ' ', ..] && (at == 0 || char.IsWhiteSpace(line[at - 1])))
        || (line[..at].IsWhiteSpace() && line[at..] is ['*', ' ', ..]);

    private static void MaskAll(Span<char> text)
    {
        foreach (ref var c in text)
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
                c = '*';
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item);

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString() is { Length: > 0 } text ? Texts.Contains(text) ? text : TextOf(text.Length) : "");
                break;
            case JsonValueKind.Number:
                writer.WriteStringValue(Number);
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    private static string TextOf(int length) => $"[text {Removal.RangeOf(length)}]";
}

using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>Scrubs JSON of any shape: by the names of its keys, then in its texts (<see cref="ValueScrubber"/>).</summary>
/// <remarks>Most values hold nothing. They are read where they stand, as UTF-8, and go on without having become strings.</remarks>
internal static class JsonScrubber
{
    private const int MaxDepth = 128;
    private const int ShortestNumber = 13;
    private const int ShortestId = 5;
    private const int LongestNumber = 64;
    private const int KeptCharacters = 2 * 1024;
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = MaxDepth };

    [ThreadStatic]
    private static char[]? _characters;

    /// <summary>The value without what must go; the same element when that is nothing.</summary>
    internal static JsonElement Scrub(JsonElement element, TextPlace place = TextPlace.Prose)
    {
        Scrub(ref element, null, place, null);
        return element;
    }

    /// <summary>Takes out of the value what must go; false when that is nothing.</summary>
    /// <param name="element">The value.</param>
    /// <param name="name">The key it stands under; null when it has none.</param>
    /// <param name="place">What its texts are.</param>
    /// <param name="run">Notes what goes; null when nobody asks.</param>
    internal static bool Scrub(ref JsonElement element, KeyName? name, TextPlace place, ScrubbingRun? run)
    {
        if (element.ValueKind == JsonValueKind.Undefined || !IsDirty(element, name, place, run))
            return false;

        var reader = new Utf8JsonReader(Write(element, name, place, run).WrittenSpan, new JsonReaderOptions { MaxDepth = MaxDepth });
        element = JsonElement.ParseValue(ref reader);
        return true;
    }

    /// <summary>Likewise JSON as text; null when nothing must go.</summary>
    internal static string? Rewrite(JsonElement element, TextPlace place, ScrubbingRun? run) =>
        IsDirty(element, null, place, run) ? Encoding.UTF8.GetString(Write(element, null, place, run).WrittenSpan) : null;

    /// <summary>A JSON text that stands for a whole value.</summary>
    internal static JsonElement TextElement(string text) => JsonSerializer.SerializeToElement(text);

    /// <summary>The scrubbed name of a key, with a number behind it when others became the same.</summary>
    internal static string UniqueName(KeyName name, HashSet<string> seen, ScrubbingRun? run)
    {
        if (name.IsClean)
            return name.Text;

        // Once more, for the note of what was in it.
        TextScrubber.Scrub(name.Text, TextPlace.Prose, run);

        var unique = name.Scrubbed;
        for (var i = 2; !seen.Add(unique); i++)
            unique = $"{name.Scrubbed} #{i}";

        return unique;
    }

    private static bool IsDirty(JsonElement element, KeyName? name, TextPlace place, ScrubbingRun? run)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                return HidesAll(element, name) || IsObjectDirty(element, PlaceUnder(name, place), run);
            case JsonValueKind.Array:
                if (HidesAll(element, name))
                    return true;

                var (index, first) = (0, FirstOfPair(element, run));
                foreach (var item in element.EnumerateArray())
                    if (IsDirty(item, index++ == 1 && first is not null ? first : name, place, run))
                        return true;

                return false;
            case JsonValueKind.String or JsonValueKind.Number when name is { IsKept: true }:
                return false;
            case JsonValueKind.String when name is { Strength: not KeyStrength.None }:
                return !ValueScrubber.IsNothing(element.GetString()!);
            case JsonValueKind.String:
                return !IsTextClean(element, name?.Place ?? place, run)
                    || (name?.Spoken is { } words && !ValueScrubber.IsCleanBehind(words, element.GetString()!, place, run));
            case JsonValueKind.Number:
                return HidesAll(element, name) || IsNumberDirty(element, name, place, run);
            default:
                return false;
        }
    }

    private static bool IsObjectDirty(JsonElement element, TextPlace place, ScrubbingRun? run)
    {
        KeyName? ofPair = null;
        foreach (var property in element.EnumerateObject())
        {
            var name = NamesOf(run).Of(property);
            if (!name.IsClean || IsDirty(property.Value, name.Text == "value" ? ofPair ??= PairName(element, run) ?? name : name, place, run))
                return true;
        }

        return false;
    }

    /// <summary>True when a text holds nothing, wherever it is seen without making a string of it.</summary>
    private static bool IsTextClean(JsonElement element, TextPlace place, ScrubbingRun? run)
    {
        var utf8 = JsonMarshal.GetRawUtf8Value(element)[1..^1];
        var characters = utf8.Length <= KeptCharacters ? _characters ??= new char[KeptCharacters] : ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            if (utf8.Contains((byte)'\\') || Ascii.ToUtf16(utf8, characters, out var length) != OperationStatus.Done)
            {
                var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(element));
                reader.Read();
                length = reader.CopyString(characters);
            }

            return ValueScrubber.IsClean(characters.AsSpan(0, length), place, run);
        }
        finally
        {
            if (utf8.Length > KeptCharacters)
                ArrayPool<char>.Shared.Return(characters);
        }
    }

    private static ArrayBufferWriter<byte> Write(JsonElement element, KeyName? name, TextPlace place, ScrubbingRun? run)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Relaxed);
        Write(writer, element, name, place, run);
        writer.Flush();
        return output;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element, KeyName? name, TextPlace place, ScrubbingRun? run)
    {
        if (element.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Number && HidesAll(element, name))
        {
            run?.Add(KeyName.Rule, RemovalAction.Removed, JsonMarshal.GetRawUtf8Value(element).Length);
            writer.WriteStringValue(TextScrubber.Filtered);
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, element, PlaceUnder(name, place), run);
                break;
            case JsonValueKind.Array:
                var (index, first) = (0, FirstOfPair(element, run));
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    run?.Enter(index);
                    Write(writer, item, index++ == 1 && first is not null ? first : name, place, run);
                    run?.Leave();
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(ValueScrubber.Scrub(element.GetString()!, name, place, run));
                break;
            case JsonValueKind.Number when name is not { IsKept: true } && IsNumberDirty(element, name, place, run):
                writer.WriteStringValue(TextScrubber.ScrubBehind(name?.Spoken ?? "", element.GetRawText(), place, run));
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement element, TextPlace place, ScrubbingRun? run)
    {
        KeyName? ofPair = null;
        HashSet<string> seen = [.. element.EnumerateObject().Select(p => p.Name)];
        writer.WriteStartObject();
        foreach (var property in element.EnumerateObject())
        {
            var name = NamesOf(run).Of(property);
            var unique = UniqueName(name, seen, run);
            writer.WritePropertyName(unique);
            run?.Enter(unique);
            Write(writer, property.Value, name.Text == "value" ? ofPair ??= PairName(element, run) ?? name : name, place, run);
            run?.Leave();
        }

        writer.WriteEndObject();
    }

    private static KeyNames NamesOf(ScrubbingRun? run) => (run?.Policy ?? ScrubbingPolicy.Strict).Names;

    // The names of identifiers are safe, not everything below them.
    private static TextPlace PlaceUnder(KeyName? name, TextPlace place) => name is { IsOfVersions: true } ? TextPlace.Name : place;

    /// <summary>True when a list, an object or a number under this name goes whole.</summary>
    private static bool HidesAll(JsonElement element, KeyName? name) => name?.Strength switch
    {
        null or KeyStrength.None => false,
        KeyStrength.Strong => true,
        // A "session" or "auth" with parts has names of its own.
        _ => element.ValueKind == JsonValueKind.Number,
    };

    /// <summary>The name in <c>{"key": "password", "value": "x"}</c>.</summary>
    private static KeyName? PairName(JsonElement element, ScrubbingRun? run) =>
        (element.TryGetProperty("key", out var key) || element.TryGetProperty("name", out key))
        && key.ValueKind == JsonValueKind.String && NamesOf(run).Of(key.GetString()!) is { Strength: not KeyStrength.None } name
            ? name
            : null;

    /// <summary>The name in <c>["password", "x"]</c>.</summary>
    private static KeyName? FirstOfPair(JsonElement element, ScrubbingRun? run) =>
        element.GetArrayLength() == 2 && element[0].ValueKind == JsonValueKind.String && element[0].GetString() is { } name
        && !name.Contains(' ', StringComparison.Ordinal) && NamesOf(run).Of(name) is { Strength: not KeyStrength.None } sensitive
            ? sensitive
            : null;

    private static bool IsNumberDirty(JsonElement element, KeyName? name, TextPlace place, ScrubbingRun? run)
    {
        var digits = JsonMarshal.GetRawUtf8Value(element);
        if (place != TextPlace.Prose || digits.Length > LongestNumber)
            return false;
        if (name?.Spoken is { } words && digits.Length >= ShortestId && !ValueScrubber.IsCleanBehind(words, element.GetRawText(), place, run))
            return true;
        if (digits.Length < ShortestNumber)
            return false;

        Span<char> text = stackalloc char[LongestNumber];
        return Ascii.ToUtf16(digits, text, out var length) == OperationStatus.Done && !TextScrubber.IsClean(text[..length], place, run);
    }
}

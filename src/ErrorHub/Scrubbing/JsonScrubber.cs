using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ErrorHub.Scrubbing;

/// <summary>Scrubs JSON of any shape: by the names of its keys, then in its texts, which may be JSON or a form themselves.</summary>
internal static class JsonScrubber
{
    private const int MaxDepth = 64;
    private const int LongestNumber = 64;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth };
    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = 2 * MaxDepth };

    /// <summary>The value without what must go; the same element when that is nothing.</summary>
    /// <param name="element">The value.</param>
    /// <param name="name">The key it stands under; null when it has none.</param>
    /// <param name="place">What its texts are.</param>
    internal static JsonElement Scrub(JsonElement element, string? name, TextPlace place = TextPlace.Prose)
    {
        if (element.ValueKind == JsonValueKind.Undefined || !IsDirty(element, name, place))
            return element;

        var reader = new Utf8JsonReader(Write(element, name, place).WrittenSpan, new JsonReaderOptions { MaxDepth = 2 * MaxDepth });
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>A JSON text that stands for a whole value.</summary>
    internal static JsonElement TextElement(string text) => JsonSerializer.SerializeToElement(text);

    /// <summary>A text under a name, which may hold JSON or a form.</summary>
    internal static string ScrubText(string text, string? name, TextPlace place = TextPlace.Prose)
    {
        if (name is not null && KeyRules.IsSensitive(name))
            return IsNothing(text) ? text : TextScrubber.Filtered;

        if (name is not null && KeyRules.IsSafe(name))
            place = TextPlace.Path;

        // In JSON only the parser's view counts: its quotes and braces are no text.
        return AsJson(text, place) ?? TextScrubber.Scrub(AsForm(text, place) ?? text, place);
    }

    /// <summary>A key's own name: maps by e-mail address exist.</summary>
    internal static string ScrubName(string name) => name.Length < 6 ? name : TextScrubber.Scrub(name);

    /// <summary>Nothing that could be secret; Relay leaves it alone, too.</summary>
    private static bool IsNothing(string text) => text.Trim() is "" or "true" or "false" or "True" or "False" or "null" or "None" or "undefined" or TextScrubber.Filtered;

    private static bool IsDirty(JsonElement element, string? name, TextPlace place)
    {
        if (name is not null && element.ValueKind is not (JsonValueKind.String or JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null)
            && HidesAll(element, name))
            return true;

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                var pairName = PairName(element);
                foreach (var property in element.EnumerateObject())
                    if (ScrubName(property.Name) != property.Name
                        || IsDirty(property.Value, pairName is not null && property.Name == "value" ? pairName : property.Name, PlaceUnder(name, place)))
                        return true;

                return false;
            case JsonValueKind.Array:
                var (index, first) = (0, FirstOfPair(element));
                foreach (var item in element.EnumerateArray())
                    if (IsDirty(item, index++ == 1 && first is not null ? first : name, place))
                        return true;

                return false;
            case JsonValueKind.String:
                var text = element.GetString()!;
                return ScrubText(text, name, place) != text;
            case JsonValueKind.Number:
                return NumberText(element, place) is not null;
            default:
                return false;
        }
    }

    private static ArrayBufferWriter<byte> Write(JsonElement element, string? name, TextPlace place)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(output, Relaxed);
        Write(writer, element, name, place);
        writer.Flush();
        return output;
    }

    private static void Write(Utf8JsonWriter writer, JsonElement element, string? name, TextPlace place)
    {
        if (name is not null && element.ValueKind is JsonValueKind.Object or JsonValueKind.Array or JsonValueKind.Number && HidesAll(element, name!))
        {
            writer.WriteStringValue(TextScrubber.Filtered);
            return;
        }

        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(writer, element, PlaceUnder(name, place));
                break;
            case JsonValueKind.Array:
                var (index, first) = (0, FirstOfPair(element));
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                    Write(writer, item, index++ == 1 && first is not null ? first : name, place);
                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(ScrubText(element.GetString()!, name, place));
                break;
            case JsonValueKind.Number when NumberText(element, place) is { } text:
                writer.WriteStringValue(text);
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement element, TextPlace place)
    {
        var pairName = PairName(element);
        HashSet<string> seen = [.. element.EnumerateObject().Select(p => p.Name)];
        writer.WriteStartObject();
        foreach (var property in element.EnumerateObject())
        {
            writer.WritePropertyName(UniqueName(property.Name, seen));
            Write(writer, property.Value, pairName is not null && property.Name == "value" ? pairName : property.Name, place);
        }

        writer.WriteEndObject();
    }

    /// <summary>The scrubbed name of a key, with a number behind it when others became the same.</summary>
    internal static string UniqueName(string name, HashSet<string> seen)
    {
        var scrubbed = ScrubName(name);
        if (scrubbed == name)
            return name;

        var unique = scrubbed;
        for (var i = 2; !seen.Add(unique); i++)
            unique = $"{scrubbed} #{i}";

        return unique;
    }

    // The names of identifiers are safe, not everything below them.
    private static TextPlace PlaceUnder(string? name, TextPlace place) => name is "runtime" or "os" or "browser" or "packages" ? TextPlace.Path : place;

    /// <summary>True when a list, an object or a number under this name goes whole.</summary>
    private static bool HidesAll(JsonElement element, string name) => KeyRules.StrengthOf(name) switch
    {
        KeyStrength.None => false,
        KeyStrength.Strong => true,
        // A "session" or "auth" with parts has names of its own.
        _ => element.ValueKind == JsonValueKind.Number,
    };

    /// <summary>The name in <c>{"key": "password", "value": "x"}</c>.</summary>
    private static string? PairName(JsonElement element) =>
        element.TryGetProperty("value", out _) && (element.TryGetProperty("key", out var key) || element.TryGetProperty("name", out key))
        && key.ValueKind == JsonValueKind.String && KeyRules.IsSensitive(key.GetString())
            ? key.GetString()
            : null;

    /// <summary>The name in <c>["password", "x"]</c>.</summary>
    private static string? FirstOfPair(JsonElement element) =>
        element.GetArrayLength() == 2 && element[0].ValueKind == JsonValueKind.String && !element[0].GetString()!.Contains(' ', StringComparison.Ordinal) && KeyRules.IsSensitive(element[0].GetString())
            ? element[0].GetString()
            : null;

    /// <summary>What becomes of a number that is found; null for others.</summary>
    private static string? NumberText(JsonElement element, TextPlace place)
    {
        const int FewestDigits = 13;
        var raw = element.GetRawText();
        return raw.Length is >= FewestDigits and <= LongestNumber && place == TextPlace.Prose && TextScrubber.Scrub(raw) is var text && text != raw ? text : null;
    }

    private static bool LooksLikeJson(string text)
    {
        var trimmed = text.AsSpan().Trim();
        return trimmed is ['{', .., '}'] or ['[', .., ']'] && trimmed[1..].TrimStart() is ['"' or '{' or '[' or '}' or ']' or '-' or (>= '0' and <= '9') or 't' or 'f' or 'n', ..];
    }

    private static bool TryParse(string text, out JsonDocument document)
    {
        try
        {
            document = JsonDocument.Parse(text, Strict);
            return true;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // No JSON, or half a surrogate pair in it.
            document = null!;
            return false;
        }
    }

    private static string? AsJson(string text, TextPlace place)
    {
        if (LooksLikeJson(text) && TryParse(text, out var document))
            using (document)
                try
                {
                    return IsDirty(document.RootElement, null, place) ? Encoding.UTF8.GetString(Write(document.RootElement, null, place).WrittenSpan) : text;
                }
                catch (InvalidOperationException)
                {
                    // An escaped half of a surrogate pair cannot be read as text; the JSON is text then.
                    return null;
                }

        return FromBase64(text) is { } inner && AsJson(inner, place) is { } scrubbed && scrubbed != inner ? TextScrubber.Filtered : null;
    }

    /// <summary>The JSON in a text that is nothing but Base64 of it; null for all others.</summary>
    private static string? FromBase64(string text)
    {
        if (text.Length is < 16 or > 64 * 1024 || text is not (['e', 'y' or 'w', ..] or ['W', ..]) || text.Length % 4 != 0)
            return null;

        var bytes = new byte[text.Length / 4 * 3];
        return Convert.TryFromBase64String(text, bytes, out var length) && Encoding.UTF8.GetString(bytes, 0, length) is var json && LooksLikeJson(json) ? json : null;
    }

    /// <summary>A form (<c>a=b&amp;card=4111%201111…</c>): what is hidden by its encoding is looked for in its values.</summary>
    private static string? AsForm(string text, TextPlace place)
    {
        if (!text.Contains('=', StringComparison.Ordinal) || text.AsSpan().IndexOfAny('%', '+') < 0 || text.AsSpan().IndexOfAny(" \n\"{") >= 0)
            return null;

        var pairs = text.Split('&');
        var isDirty = false;
        for (var i = 0; i < pairs.Length; i++)
        {
            var equals = pairs[i].IndexOf('=', StringComparison.Ordinal);
            if (equals < 0)
                continue;

            var value = Uri.UnescapeDataString(pairs[i][(equals + 1)..].Replace('+', ' '));
            var scrubbed = ScrubText(value, Uri.UnescapeDataString(pairs[i][..equals]), place);
            if (scrubbed == value)
                continue;

            isDirty = true;
            pairs[i] = string.Concat(pairs[i].AsSpan(0, equals + 1), scrubbed.Replace("%", "%25", StringComparison.Ordinal).Replace("&", "%26", StringComparison.Ordinal).Replace(' ', '+'));
        }

        return isDirty ? string.Join('&', pairs) : null;
    }
}

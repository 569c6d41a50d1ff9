using System.Globalization;
using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>
/// Reads one value as the kind that is wanted. A value of another kind gives null and a note, never an exception; an explicit
/// null counts as absent (protocol.md section 7).
/// </summary>
internal sealed class ValueReader(List<EventError> errors)
{
    private const int MaxErrors = 50;

    /// <summary>Notes that an attribute was left out.</summary>
    internal void Refuse(string attribute, JsonElement value)
    {
        // SDKs put "[truncated]" or "[Object]" where they cut a container themselves: nothing is wrong with that.
        if (value.ValueKind == JsonValueKind.String && value.GetString() is ['[', .., ']'])
            return;

        Note("invalid_data", attribute, FreeFormJson.Cut(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(), EventError.MaxLength));
    }

    /// <summary>Adds a problem, as long as the list is not absurdly long.</summary>
    internal void Note(string type, string attribute, string? value)
    {
        if (errors.Count < MaxErrors)
            errors.Add(new EventError(type, FreeFormJson.Cut(attribute, EventError.MaxLength), value));
    }

    /// <summary>Text; booleans and numbers are written out. Cut to the limit when longer than limit and allowance.</summary>
    internal string? Text(JsonElement value, string attribute, int limit, int allowance = 0)
    {
        var text = Primitive(value);
        if (text is null && !IsAbsent(value))
            Refuse(attribute, value);

        return text is null || text.Length <= limit + allowance ? text : FreeFormJson.Cut(text, limit);
    }

    /// <summary>Text without surrounding white space; null when nothing is left.</summary>
    internal string? Name(JsonElement value, string attribute, int limit, int allowance = 0) =>
        Text(value, attribute, limit, allowance)?.Trim() is { Length: > 0 } text ? text : null;

    /// <summary>Text; what is no text at all is kept as its JSON.</summary>
    internal static string? TextOrJson(JsonElement value, int limit, int allowance)
    {
        var text = IsAbsent(value) ? null : Primitive(value) ?? FreeFormJson.Compact(value);
        return text is null || text.Length <= limit + allowance ? text : FreeFormJson.Cut(text, limit);
    }

    /// <summary>A whole number from 0, also written 3.0 or "3".</summary>
    internal int? Integer(JsonElement value, string attribute)
    {
        double? number = value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetDouble(out var n) => n,
            JsonValueKind.String when double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var n) => n,
            _ => null,
        };
        if (number is >= 0 and <= int.MaxValue && number == Math.Floor(number.Value))
            return (int)number;

        if (!IsAbsent(value))
            Refuse(attribute, value);

        return null;
    }

    /// <summary>True or false, also as text or 0 and 1.</summary>
    internal bool? Bool(JsonElement value, string attribute)
    {
        bool? result = Primitive(value)?.ToLowerInvariant() switch
        {
            "true" or "1" => true,
            "false" or "0" => false,
            _ => null,
        };
        if (result is null && !IsAbsent(value))
            Refuse(attribute, value);

        return result;
    }

    /// <summary>
    /// Items of a list, of <c>{"values": […]}</c>, or a single object that should have been a list (sentry-roblox). Nulls are skipped.
    /// </summary>
    internal List<JsonElement> List(JsonElement value, string attribute)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                return [.. value.EnumerateArray().Where(item => item.ValueKind != JsonValueKind.Null)];
            case JsonValueKind.Object when value.TryGetProperty("values", out var values):
                return values.ValueKind == JsonValueKind.Object ? [values] : List(values, attribute);
            case JsonValueKind.Object:
                return value.EnumerateObject().Any() ? [value] : [];
            default:
                if (!IsAbsent(value))
                    Refuse(attribute, value);

                return [];
        }
    }

    /// <summary>
    /// Entries of an object, of a list of pairs, of <c>[{"key": …, "value": …}]</c>, or of a list of objects. PHP writes an empty
    /// map as <c>[]</c>.
    /// </summary>
    internal List<(string Name, JsonElement Value)> Map(JsonElement value, string attribute)
    {
        List<(string, JsonElement)> entries = [];
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject())
                    entries.Add((property.Name, property.Value));
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                    AddPair(item, attribute, entries);
                break;
            default:
                if (!IsAbsent(value))
                    Refuse(attribute, value);
                break;
        }

        return entries;
    }

    /// <summary>An object of any shape within a budget; null when it is none or empty.</summary>
    internal JsonElement? Object(JsonElement value, string attribute, JsonBudget budget)
    {
        if (value.ValueKind == JsonValueKind.Object)
            return value.EnumerateObject().Any() ? FreeFormJson.Keep(value, budget) : null;

        if (!IsAbsent(value) && !IsEmptyList(value))
            Refuse(attribute, value);

        return null;
    }

    /// <summary>Values of any shape by name, each and all together within a budget; later ones go first.</summary>
    internal Dictionary<string, JsonElement> Entries(JsonElement value, string attribute, JsonBudget each, int total)
    {
        Dictionary<string, JsonElement> kept = [];
        foreach (var (name, entry) in Map(value, attribute))
            AddWithin(kept, name, entry, each, ref total);

        return kept;
    }

    /// <summary>Adds a value of any shape, cut to the smaller of its own budget and what is left of the whole's.</summary>
    internal static void AddWithin(
        Dictionary<string, JsonElement> kept, string name, JsonElement value, JsonBudget each, ref int left)
    {
        const int SmallestValue = 8;
        var key = FreeFormJson.Cut(name, EventError.MaxLength);
        var room = left - key.Length;
        if (room < SmallestValue)
        {
            left = 0;
            return;
        }

        var element = FreeFormJson.Keep(value, each with { Size = Math.Min(each.Size, room) });
        kept[key] = element;
        left = room - FreeFormJson.Size(element);
    }

    internal static bool IsAbsent(JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    private static bool IsEmptyList(JsonElement value) => value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 0;

    /// <summary>Text of anything but a container; Python's spelling for booleans, as Relay has it.</summary>
    internal static string? Primitive(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.True => "True",
        JsonValueKind.False => "False",
        JsonValueKind.Number => NumberText(value),
        _ => null,
    };

    private static string NumberText(JsonElement value)
    {
        var raw = value.GetRawText();
        return raw.All(c => char.IsAsciiDigit(c) || c == '-') || !value.TryGetDouble(out var number) || !double.IsFinite(number)
            ? FreeFormJson.Cut(raw, EventError.MaxLength)
            : number.ToString("R", CultureInfo.InvariantCulture);
    }

    private void AddPair(JsonElement item, string attribute, List<(string, JsonElement)> entries)
    {
        switch (item.ValueKind)
        {
            case JsonValueKind.Array when item.GetArrayLength() >= 2 && Primitive(item[0]) is { } name:
                entries.Add((name, item[1]));
                break;
            case JsonValueKind.Object when item.TryGetProperty("key", out var key) && Primitive(key) is { } name
                && item.TryGetProperty("value", out var value):
                entries.Add((name, value));
                break;
            case JsonValueKind.Object:
                foreach (var property in item.EnumerateObject())
                    entries.Add((property.Name, property.Value));
                break;
            case JsonValueKind.Null:
                break;
            default:
                Refuse(attribute, item);
                break;
        }
    }
}

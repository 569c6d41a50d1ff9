using System.Text.Json;

namespace ErrorHub.Protocol.Events.Writing;

/// <summary>The few shapes that the parts of an event are written in. What is null or empty is left out.</summary>
internal static class JsonWriting
{
    internal static void Text(this Utf8JsonWriter writer, string name, string? value)
    {
        if (value is not null)
            writer.WriteString(name, value);
    }

    internal static void Number(this Utf8JsonWriter writer, string name, int? value)
    {
        if (value is { } number)
            writer.WriteNumber(name, number);
    }

    internal static void Bool(this Utf8JsonWriter writer, string name, bool? value)
    {
        if (value is { } flag)
            writer.WriteBoolean(name, flag);
    }

    internal static void Time(this Utf8JsonWriter writer, string name, DateTimeOffset? value)
    {
        if (value is { } time)
            writer.WriteString(name, Timestamps.Format(time));
    }

    internal static void Json(this Utf8JsonWriter writer, string name, JsonElement? value)
    {
        if (value is not { ValueKind: not JsonValueKind.Undefined } element)
            return;

        writer.WritePropertyName(name);
        element.WriteTo(writer);
    }

    internal static void Map(this Utf8JsonWriter writer, string name, Dictionary<string, JsonElement> values)
    {
        if (values.Count == 0)
            return;

        writer.WriteStartObject(name);
        writer.Entries(values);
        writer.WriteEndObject();
    }

    internal static void Entries(this Utf8JsonWriter writer, Dictionary<string, JsonElement> values)
    {
        foreach (var (name, value) in values)
            writer.Json(name, value);
    }

    /// <summary>Pairs, because order and repeated names count.</summary>
    internal static void Pairs(this Utf8JsonWriter writer, string name, List<KeyValuePair<string, string>> pairs)
    {
        if (pairs.Count == 0)
            return;

        writer.WriteStartArray(name);
        foreach (var (key, value) in pairs)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(key);
            writer.WriteStringValue(value);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
    }

    internal static void Texts(this Utf8JsonWriter writer, string name, List<string>? values)
    {
        if (values is not { Count: > 0 })
            return;

        writer.WriteStartArray(name);
        foreach (var value in values)
            writer.WriteStringValue(value);

        writer.WriteEndArray();
    }

    /// <summary><c>"name": {"values": […]}</c>, as Sentry has it for exceptions, threads and breadcrumbs.</summary>
    internal static void Values<T>(this Utf8JsonWriter writer, string name, List<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.Count == 0)
            return;

        writer.WriteStartObject(name);
        writer.WriteStartArray("values");
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

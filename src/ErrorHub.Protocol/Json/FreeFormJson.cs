using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ErrorHub.Protocol.Json;

/// <summary>Keeps values without a fixed shape within a budget. What fits is copied as it is.</summary>
/// <remarks>
/// Sizes count decoded characters, so that writing a kept value and reading it again keeps it whole, however it was escaped.
/// </remarks>
internal static class FreeFormJson
{
    private const string Ellipsis = "...";
    private const int ContainerSize = 2;
    private const int QuotesSize = 2;
    private const int NameSize = 3;
    private const int CommaSize = 1;

    /// <summary>A value that outlives its document, cut down where it is over the budget.</summary>
    internal static JsonElement Keep(JsonElement element, JsonBudget budget)
    {
        if (Fits(element, budget))
            return element.Clone();

        return Build(writer =>
        {
            var left = budget.Size;
            WriteCut(element, writer, budget.Depth, ref left);
        });
    }

    /// <summary>A list of these values.</summary>
    internal static JsonElement ListOf(IEnumerable<JsonElement> items) => Build(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in items)
            item.WriteTo(writer);

        writer.WriteEndArray();
    });

    /// <summary>An object with this one property.</summary>
    internal static JsonElement ObjectOf(string name, JsonElement value) => Build(writer =>
    {
        writer.WriteStartObject();
        writer.WritePropertyName(name);
        value.WriteTo(writer);
        writer.WriteEndObject();
    });

    /// <summary>True when nothing would be cut.</summary>
    internal static bool Fits(JsonElement element, JsonBudget budget) =>
        !IsDeeper(element, budget.Depth) && (RawSize(element) <= budget.Size || Size(element) <= budget.Size);

    /// <summary>Characters of the value's JSON, decoded and without white space.</summary>
    internal static int Size(JsonElement element)
    {
        var size = ContainerSize;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    size += property.Name.Length + NameSize + CommaSize + Size(property.Value);
                return size;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    size += CommaSize + Size(item);
                return size;
            case JsonValueKind.String:
                return element.GetString()!.Length + QuotesSize;
            default:
                return RawSize(element);
        }
    }

    /// <summary>The value's JSON without white space between tokens.</summary>
    internal static string Compact(JsonElement element) => Encoding.UTF8.GetString(Write(element.WriteTo).WrittenSpan);

    /// <summary>Writes JSON with letters of all languages as they are; only views escape, each for its own place.</summary>
    internal static ArrayBufferWriter<byte> Write(Action<Utf8JsonWriter> write)
    {
        var output = new ArrayBufferWriter<byte>();
        using var writer = NewWriter(output);
        write(writer);
        writer.Flush();
        return output;
    }

    /// <summary>A writer for that.</summary>
    internal static Utf8JsonWriter NewWriter(IBufferWriter<byte> output) =>
        new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private static JsonElement Build(Action<Utf8JsonWriter> write)
    {
        var reader = new Utf8JsonReader(Write(write).WrittenSpan, new JsonReaderOptions { MaxDepth = LenientJson.MaxDepth });
        return JsonElement.ParseValue(ref reader);
    }

    private static int RawSize(JsonElement element) => JsonMarshal.GetRawUtf8Value(element).Length;

    private static bool IsDeeper(JsonElement element, int depth)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                if (depth == 0)
                    return true;

                foreach (var property in element.EnumerateObject())
                    if (IsDeeper(property.Value, depth - 1))
                        return true;

                return false;
            case JsonValueKind.Array:
                if (depth == 0)
                    return true;

                foreach (var item in element.EnumerateArray())
                    if (IsDeeper(item, depth - 1))
                        return true;

                return false;
            default:
                return false;
        }
    }

    private static void WriteCut(JsonElement element, Utf8JsonWriter writer, int depth, ref int left)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object when depth > 0:
                writer.WriteStartObject();
                left -= ContainerSize;
                foreach (var property in element.EnumerateObject())
                {
                    left -= property.Name.Length + NameSize + CommaSize;
                    if (!HasRoom(property.Value, depth - 1, left))
                        break;

                    writer.WritePropertyName(property.Name);
                    WriteCut(property.Value, writer, depth - 1, ref left);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array when depth > 0:
                writer.WriteStartArray();
                left -= ContainerSize;
                foreach (var item in element.EnumerateArray())
                {
                    left -= CommaSize;
                    if (!HasRoom(item, depth - 1, left))
                        break;

                    WriteCut(item, writer, depth - 1, ref left);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                WriteCut(element.GetString()!, writer, ref left);
                break;
            case JsonValueKind.Object or JsonValueKind.Array:
                WriteCut(Compact(element), writer, ref left);
                break;
            default:
                element.WriteTo(writer);
                left -= RawSize(element);
                break;
        }
    }

    private static void WriteCut(string text, Utf8JsonWriter writer, ref int left)
    {
        var kept = Cut(text, Math.Max(0, left - QuotesSize));
        writer.WriteStringValue(kept);
        left -= kept.Length + QuotesSize;
    }

    private static bool HasRoom(JsonElement element, int depth, int left) => element.ValueKind switch
    {
        JsonValueKind.Object or JsonValueKind.Array when depth > 0 => left >= ContainerSize,
        JsonValueKind.String or JsonValueKind.Object or JsonValueKind.Array => left >= QuotesSize + Ellipsis.Length + 1,
        _ => left >= RawSize(element),
    };

    /// <summary>The text, or its beginning with an ellipsis, at most <paramref name="limit"/> characters.</summary>
    internal static string Cut(string text, int limit)
    {
        if (text.Length <= limit)
            return text;

        var end = Math.Max(0, limit - Ellipsis.Length);
        // Half a surrogate pair is no text.
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
            end--;

        return string.Concat(text.AsSpan(0, end), Ellipsis.AsSpan(0, Math.Min(limit, Ellipsis.Length)));
    }
}

using System.Text;
using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads <c>logentry</c> and its legacy alias <c>message</c>; both may be text or an object.</summary>
internal static class MessageReader
{
    private const int MaxLength = 8_192;
    private const int Allowance = 200;

    internal static SentryMessage? Read(JsonElement logEntry, JsonElement message, ValueReader values)
    {
        var entry = ReadOne(logEntry, "logentry", values);
        var legacy = ReadOne(message, "message", values);
        var result = entry ?? legacy;
        if (result is null)
            return null;

        if (string.IsNullOrEmpty(result.Formatted))
            result.Formatted = legacy?.Formatted is { Length: > 0 } text && message.ValueKind == JsonValueKind.String
                ? text
                : result.Message is { } template && result.Params is { } parameters ? Interpolate(template, parameters) : result.Formatted;

        if (result.Message == result.Formatted)
            result.Message = null;

        // A template without parameters is the text.
        if (string.IsNullOrEmpty(result.Formatted) && result.Message is { Length: > 0 } && result.Params is null)
            (result.Formatted, result.Message) = (result.Message, null);

        return result;
    }

    private static SentryMessage? ReadOne(JsonElement value, string attribute, ValueReader values)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False:
                return null;
            case JsonValueKind.Object:
                break;
            default:
                return ValueReader.TextOrJson(value, MaxLength, Allowance) is { Length: > 0 } text
                    ? new SentryMessage { Formatted = text }
                    : null;
        }

        var message = new SentryMessage();
        foreach (var property in value.EnumerateObject())
            switch (property.Name)
            {
                case "message": message.Message = ValueReader.TextOrJson(property.Value, MaxLength, Allowance); break;
                case "formatted": message.Formatted = ValueReader.TextOrJson(property.Value, MaxLength, Allowance); break;
                case "params": message.Params = ReadParams(property.Value, attribute, values); break;
            }

        return string.IsNullOrEmpty(message.Text) && string.IsNullOrEmpty(message.Message) ? null : message;
    }

    private static JsonElement? ReadParams(JsonElement value, string attribute, ValueReader values)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array when value.GetArrayLength() > 0:
            case JsonValueKind.Object when value.EnumerateObject().Any():
                return FreeFormJson.Keep(value, JsonBudget.Medium);
            case JsonValueKind.Null or JsonValueKind.Array or JsonValueKind.Object:
                return null;
            default:
                values.Refuse(attribute + ".params", value);
                return null;
        }
    }

    /// <summary>Fills <c>%s</c>, <c>%d</c>, <c>%(name)s</c>, <c>{}</c>, <c>{0}</c> and <c>{name}</c>; what has no parameter stays.</summary>
    internal static string Interpolate(string template, JsonElement parameters)
    {
        var output = new StringBuilder();
        var next = 0;
        var at = 0;
        while (at < template.Length && output.Length <= MaxLength)
        {
            var length = PlaceholderLength(template.AsSpan(at), out var name);
            if (length > 0 && Parameter(parameters, name, ref next) is { } text)
            {
                output.Append(text);
                at += length;
            }
            else
            {
                output.Append(template[at]);
                at++;
            }
        }

        return FreeFormJson.Cut(output.ToString(), MaxLength);
    }

    private static int PlaceholderLength(ReadOnlySpan<char> text, out string name)
    {
        const string Conversions = "sdifrxoceguvqt@";
        name = "";
        var close = text[0] == '{' ? text.IndexOf('}') : -1;
        if (close > 0 && !text[1..close].ContainsAny('{', '"', ' '))
        {
            name = text[1..close].ToString();
            return close + 1;
        }

        if (text[0] != '%' || text.Length < 2)
            return 0;

        if (text[1] != '(')
            return Conversions.Contains(text[1], StringComparison.Ordinal) ? 2 : 0;

        close = text.IndexOf(')');
        if (close < 0 || close + 1 >= text.Length || !Conversions.Contains(text[close + 1], StringComparison.Ordinal))
            return 0;

        name = text[2..close].ToString();
        return close + 2;
    }

    private static string? Parameter(JsonElement parameters, string name, ref int next)
    {
        if (parameters.ValueKind == JsonValueKind.Object)
            return parameters.TryGetProperty(name, out var named) ? TextOf(named) : null;

        var index = int.TryParse(name, out var number) ? number : next++;
        return index >= 0 && index < parameters.GetArrayLength() ? TextOf(parameters[index]) : null;
    }

    private static string TextOf(JsonElement value) => ValueReader.Primitive(value) ?? FreeFormJson.Compact(value);
}

using System.Globalization;
using System.Text.Json;
using ErrorHub.Ingest;

namespace ErrorHub.Web.Api;

/// <summary>
/// The JSON object of a request. Read by hand rather than bound: scripts send <c>null</c>, numbers and unknown keys, and a mistake
/// must come back as one sentence that names the key.
/// </summary>
internal sealed class ApiBody
{
    /// <summary>Most bytes of a body that has no reason to be larger.</summary>
    public const int MaxBytes = 256 * 1024;

    private readonly JsonElement _root;

    private ApiBody(JsonElement root) => _root = root;

    /// <summary>Reads the body, whatever its content type; the problem when it is not a JSON object or too large.</summary>
    public static async Task<(ApiBody? Body, string? Problem)> ReadAsync(
        HttpRequest request, CancellationToken cancellationToken, int maxBytes = MaxBytes)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > maxBytes)
                return (null, $"The body has more than {maxBytes} bytes.");

            buffer.Write(chunk, 0, read);
        }

        try
        {
            using var document = JsonDocument.Parse(buffer.GetBuffer().AsMemory(0, (int)buffer.Length));
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? (new ApiBody(document.RootElement.Clone()), null)
                : (null, "The body must be a JSON object.");
        }
        catch (JsonException)
        {
            return (null, "JSON parse error: the body is not valid JSON.");
        }
    }

    /// <summary>True when the key is there, null included.</summary>
    public bool Has(string key) => _root.TryGetProperty(key, out _);

    /// <summary>A text; null when the key is missing or null. False when it is something else or cannot be stored.</summary>
    public bool TryGetText(string key, out string? text, out string? problem)
    {
        text = null;
        problem = null;
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return true;

        try
        {
            text = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair, or bytes that are no UTF-8.
        }

        if (text is null || text.Contains('\0', StringComparison.Ordinal))
            problem = $"{key}: write a text without control characters.";

        return problem is null;
    }

    /// <summary>True or false, as such or as 1 or 0; null when the key is missing or null.</summary>
    public bool TryGetFlag(string key, out bool? flag, out string? problem)
    {
        flag = null;
        problem = null;
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return true;

        flag = value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number when value.TryGetInt32(out var number) && number is 0 or 1 => number == 1,
            _ => null,
        };
        problem = flag is null ? $"{key}: write true or false." : null;
        return problem is null;
    }

    /// <summary>A whole number; null when the key is missing or null. False when it is something else.</summary>
    public bool TryGetInteger(string key, out int? number, out string? problem)
    {
        number = null;
        problem = null;
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return true;

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var found))
            number = found;
        else
            problem = $"'{key}' must be a whole number.";

        return problem is null;
    }

    /// <summary>An object's whole numbers by key; null when the key is missing or null.</summary>
    public bool TryGetNumbers(string key, string first, string second, out (int First, int Second)? numbers, out string? problem)
    {
        numbers = null;
        problem = null;
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return true;

        if (value.ValueKind == JsonValueKind.Object
            && value.TryGetProperty(first, out var one) && one.ValueKind == JsonValueKind.Number && one.TryGetInt32(out var a)
            && value.TryGetProperty(second, out var two) && two.ValueKind == JsonValueKind.Number && two.TryGetInt32(out var b))
            numbers = (a, b);
        else
            problem = $"{key}: write {{\"{first}\": 60, \"{second}\": 1000}}, or null for none.";

        return problem is null;
    }

    /// <summary>A time in ISO 8601; null when the key is missing or null.</summary>
    public bool TryGetTime(string key, out DateTimeOffset? time, out string? problem)
    {
        time = null;
        if (!TryGetText(key, out var text, out problem) || text is null)
            return problem is null;

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var read))
            time = EventProcessor.Microseconds(read);
        else
            problem = $"{key}: write a time such as 2026-11-25T10:00:00Z.";

        return problem is null;
    }

    /// <summary>A list of names, which scripts also write as numbers; null when the key is missing or null.</summary>
    public bool TryGetNames(string key, out IReadOnlyList<string>? names, out string? problem)
    {
        (names, problem) = (null, null);
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return true;

        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(name => name.ValueKind is JsonValueKind.String or JsonValueKind.Number))
            names = [.. value.EnumerateArray().Select(name => TextOf(name) ?? "")];
        else
            problem = $"{key}: write a list of texts.";

        return problem is null;
    }

    /// <summary>JSON, as such or in a text, as Sentry's API has some; null when the key is missing, empty when it is null.</summary>
    public bool TryGetJson(string key, out string? json, out string? problem)
    {
        (json, problem) = (null, null);
        if (!_root.TryGetProperty(key, out var value))
            return true;
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Null)
        {
            json = value.ValueKind == JsonValueKind.Null ? "" : value.GetRawText();
            return true;
        }

        return TryGetText(key, out json, out problem);
    }

    /// <summary>Its keys and values.</summary>
    public IEnumerable<(string Name, JsonElement Value)> Properties => _root.EnumerateObject().Select(p => (p.Name, p.Value));

    /// <summary>An object; null when the key is missing or null.</summary>
    public bool TryGetObject(string key, out ApiBody? value, out string? problem)
    {
        (value, problem) = (null, null);
        if (!_root.TryGetProperty(key, out var found) || found.ValueKind == JsonValueKind.Null)
            return true;

        if (found.ValueKind == JsonValueKind.Object)
            value = new ApiBody(found);
        else
            problem = $"{key}: write an object.";

        return problem is null;
    }

    /// <summary>A list of objects; null when the key is missing or null.</summary>
    public bool TryGetObjects(string key, out IReadOnlyList<ApiBody>? objects, out string? problem)
    {
        (objects, problem) = (null, null);
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return true;

        if (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Object))
            objects = [.. value.EnumerateArray().Select(item => new ApiBody(item))];
        else
            problem = $"{key}: write a list of objects.";

        return problem is null;
    }

    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}

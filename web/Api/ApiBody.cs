using System.Text.Json;

namespace ErrorHub.Web.Api;

/// <summary>
/// The JSON object of a request. Read by hand rather than bound: scripts send <c>null</c>, numbers and unknown keys, and a mistake
/// must come back as one sentence that names the key.
/// </summary>
internal sealed class ApiBody
{
    private const int MaxBytes = 256 * 1024;

    private readonly JsonElement _root;

    private ApiBody(JsonElement root) => _root = root;

    /// <summary>Reads the body, whatever its content type; the problem when it is not a JSON object or too large.</summary>
    public static async Task<(ApiBody? Body, string? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(chunk, cancellationToken)) > 0)
        {
            if (buffer.Length + read > MaxBytes)
                return (null, $"The body has more than {MaxBytes} bytes.");

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

    /// <summary>True or false; null when the key is missing or null.</summary>
    public bool TryGetFlag(string key, out bool? flag, out string? problem)
    {
        flag = null;
        problem = null;
        if (!_root.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
            return true;

        flag = value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null };
        problem = flag is null ? $"{key}: write true or false." : null;
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
}

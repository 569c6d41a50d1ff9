using System.Text.Json;
using ErrorHub.Scrubbing;

namespace ErrorHub.Privacy;

/// <summary>Walks over a stored event and says where something looks like a leak; what it is stays where it was.</summary>
internal static class LeakScanner
{
    // Enough to see what kind of text it is.
    private const int MostCharacters = 8 * 1024;

    /// <summary>Ours, and what identifies, versions and names code rather than people.</summary>
    private static readonly HashSet<string> PassedOver = new(StringComparer.Ordinal)
    {
        "errorhub", "_meta", "errors", "sdk", "modules", "debug_meta", "event_id", "timestamp", "received", "platform", "filename", "abs_path", "module",
        "function", "package", "raw_function", "context_line", "pre_context", "post_context", "instruction_addr", "symbol_addr", "image_addr", "fingerprint", "trace",
    };

    /// <summary>Lists of a name and a value each.</summary>
    private static readonly HashSet<string> Pairs = new(StringComparer.Ordinal) { "tags", "request.query_string", "request.headers", "request.cookies" };

    /// <summary>The rules and kinds of places of an event, each once.</summary>
    /// <param name="e">The event as stored.</param>
    /// <param name="policy">Whose safe keys are passed over: their owner wants what stands there.</param>
    public static IReadOnlySet<(string Rule, string Path)> Scan(JsonElement e, ScrubbingPolicy policy)
    {
        var found = new HashSet<(string, string)>();
        Walk(e, "", policy, found);
        return found;
    }

    private static void Walk(JsonElement element, string path, ScrubbingPolicy policy, HashSet<(string, string)> found)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in element.EnumerateObject())
                    WalkNamed(property.Name, property.Value, path, policy, found);

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray())
                    if (Pairs.Contains(path) && item is { ValueKind: JsonValueKind.Array } && item.GetArrayLength() == 2 && item[0].ValueKind == JsonValueKind.String)
                        WalkNamed(item[0].GetString()!, item[1], path, policy, found);
                    else
                        Walk(item, $"{path}[*]", policy, found);

                break;
            case JsonValueKind.String:
                Look(element.GetString()!, path, found);
                break;
            case JsonValueKind.Number:
                Look(element.GetRawText(), path, found);
                break;
        }
    }

    private static void WalkNamed(string name, JsonElement value, string path, ScrubbingPolicy policy, HashSet<(string, string)> found)
    {
        if (!PassedOver.Contains(name) && KeyRules.PlaceOf(name) is null && !policy.Names.IsKept(name))
            Walk(value, path.Length == 0 ? name : $"{path}.{name}", policy, found);
    }

    private static void Look(string text, string path, HashSet<(string, string)> found)
    {
        if (text.Length > MostCharacters)
            text = text[..MostCharacters];

        foreach (var detector in LeakDetector.All)
            if (detector.Finds(text))
                found.Add((detector.Rule, path));
    }
}

using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Normalization;

/// <summary>The tags an event is found by: those the app sent, and those its attributes stand for.</summary>
public static class DerivedTags
{
    private const int MaxValue = 200;
    private static readonly string[] NamedContexts = ["runtime", "os", "browser"];

    /// <summary>Keys unique; an attribute wins over a sent tag of its name. The user is no tag.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(SentryEvent e)
    {
        var tags = new List<KeyValuePair<string, string>>();
        HashSet<string> seen = [];
        foreach (var (key, value) in Attributes(e).Concat(e.Tags.Select(t => (t.Key, (string?)t.Value))))
            if (Clean(value) is { } text && seen.Add(key))
                tags.Add(new(key, text));

        return tags;
    }

    private static IEnumerable<(string Key, string? Value)> Attributes(SentryEvent e)
    {
        yield return ("level", e.Level.ToName());
        yield return ("environment", e.Environment);
        yield return ("release", e.Release);
        yield return ("dist", e.Dist);
        yield return ("server_name", e.ServerName);
        yield return ("transaction", e.Transaction);
        yield return ("logger", e.Logger);
        yield return ("handled", e.Handled switch { true => "yes", false => "no", null => null });
        yield return ("mechanism", e.Exceptions.LastOrDefault()?.Mechanism?.Type);
        foreach (var context in NamedContexts)
            foreach (var tag in OfContext(e, context))
                yield return tag;
    }

    private static IEnumerable<(string, string?)> OfContext(SentryEvent e, string context)
    {
        if (!e.Contexts.TryGetValue(context, out var element) || element.ValueKind != JsonValueKind.Object)
            yield break;

        var name = Text(element, "name");
        var version = Text(element, "version");
        yield return (context, name is null ? Text(element, "raw_description") : version is null ? name : $"{name} {version}");
        yield return (context + ".name", name);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? Clean(value.GetString()) : null;

    private static string? Clean(string? value)
    {
        var text = value?.ReplaceLineEndings(" ").Trim();
        return string.IsNullOrEmpty(text) ? null : Shortening.Cut(text, MaxValue);
    }
}

using System.Buffers;
using System.Text.Json;
using ErrorHub.Protocol.Json;

namespace ErrorHub.Protocol.Events.Reading;

/// <summary>Reads tags, and what old SDKs hid among them.</summary>
internal static class TagReader
{
    private const int MaxTags = 100;
    private const int MaxKey = 200;
    private const int MaxValue = 200;

    private static readonly SearchValues<char> KeyCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-");

    internal static void Read(JsonElement tags, JsonElement site, SentryEvent e, ValueReader values)
    {
        HashSet<string> seen = [];
        foreach (var (name, value) in values.Map(tags, "tags"))
            Add(name, value, seen, e, values);

        if (!ValueReader.IsAbsent(site))
            Add("site", site, seen, e, values);
    }

    private static void Add(string name, JsonElement value, HashSet<string> seen, SentryEvent e, ValueReader values)
    {
        if (ValueReader.IsAbsent(value))
            return;

        var key = name.Trim().Replace(' ', '-');
        switch (key)
        {
            case "environment":
                e.Environment ??= NameReader.Environment(value, values);
                return;
            // Sentry's own attributes by these names; a tag would hide them in searches.
            case "release" or "dist" or "user" or "filename" or "function":
                return;
        }

        if (key.StartsWith("sentry:", StringComparison.Ordinal))
            return;

        var text = ValueReader.Primitive(value)?.Trim();
        if (key.Length is 0 or > MaxKey || key.AsSpan().ContainsAnyExcept(KeyCharacters)
            || text is null || text.AsSpan().ContainsAny('\r', '\n'))
        {
            values.Refuse("tags." + FreeFormJson.Cut(key, MaxKey), value);
            return;
        }

        if (text.Length > 0 && e.Tags.Count < MaxTags && seen.Add(key))
            e.Tags.Add(new(key, FreeFormJson.Cut(text, MaxValue)));
    }
}

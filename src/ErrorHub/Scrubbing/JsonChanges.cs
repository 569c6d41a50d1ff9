using System.Globalization;
using System.Text.Json;

namespace ErrorHub.Scrubbing;

/// <summary>A place in which two events differ.</summary>
/// <param name="Path">Where, with dots between keys and numbers.</param>
/// <param name="Before">The value there was; null when there was none.</param>
/// <param name="After">The value there is; null when there is none.</param>
public sealed record JsonChange(string Path, JsonElement? Before, JsonElement? After);

/// <summary>The places in which two events differ, as deep down as they can be told.</summary>
internal static class JsonChanges
{
    /// <summary>Most of them.</summary>
    internal const int Max = 500;

    /// <summary>The differences, in the order of the first; its new keys last.</summary>
    /// <param name="before">One.</param>
    /// <param name="after">The other.</param>
    /// <param name="except">Keys of the whole that are not compared.</param>
    internal static List<JsonChange> Between(JsonElement before, JsonElement after, params string[] except)
    {
        List<JsonChange> changes = [];
        Compare("", before, after, except, changes);
        return changes;
    }

    private static void Compare(string path, JsonElement before, JsonElement after, string[] except, List<JsonChange> changes)
    {
        if (changes.Count >= Max)
            return;

        if (before.ValueKind == JsonValueKind.Object && after.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in before.EnumerateObject().Where(p => !except.Contains(p.Name)))
                if (after.TryGetProperty(property.Name, out var other))
                    Compare(Below(path, property.Name), property.Value, other, [], changes);
                else
                    changes.Add(new JsonChange(Below(path, property.Name), property.Value, null));

            foreach (var property in after.EnumerateObject().Where(p => !except.Contains(p.Name) && !before.TryGetProperty(p.Name, out _)))
                changes.Add(new JsonChange(Below(path, property.Name), null, property.Value));
        }
        else if (before.ValueKind == JsonValueKind.Array && after.ValueKind == JsonValueKind.Array && before.GetArrayLength() == after.GetArrayLength())
        {
            var index = 0;
            foreach (var (item, other) in before.EnumerateArray().Zip(after.EnumerateArray()))
                Compare(Below(path, (index++).ToString(CultureInfo.InvariantCulture)), item, other, [], changes);
        }
        else if (!JsonElement.DeepEquals(before, after))
        {
            changes.Add(new JsonChange(path, before, after));
        }
    }

    private static string Below(string path, string key) => path.Length == 0 ? key : $"{path}.{key}";
}

using ErrorHub.Issues;

namespace ErrorHub.Web.Api;

/// <summary>A tag of an issue with its most frequent values.</summary>
internal sealed record TagJson(string Key, string Name, long TotalValues, int UniqueValues, IReadOnlyList<TagValueJson> TopValues)
{
    public static TagJson Of(TagSummary tag) => new(
        tag.Key, tag.Key, tag.Events, tag.DistinctValues, [.. tag.TopValues.Select(value => TagValueJson.Of(tag.Key, value))]);
}

internal sealed record TagValueJson(
    string Key, string Name, string Value, long Count, DateTimeOffset FirstSeen, DateTimeOffset LastSeen)
{
    public static TagValueJson Of(string key, TagValue value) =>
        new(key, value.Value, value.Value, value.Events, value.FirstSeen, value.LastSeen);
}

/// <summary>A hash that leads to an issue, and the version of the algorithm that made it.</summary>
internal sealed record HashJson(string Id, HashOwnJson Errorhub);

internal sealed record HashOwnJson(int Version);

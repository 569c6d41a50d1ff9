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

/// <summary>A hash that leads to an issue.</summary>
internal sealed record HashJson(string Id, HashOwnJson Errorhub)
{
    public static HashJson Of(IssueHashRow row) => new(
        row.Hash.ToString(),
        new HashOwnJson(row.Hash.Version, row.Events, row.LastSeen, row.LatestEvent?.ToString(), row.Title, row.Culprit, row.MergedFrom));
}

/// <summary>What is ErrorHub's own about a hash.</summary>
/// <param name="Version">Version of the algorithm that made it.</param>
/// <param name="Events">Events stored, of very many the first 10,000.</param>
/// <param name="LastSeen">When the newest of them was received; null when none is stored.</param>
/// <param name="LatestEvent">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Culprit">Where it happened.</param>
/// <param name="MergedFrom">Short id of the issue it was merged from; null when it was not.</param>
internal sealed record HashOwnJson(
    int Version, int Events, DateTimeOffset? LastSeen, string? LatestEvent, string? Title, string? Culprit, string? MergedFrom);

/// <summary>Where unmerged hashes went.</summary>
/// <param name="Id">The issue; null when none of their events is stored: the next one makes it.</param>
/// <param name="ShortId">Its short id; null likewise.</param>
internal sealed record UnmergedJson(string? Id, string? ShortId);

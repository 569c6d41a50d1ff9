using System.Globalization;
using System.Text.Json.Serialization;
using ErrorHub.Events;

namespace ErrorHub.Web.Api;

internal sealed record KeyValueJson(string Key, string Value);

/// <summary>An event in lists.</summary>
internal sealed record EventRowJson(
    string Id, [property: JsonPropertyName("event.type")] string EventType, [property: JsonPropertyName("groupID")] string GroupId,
    [property: JsonPropertyName("eventID")] string EventId, [property: JsonPropertyName("projectID")] string ProjectId, string Title,
    string Message, string Platform, IReadOnlyList<KeyValueJson> Tags, DateTimeOffset DateCreated, DateTimeOffset DateReceived)
{
    public static EventRowJson Of(EventSummary row) => new(
        row.EventId.ToString(), "error", row.IssueId.ToString(), row.EventId.ToString(),
        row.ProjectId.ToString(CultureInfo.InvariantCulture), row.Title, row.Title, row.Platform, TagsOf(row), row.Timestamp, row.ReceivedAt);

    private static List<KeyValueJson> TagsOf(EventSummary row)
    {
        List<KeyValueJson> tags = [new("level", IssueJson.LevelOf(row.Level))];
        if (row.Environment.Length > 0)
            tags.Add(new KeyValueJson("environment", row.Environment));

        if (row.Release.Length > 0)
            tags.Add(new KeyValueJson("release", row.Release));

        return tags;
    }
}

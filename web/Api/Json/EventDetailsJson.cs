using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Web.Api;

/// <summary>One event with its body, in the shape of Sentry's Web API: not what SDKs send, but what its own pages read.</summary>
internal sealed record EventDetailsJson
{
    public required string Id { get; init; }

    [JsonPropertyName("eventID")]
    public required string EventId { get; init; }

    [JsonPropertyName("groupID")]
    public required string GroupId { get; init; }

    [JsonPropertyName("projectID")]
    public required string ProjectId { get; init; }

    /// <summary><c>error</c> with an exception, else <c>default</c>.</summary>
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required string Message { get; init; }

    public required string? Location { get; init; }

    public required string Culprit { get; init; }

    public required IssueMetadataJson Metadata { get; init; }

    public required string Platform { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset DateCreated { get; init; }

    public required DateTimeOffset DateReceived { get; init; }

    /// <summary>Bytes of the stored JSON.</summary>
    public required int Size { get; init; }

    public required IReadOnlyList<KeyValueJson> Tags { get; init; }

    public required EventUserJson? User { get; init; }

    public required IReadOnlyDictionary<string, JsonElement> Contexts { get; init; }

    /// <summary>What SDKs call extra.</summary>
    public required IReadOnlyDictionary<string, JsonElement> Context { get; init; }

    /// <summary>Installed modules with their versions.</summary>
    public required IReadOnlyDictionary<string, string?> Packages { get; init; }

    public required SdkJson? Sdk { get; init; }

    public required IReadOnlyList<EntryJson> Entries { get; init; }

    /// <summary>What was wrong with the event as sent.</summary>
    public required IReadOnlyList<EventErrorJson> Errors { get; init; }

    /// <summary>The hashes that lead to its issue.</summary>
    public required IReadOnlyList<string> Fingerprints { get; init; }

    public required ReleaseJson? Release { get; init; }

    public required string? Dist { get; init; }

    public required string? Environment { get; init; }

    [JsonPropertyName("previousEventID")]
    public required string? PreviousEventId { get; init; }

    [JsonPropertyName("nextEventID")]
    public required string? NextEventId { get; init; }

    public required EventOwnJson Errorhub { get; init; }

    public static EventDetailsJson Of(EventDetails details)
    {
        var (summary, e) = (details.Summary, details.Event);
        var heading = EventHeading.Of(e);
        var grouping = details.Grouping;
        return new EventDetailsJson
        {
            Id = summary.EventId.ToString(),
            EventId = summary.EventId.ToString(),
            GroupId = summary.IssueId.ToString(),
            ProjectId = summary.ProjectId.ToString(CultureInfo.InvariantCulture),
            Type = heading.Type is null ? "default" : "error",
            Title = summary.Title,
            Message = e.Message?.Text ?? heading.Value ?? "",
            Location = heading.Filename,
            Culprit = heading.Culprit,
            Metadata = new IssueMetadataJson(
                heading.Type is null ? summary.Title : null, heading.Type, heading.Value, heading.Filename, heading.Function),
            Platform = summary.Platform,
            DateCreated = summary.Timestamp,
            DateReceived = summary.ReceivedAt,
            Size = summary.BodyBytes,
            Tags = [.. DerivedTags.Of(e).Select(tag => new KeyValueJson(tag.Key, tag.Value)).OrderBy(tag => tag.Key, StringComparer.Ordinal)],
            User = e.User is { } user ? EventUserJson.Of(user) : null,
            Contexts = e.Contexts,
            Context = e.Extra,
            Packages = e.Modules,
            Sdk = e.Sdk is { } sdk ? new SdkJson(sdk.Name, sdk.Version) : null,
            Entries = EntryJson.Of(e),
            Errors = [.. e.Errors.Select(error => new EventErrorJson(error.Type, error.Name, new EventErrorDataJson(error.Name, error.Value)))],
            Fingerprints = [grouping.Hashes.Identity.ToString()],
            Release = ReleaseJson.Of(summary.Release),
            Dist = e.Dist,
            Environment = summary.Environment.Length == 0 ? null : summary.Environment,
            PreviousEventId = details.Neighbours.Previous?.ToString(),
            NextEventId = details.Neighbours.Next?.ToString(),
            Errorhub = new EventOwnJson(
                ScrubbedJson.Of(e.Receipt), e.Receipt?.Policy, "accepted", details.Neighbours.First.ToString(), details.Neighbours.Last.ToString(),
                EventGroupingJson.Of(grouping)),
        };
    }
}

internal sealed record EventUserJson(
    string? Id, string? Email, string? Username, string? Name, [property: JsonPropertyName("ip_address")] string? IpAddress,
    JsonElement? Geo, IReadOnlyDictionary<string, JsonElement> Data)
{
    public static EventUserJson Of(SentryUser user) =>
        new(user.Id, user.Email, user.Username, user.Name, user.IpAddress, user.Geo, user.Data);
}

internal sealed record SdkJson(string? Name, string? Version);

internal sealed record EventErrorJson(string Type, string Message, EventErrorDataJson Data);

internal sealed record EventErrorDataJson(string Name, string? Value);

/// <summary>What is ErrorHub's own about an event.</summary>
/// <param name="Scrubbed">What was removed before it was stored: where, by which rule, how often and about how long, never what.</param>
/// <param name="ScrubbingPolicy">Name and version of the rules; null for an event that was stored before there were receipts.</param>
/// <param name="Outcome">What became of it: it is stored, so accepted.</param>
/// <param name="FirstEventId">The issue's oldest stored event.</param>
/// <param name="LastEventId">The issue's newest.</param>
/// <param name="Grouping">What grouped it, part by part.</param>
internal sealed record EventOwnJson(
    IReadOnlyList<ScrubbedJson> Scrubbed, string? ScrubbingPolicy, string Outcome, [property: JsonPropertyName("firstEventID")] string FirstEventId,
    [property: JsonPropertyName("lastEventID")] string LastEventId, EventGroupingJson Grouping);

/// <summary>How an event was grouped.</summary>
/// <param name="Version">Version of the rules.</param>
/// <param name="Variant">The rule that spoke: app, system, message or custom.</param>
/// <param name="Identity">Events with this hash are one issue.</param>
/// <param name="Strict">Hash of the whole call path.</param>
/// <param name="Family">Hash of the place alone.</param>
/// <param name="Parts">The parts of the event, outermost exception first, each with whether it counted and why not.</param>
internal sealed record EventGroupingJson(
    string Version, string Variant, string Identity, string Strict, string Family, IReadOnlyList<GroupingPart> Parts)
{
    public static EventGroupingJson Of(GroupingExplanation explanation) => new(
        explanation.Hashes.Identity.Version.ToString(CultureInfo.InvariantCulture), explanation.Variant,
        explanation.Hashes.Identity.ToString(), explanation.Hashes.Strict.ToString(), explanation.Hashes.Family.ToString(), explanation.Parts);
}

internal sealed record ScrubbedJson(string Path, string Rule, string Action, int Count, string Length)
{
    public static IReadOnlyList<ScrubbedJson> Of(ScrubbingReceipt? receipt) =>
        [.. (receipt?.Removals ?? []).Select(r => new ScrubbedJson(r.Path, r.Rule, r.Action, r.Count, r.Length))];
}

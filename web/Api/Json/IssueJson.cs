using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Serialization;
using ErrorHub.Issues;
using ErrorHub.Protocol.Events;
using ErrorHub.Web.Hosting;
using ErrorHub.Web.Shared;

namespace ErrorHub.Web.Api;

/// <summary>An issue in lists.</summary>
internal record IssueJson
{
    public required string Id { get; init; }

    public required string ShortId { get; init; }

    public required string Title { get; init; }

    public required string Culprit { get; init; }

    public required string Permalink { get; init; }

    public string? Logger { get; init; }

    public required string Level { get; init; }

    public required string Status { get; init; }

    public IReadOnlyDictionary<string, string> StatusDetails { get; init; } = new Dictionary<string, string>();

    public required string? Substatus { get; init; }

    public bool IsPublic { get; init; }

    public required string Platform { get; init; }

    public required IssueProjectJson Project { get; init; }

    /// <summary><c>error</c> with an exception, else <c>default</c>.</summary>
    public required string Type { get; init; }

    public required IssueMetadataJson Metadata { get; init; }

    public string IssueCategory { get; init; } = "error";

    public string IssueType { get; init; } = "error";

    public required string Priority { get; init; }

    public int NumComments { get; init; }

    public AssigneeJson? AssignedTo { get; init; }

    public bool IsBookmarked { get; init; }

    public bool IsSubscribed { get; init; }

    public bool HasSeen { get; init; }

    public IReadOnlyList<string> Annotations { get; init; } = [];

    public required bool IsUnhandled { get; init; }

    /// <summary>Events in the time and environment asked for; a text, as in Sentry.</summary>
    public required string Count { get; init; }

    public required long UserCount { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset LastSeen { get; init; }

    /// <summary>Pairs of Unix seconds and events under <c>24h</c>, and on the issue itself under <c>30d</c> too.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<long[]>> Stats { get; init; }

    public required IssueOwnJson Errorhub { get; init; }

    public static IssueJson Of(IssueRow row, PublicAddress address, DateTimeOffset now) => Fill(row, address, now);

    /// <summary>Sentry's name of a status.</summary>
    public static string StatusOf(IssueStatus status) => status switch
    {
        IssueStatus.Resolved => "resolved",
        IssueStatus.Archived => "ignored",
        _ => "unresolved",
    };

    /// <summary>Sentry's name of a level.</summary>
    public static string LevelOf(SentryLevel level) => level switch
    {
        SentryLevel.Fatal => "fatal",
        SentryLevel.Warning => "warning",
        SentryLevel.Info => "info",
        SentryLevel.Debug => "debug",
        _ => "error",
    };

    protected static long[][] Series(IReadOnlyList<long> counts, DateTimeOffset last, TimeSpan step) =>
        [.. counts.Select((count, i) => new[] { (last - ((counts.Count - 1 - i) * step)).ToUnixTimeSeconds(), count })];

    private static IssueJson Fill(IssueRow row, PublicAddress address, DateTimeOffset now) => new()
    {
        Id = row.Id.ToString(),
        ShortId = row.ShortId,
        Title = row.Title,
        Culprit = row.Culprit,
        Permalink = address.BaseUrl + Urls.Issue(row.Id),
        Logger = row.Logger,
        Level = LevelOf(row.Level),
        Status = StatusOf(row.Status),
        Substatus = SubstatusOf(row),
        Platform = row.Platform,
        Project = new IssueProjectJson(row.ProjectId.ToString(CultureInfo.InvariantCulture), row.ProjectName, row.ProjectSlug),
        Type = row.Type is null ? "default" : "error",
        Metadata = new IssueMetadataJson(row.Type is null ? row.Title : null, row.Type, row.Value, row.Filename, row.Function),
        Priority = row.Severity.Band switch { "P1" or "P2" => "high", "P3" => "medium", _ => "low" },
        AssignedTo = row.AssigneeId is { } assignee ? new AssigneeJson("user", assignee.ToString(), row.AssigneeName ?? "") : null,
        IsUnhandled = row.Handled == false,
        Count = row.Events.ToString(CultureInfo.InvariantCulture),
        UserCount = row.Users,
        FirstSeen = row.FirstSeen,
        LastSeen = row.LastSeen,
        Stats = new Dictionary<string, IReadOnlyList<long[]>>
        {
            ["24h"] = Series(row.Last24Hours, new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour), TimeSpan.Zero), TimeSpan.FromHours(1)),
        },
        Errorhub = new IssueOwnJson(row.Severity, row.Regressions, row.Environment, row.TotalEvents, row.KeptEvents, null),
    };

    private static string? SubstatusOf(IssueRow row) => (row.Status, row.Substatus) switch
    {
        (IssueStatus.Resolved, _) => null,
        (IssueStatus.Archived, _) => "archived_forever",
        (_, IssueSubstatus.New) => "new",
        (_, IssueSubstatus.Regressed) => "regressed",
        (_, IssueSubstatus.Escalating) => "escalating",
        _ => "ongoing",
    };
}

/// <summary>An issue with its tags and history.</summary>
internal sealed record IssueDetailsJson : IssueJson
{
    [SetsRequiredMembers]
    private IssueDetailsJson(IssueJson row)
        : base(row)
    {
    }

    public ReleaseJson? FirstRelease { get; private init; }

    public ReleaseJson? LastRelease { get; private init; }

    public IReadOnlyList<TagJson> Tags { get; private init; } = [];

    public IReadOnlyList<IssueActivityJson> Activity { get; private init; } = [];

    public IReadOnlyList<string> SeenBy { get; init; } = [];

    public IReadOnlyList<string> Participants { get; init; } = [];

    public int UserReportCount { get; init; }

    public static IssueDetailsJson Of(IssueDetails details, PublicAddress address, DateTimeOffset now)
    {
        var row = IssueJson.Of(details.Row, address, now);
        return new IssueDetailsJson(row)
        {
            FirstRelease = ReleaseJson.Of(details.Row.FirstRelease),
            LastRelease = ReleaseJson.Of(details.Row.LastRelease),
            Tags = [.. details.Tags.Select(TagJson.Of)],
            Activity = [.. details.History.Select((entry, i) => IssueActivityJson.Of(entry, details.History.Count - i))],
            Stats = new Dictionary<string, IReadOnlyList<long[]>>(row.Stats)
            {
                ["30d"] = Series(details.Last30Days, new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero), TimeSpan.FromDays(1)),
            },
            Errorhub = row.Errorhub with
            {
                Grouping = new GroupingJson(
                    details.GroupingVersion.ToString(CultureInfo.InvariantCulture), details.GroupingVariant, details.GroupingWhy),
            },
        };
    }
}

internal sealed record IssueProjectJson(string Id, string Name, string Slug);

/// <summary>Title of a message, or type and value of an exception; absent is not null, as in Sentry.</summary>
internal sealed record IssueMetadataJson(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Type,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Value,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Filename,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Function);

internal sealed record AssigneeJson(string Type, string Id, string Name);

internal sealed record ReleaseJson(string Version)
{
    public static ReleaseJson? Of(string version) => version.Length == 0 ? null : new ReleaseJson(version);
}

/// <summary>What is ErrorHub's own about an issue.</summary>
internal sealed record IssueOwnJson(
    IssueSeverity Severity, int Regressions, string Environment, long TotalEvents, long KeptEvents,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] GroupingJson? Grouping);

internal sealed record GroupingJson(string Version, string Variant, IReadOnlyList<string> Why);

internal sealed record IssueActivityJson(
    string Id, string Type, ActorJson? User, IReadOnlyDictionary<string, string> Data, DateTimeOffset DateCreated)
{
    public static IssueActivityJson Of(IssueHistoryEntry entry, int number)
    {
        var data = new Dictionary<string, string>();
        if (entry.EventId is { } eventId)
            data["event_id"] = eventId;

        if (entry.Release is { } release)
            data["version"] = release;

        if (entry.Other is { } other)
            data["issue"] = other;

        return new IssueActivityJson(
            number.ToString(CultureInfo.InvariantCulture), TypeOf(entry.Kind),
            entry.UserName is { } name ? new ActorJson(name) : null, data, entry.At);
    }

    private static string TypeOf(IssueTransitionKind kind) => kind switch
    {
        IssueTransitionKind.Created => "first_seen",
        IssueTransitionKind.Resolved => "set_resolved",
        IssueTransitionKind.Regressed => "set_regression",
        IssueTransitionKind.Archived => "set_ignored",
        IssueTransitionKind.Reopened => "set_unresolved",
        IssueTransitionKind.Merged => "merge",
        IssueTransitionKind.Parted => "unmerge_source",
        IssueTransitionKind.PartedFrom => "unmerge_destination",
        _ => "assigned",
    };
}

internal sealed record ActorJson(string Name);

/// <summary>What a PUT takes and, for several issues, gives back.</summary>
internal sealed record IssueChangeJson(
    string? Status, IReadOnlyDictionary<string, string> StatusDetails, string? Substatus, AssigneeJson? AssignedTo, bool? HasSeen,
    bool? IsBookmarked, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] MergeJson? Merge = null);

/// <summary>What became of merged issues.</summary>
/// <param name="Parent">The issue they are now.</param>
/// <param name="Children">Those that are part of it.</param>
internal sealed record MergeJson(string Parent, IReadOnlyList<string> Children);

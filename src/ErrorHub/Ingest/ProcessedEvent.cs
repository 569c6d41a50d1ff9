using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Normalization;
using ErrorHub.Privacy;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Ingest;

/// <summary>
/// An event after the pure part of its path: normalised, fingerprinted and compressed, with the few columns that lists and
/// rollups need. The writer stores it as it is and looks into nothing.
/// </summary>
public sealed record ProcessedEvent
{
    /// <summary>Our key, time-ordered.</summary>
    public required Guid Id { get; init; }

    /// <summary>Project it belongs to.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The SDK's id, unique in the project.</summary>
    public required SentryId EventId { get; init; }

    /// <summary>When the server received it, UTC, microseconds.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it happened, corrected for clock drift, UTC, microseconds.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Days it is kept, part of the partition key.</summary>
    public required short RetentionDays { get; init; }

    /// <summary>What identifies its issue.</summary>
    public required GroupingResult Grouping { get; init; }

    /// <summary>What the issue shows of it in lists.</summary>
    public required EventHeading Heading { get; init; }

    /// <summary>Level.</summary>
    public required SentryLevel Level { get; init; }

    /// <summary>Platform, lower case.</summary>
    public required string Platform { get; init; }

    /// <summary>Sentry's data category: <c>error</c> with exceptions, else <c>default</c>.</summary>
    public required string Category { get; init; }

    /// <summary>Logger.</summary>
    public string? Logger { get; init; }

    /// <summary>Environment; empty when the sender gave none.</summary>
    public required string Environment { get; init; }

    /// <summary>Release; empty when the sender gave none.</summary>
    public required string Release { get; init; }

    /// <summary>16 bytes that are equal for equal users, from which nobody can be looked up; null when the user is unknown.</summary>
    public byte[]? UserHash { get; init; }

    /// <summary>Trace, 32 hex digits; null when none.</summary>
    public string? TraceId { get; init; }

    /// <summary>False when the app would have crashed; null when unknown.</summary>
    public bool? Handled { get; init; }

    /// <summary>Tags, sent and derived (<c>level</c>, <c>release</c>, <c>environment</c>, <c>server_name</c> …), keys unique.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Tags { get; init; }

    /// <summary>Name and version of the rules it was scrubbed by; empty for one that an older program processed.</summary>
    public string Policy { get; init; } = "";

    /// <summary>What scrubbing took out of it, by rule and place; no more than its receipt has.</summary>
    public IReadOnlyList<RemovalCount> Removals { get; init; } = [];

    /// <summary>The normalised JSON, compressed as <see cref="Codec"/> says.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>How <see cref="Body"/> is compressed.</summary>
    public required PayloadCodecKind Codec { get; init; }

    /// <summary>Bytes of the JSON before compression.</summary>
    public required int BodyBytes { get; init; }
}

using ErrorHub.Accounts;
using MediatR;

namespace ErrorHub.Issues;

/// <summary>One issue by id; null when the caller sees no such issue.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue.</param>
public sealed record GetIssue(AccessScope Scope, Guid IssueId) : IRequest<IssueDetails?>;

/// <summary>An issue's page without its events.</summary>
/// <param name="Row">What lists show, with counts over all time.</param>
/// <param name="GroupingVersion">Version of the grouping algorithm that made it.</param>
/// <param name="GroupingVariant">Which rule spoke.</param>
/// <param name="GroupingWhy">What contributed, in order.</param>
/// <param name="Last30Days">Events of the last 30 days, oldest day first, UTC days, 30 numbers.</param>
/// <param name="Tags">Tags with their most frequent values.</param>
/// <param name="History">Newest first.</param>
/// <param name="Environments">Environments it was seen in.</param>
public sealed record IssueDetails(
    IssueRow Row, short GroupingVersion, string GroupingVariant, IReadOnlyList<string> GroupingWhy,
    IReadOnlyList<long> Last30Days, IReadOnlyList<TagSummary> Tags, IReadOnlyList<IssueHistoryEntry> History,
    IReadOnlyList<string> Environments);

/// <summary>A tag of an issue.</summary>
/// <param name="Key">The tag.</param>
/// <param name="Events">Events that carry it.</param>
/// <param name="DistinctValues">How many values it has.</param>
/// <param name="TopValues">The most frequent, at most 10.</param>
public sealed record TagSummary(string Key, long Events, int DistinctValues, IReadOnlyList<TagValue> TopValues);

/// <summary>One value of a tag.</summary>
/// <param name="Value">The value.</param>
/// <param name="Events">Events that carry it.</param>
/// <param name="FirstSeen">First seen.</param>
/// <param name="LastSeen">Last seen.</param>
public sealed record TagValue(string Value, long Events, DateTimeOffset FirstSeen, DateTimeOffset LastSeen);

/// <summary>One step of an issue's history.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="At">When.</param>
/// <param name="UserName">Who; null when an event did it.</param>
/// <param name="EventId">The SDK's id of that event, 32 hex digits; null when a person did it.</param>
/// <param name="Release">Release of that event.</param>
public sealed record IssueHistoryEntry(IssueTransitionKind Kind, DateTimeOffset At, string? UserName, string? EventId, string? Release);

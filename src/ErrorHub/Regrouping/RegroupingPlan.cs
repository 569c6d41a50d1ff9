using System.Text.Json;

namespace ErrorHub.Regrouping;

/// <summary>What a change of rules does to the issues there are. Hashes are 32 hex digits.</summary>
/// <param name="Days">How far back events were looked at.</param>
/// <param name="Events">Events that were looked at.</param>
/// <param name="EventsOfEach">At most so many of each hash, the newest.</param>
/// <param name="IssuesBefore">Their issues.</param>
/// <param name="IssuesAfter">How many they become.</param>
/// <param name="NewHashes">Hashes that are to lead to issues.</param>
/// <param name="Merges">Issues that become one.</param>
/// <param name="Splits">Parts that leave their issues.</param>
public sealed record RegroupingPlan(
    int Days, int Events, int EventsOfEach, int IssuesBefore, int IssuesAfter, IReadOnlyList<NewHash> NewHashes,
    IReadOnlyList<PlannedMerge> Merges, IReadOnlyList<PlannedSplit> Splits)
{
    /// <summary>Issues that become part of fewer.</summary>
    public int Merged => Merges.Sum(m => m.Issues.Count);

    /// <summary>Issues of which a part leaves.</summary>
    public int Split => Splits.Select(s => s.IssueId).Distinct().Count();

    /// <summary>Merges of issues that different people are assigned to.</summary>
    public int Conflicts => Merges.Count(m => m.Issues.Select(i => i.AssigneeId).OfType<Guid>().Distinct().Count() > 1);

    /// <summary>True when no issue becomes another one.</summary>
    public bool IsEmpty => Merges.Count == 0 && Splits.Count == 0;

    /// <summary>The plan with other titles.</summary>
    internal RegroupingPlan WithTitles(Func<string, string> titleOf) => this with
    {
        Merges = [.. Merges.Select(m => m with { Issues = [.. m.Issues.Select(i => i with { Title = titleOf(i.Title) })] })],
        Splits = [.. Splits.Select(s => s with { Title = titleOf(s.Title) })],
    };

    internal string ToJson() => JsonSerializer.Serialize(this);

    internal static RegroupingPlan Parse(string json) => JsonSerializer.Deserialize<RegroupingPlan>(json)!;
}

/// <summary>A hash that events get by the new rules, and what it is to lead to.</summary>
/// <param name="Hash">The hash.</param>
/// <param name="IssueId">The issue; null when it is that of <paramref name="Part"/>.</param>
/// <param name="Part">The part, see <see cref="PlannedSplit.Part"/>, that is an issue by then; null when there is an issue.</param>
public sealed record NewHash(string Hash, Guid? IssueId, string? Part);

/// <summary>An issue as it was when the change was tried.</summary>
/// <param name="Id">The issue.</param>
/// <param name="ShortId">Such as <c>SHOP-12</c>.</param>
/// <param name="Title">Its title.</param>
/// <param name="Events">All events it has counted.</param>
/// <param name="AssigneeId">Who it is assigned to; null for nobody.</param>
public sealed record PlannedIssue(Guid Id, string ShortId, string Title, long Events, Guid? AssigneeId);

/// <summary>Issues that become one.</summary>
/// <param name="Issues">The issues.</param>
/// <param name="Parts">Parts of other issues that join them, see <see cref="PlannedSplit.Part"/>.</param>
public sealed record PlannedMerge(IReadOnlyList<PlannedIssue> Issues, IReadOnlyList<string> Parts);

/// <summary>A part of an issue that leaves it.</summary>
/// <param name="IssueId">The issue.</param>
/// <param name="ShortId">Its short id.</param>
/// <param name="Title">Title of one of the events that leave.</param>
/// <param name="Hash">Hash of the events.</param>
/// <param name="NewHash">The one that such events get from then on.</param>
/// <param name="Part">The one that those stored get. It is of this part alone, so that the part can leave whatever the new hash leads to.</param>
/// <param name="Events">How many of those looked at.</param>
/// <param name="EventId">The SDK's id of one of them.</param>
public sealed record PlannedSplit(
    Guid IssueId, string ShortId, string Title, string Hash, string NewHash, string Part, int Events, string EventId);

/// <summary>What has been done of a change, in order, so that it can be taken back.</summary>
/// <remarks>All is noted before it is done, since a process may end in between: taking back what was not done does nothing.</remarks>
/// <param name="Steps">Splits, then the rules, then merges that are done.</param>
/// <param name="Merges">What was merged.</param>
/// <param name="Splits">What was split off.</param>
/// <param name="Returns">What was taken out again of issues of new hashes, while taking the change back.</param>
internal sealed record RegroupingDone(int Steps, List<DoneMerge> Merges, List<DoneSplit> Splits, List<DoneSplit> Returns)
{
    internal string ToJson() => JsonSerializer.Serialize(this);

    internal static RegroupingDone Parse(string? json) => json is null ? new(0, [], [], []) : JsonSerializer.Deserialize<RegroupingDone>(json)!;
}

/// <summary>An issue that may have been merged away, and the hashes that led to it.</summary>
internal sealed record DoneMerge(Guid IssueId, List<string> Hashes);

/// <summary>A part that left the issue of a hash, or is to join it.</summary>
internal sealed record DoneSplit(string Hash, string Part);

using System.Text.Json;
using ErrorHub.Regrouping;

namespace ErrorHub.Web.Api;

/// <summary>A project's rules of grouping.</summary>
internal sealed record GroupingRulesJson(string Rules, IReadOnlyList<GroupingChangeJson> Changes);

/// <summary>Rules to try.</summary>
/// <param name="Rules">A rule a line.</param>
/// <param name="Days">How far back to look: 1 to 90, 7 when left out.</param>
internal sealed record GroupingTrialJson(string Rules, int? Days);

/// <summary>What to make of a change.</summary>
/// <param name="State"><c>applied</c> or <c>undone</c>.</param>
internal sealed record GroupingStateJson(string State);

/// <summary>A change of rules, and what it does to the issues there are.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State"><c>tried</c>, <c>applying</c>, <c>applied</c>, <c>undoing</c>, <c>undone</c>.</param>
/// <param name="StateChangedAt">Since when.</param>
/// <param name="TriedBy">Who tried it.</param>
/// <param name="Rules">The rules after it.</param>
/// <param name="RulesBefore">The rules before it.</param>
/// <param name="Days">How far back events were looked at.</param>
/// <param name="Events">How many were looked at.</param>
/// <param name="EventsOfEach">At most so many of a hash, the newest.</param>
/// <param name="IssuesBefore">Their issues.</param>
/// <param name="IssuesAfter">How many they become.</param>
/// <param name="Merged">Issues that become part of fewer.</param>
/// <param name="Split">Issues of which a part leaves.</param>
/// <param name="Conflicts">Merges of issues with different assignees.</param>
/// <param name="Merges">What is merged.</param>
/// <param name="Splits">What leaves its issue.</param>
internal sealed record GroupingChangeJson(
    Guid Id, string State, DateTimeOffset StateChangedAt, string TriedBy, string Rules, string RulesBefore, int Days, int Events, int EventsOfEach,
    int IssuesBefore, int IssuesAfter, int Merged, int Split, int Conflicts, IReadOnlyList<PlannedMerge> Merges, IReadOnlyList<PlannedSplit> Splits)
{
    public static GroupingChangeJson Of(GroupingChangeDetails details)
    {
        var (change, plan) = (details.Change, details.Plan);
        return new(
            change.Id, JsonNamingPolicy.CamelCase.ConvertName(change.State.ToString()), change.StateChangedAt, change.TriedBy, change.After ?? "",
            change.Before ?? "", plan.Days, plan.Events, plan.EventsOfEach, plan.IssuesBefore, plan.IssuesAfter, plan.Merged, plan.Split, plan.Conflicts,
            plan.Merges, plan.Splits);
    }
}

using ErrorHub.Grouping.Rules;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping;

/// <summary>How an event reached its fault.</summary>
/// <param name="Hash">Its strict hash.</param>
/// <param name="Parts">The types and the functions of the app on the way, the nearest to the fault first.</param>
public sealed record CallPath(IssueHash Hash, IReadOnlyList<string> Parts);

/// <summary>
/// The call paths of a project that were split off their issues, as text: identity and strict hash in hex with a colon between, then a
/// space. Text, since it comes with the project's keys, and those are compared and kept in a file.
/// </summary>
public static class CallPaths
{
    /// <summary>The text of these pairs; null when there are none.</summary>
    public static string? TextOf(IEnumerable<(byte[] Identity, byte[] Strict)> splits)
    {
        var text = string.Join(' ', splits.Select(s => $"{Convert.ToHexStringLower(s.Identity)}:{Convert.ToHexStringLower(s.Strict)}").Order(StringComparer.Ordinal));
        return text.Length == 0 ? null : text;
    }

    /// <summary>How an event is grouped in a project with splits: by its call path when that was split off.</summary>
    public static GroupingResult Divide(GroupingResult grouping, SentryEvent e, string? splits, GroupingRules? rules = null)
    {
        if (splits is null || !splits.Contains($"{grouping.Hash}:", StringComparison.Ordinal))
            return grouping;

        var path = Grouper.CallPathOf(e, rules);
        return splits.Contains($"{grouping.Hash}:{path.Hash}", StringComparison.Ordinal)
            ? grouping with { Hash = path.Hash, Why = [.. grouping.Why, $"call path: {string.Join(" ← ", path.Parts)}"] }
            : grouping;
    }
}

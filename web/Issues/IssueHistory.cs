using ErrorHub.Issues;

namespace ErrorHub.Web.Issues;

/// <summary>The steps of an issue's history in words.</summary>
internal static class IssueHistory
{
    /// <summary>What happened, and by whom or in which release; the second is empty when that is not known.</summary>
    public static (string What, string Detail) Describe(IssueHistoryEntry entry)
    {
        var release = entry.Release is { Length: > 0 } name ? "in " + name : "";
        var person = entry.UserName is { } user ? "by " + user : "";
        var (what, detail) = entry.Kind switch
        {
            IssueTransitionKind.Created => ("First seen", release),
            IssueTransitionKind.Regressed => ("Regressed", release),
            IssueTransitionKind.Resolved => ("Resolved", person),
            IssueTransitionKind.Archived => ("Archived", person),
            IssueTransitionKind.Reopened => ("Reopened", person),
            IssueTransitionKind.Assigned => ("Assignment changed", person),
            IssueTransitionKind.Merged => ($"{entry.Other} merged into it", person),
            IssueTransitionKind.Parted => (entry.Other is { } other ? $"{other} taken out of it" : "Hashes taken out of it", person),
            IssueTransitionKind.PartedFrom => ($"Taken out of {entry.Other}", person),
            _ => (entry.Kind.ToString(), person),
        };
        // What happened to an issue before it was merged. A short id at the beginning stays as it is.
        return entry.Of is { } merged
            ? ($"{merged}: {(char.IsUpper(what[1]) ? what : char.ToLowerInvariant(what[0]) + what[1..])}", detail)
            : (what, detail);
    }
}

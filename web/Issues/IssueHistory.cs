using ErrorHub.Issues;

namespace ErrorHub.Web.Issues;

/// <summary>The steps of an issue's history in words.</summary>
internal static class IssueHistory
{
    public static string Describe(IssueHistoryEntry entry)
    {
        var who = entry.UserName ?? "Someone who has left";
        var release = entry.Release is { Length: > 0 } name ? " in " + name : "";
        return entry.Kind switch
        {
            IssueTransitionKind.Created => "First seen" + release,
            IssueTransitionKind.Regressed => "Came back" + release,
            IssueTransitionKind.Resolved => who + " resolved it",
            IssueTransitionKind.Archived => who + " archived it",
            IssueTransitionKind.Reopened => who + " reopened it",
            IssueTransitionKind.Assigned => who + " changed the assignment",
            _ => entry.Kind.ToString(),
        };
    }
}

using ErrorHub.Accounts;
using ErrorHub.Issues;

namespace ErrorHub.Web.Api;

/// <summary>What a script asks to change about issues, and what it is told in return.</summary>
/// <param name="Status">New state; null to leave it.</param>
/// <param name="Assignment">New assignee; null to leave it.</param>
/// <param name="Merge">True to make one issue of them.</param>
/// <param name="Echo">What of it is told in return.</param>
internal sealed record IssueChange(IssueStatus? Status, Assignment? Assignment, bool Merge, IssueChangeJson Echo)
{
    /// <summary>Reads the body; the problem when something in it cannot be done.</summary>
    public static async Task<(IssueChange? Change, string? Problem)> ReadAsync(
        HttpRequest request, ApiCaller caller, CancellationToken cancellationToken)
    {
        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken);
        if (body is null
            || !body.TryGetText("status", out var status, out problem)
            || !body.TryGetText("substatus", out var substatus, out problem)
            || !body.TryGetText("assignedTo", out var assignee, out problem)
            || !body.TryGetFlag("hasSeen", out var hasSeen, out problem)
            || !body.TryGetFlag("isBookmarked", out var isBookmarked, out problem)
            || !body.TryGetFlag("merge", out var merge, out problem))
            return (null, problem);

        if (!TryReadStatus(status, out var newStatus))
            return (null, "status: write resolved, unresolved or ignored.");

        Assignment? assignment = null;
        AssigneeJson? assigned = null;
        if (body.Has("assignedTo"))
        {
            assignment = new Assignment(null);
            if (!string.IsNullOrEmpty(assignee))
            {
                if (await caller.SendAsync(scope => new FindUser(scope, assignee), cancellationToken) is not { } person)
                    return (null, "assignedTo: there is no such person. Write an e-mail address, user:ID, me, or null for nobody.");

                assignment = new Assignment(person.Id);
                assigned = new AssigneeJson("user", person.Id.ToString(), person.Name);
            }
        }

        var echo = new IssueChangeJson(
            newStatus is { } changed ? IssueJson.StatusOf(changed) : null, new Dictionary<string, string>(),
            newStatus is null ? substatus : null, assigned, hasSeen, isBookmarked);
        return (new IssueChange(newStatus, assignment, merge == true, echo), null);
    }

    private static bool TryReadStatus(string? text, out IssueStatus? status)
    {
        status = text switch
        {
            "resolved" or "resolvedInNextRelease" or "resolvedInUpcomingRelease" => IssueStatus.Resolved,
            "unresolved" => IssueStatus.Unresolved,
            "ignored" or "archived" => IssueStatus.Archived,
            _ => null,
        };
        return status is not null || string.IsNullOrEmpty(text);
    }
}

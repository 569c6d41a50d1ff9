using ErrorHub.Protocol;
using ErrorHub.Web.Issues;

namespace ErrorHub.Web.Shared;

/// <summary>Every address the pages link to, in one place; contract.md section 6 keeps them.</summary>
internal static class Urls
{
    public const string Issues = "/issues";
    public const string IssueActions = "/issues/actions";
    public const string IssuesLive = "/issues/live";
    public const string Projects = "/projects";
    public const string NewProject = "/projects/new";
    public const string Stats = "/stats";
    public const string DeadLetterActions = "/stats/dead-letters";
    public const string Settings = "/settings";
    public const string People = "/settings/people";
    public const string Activity = "/settings/activity";
    public const string Login = "/account/login";
    public const string Logout = "/account/logout";
    public const string Setup = "/setup";
    public const string Theme = "/theme";
    public const string NotFound = "/not-found";

    public static string IssueList(IssueFilter filter) => Issues + filter.ToQueryString();

    /// <summary>The list narrowed to one value of a tag, in every state.</summary>
    public static string IssuesWithTag(string projectSlug, string key, string value) =>
        IssueList(new IssueFilter { Projects = [projectSlug], Query = $"{key}:{Quoted(value)}", Tab = IssueTab.All, Period = "all" });

    public static string Issue(Guid issueId) => $"/issues/{issueId}";

    public static string IssueEvents(Guid issueId, string? cursor = null) =>
        $"/issues/{issueId}/events" + (cursor is null ? "" : "?cursor=" + Uri.EscapeDataString(cursor));

    public static string CallPaths(Guid issueId) => $"/issues/{issueId}/paths";

    public static string LatestEvent(Guid issueId) => $"/issues/{issueId}/events/latest";

    public static string Event(Guid issueId, SentryId eventId) => $"/issues/{issueId}/events/{eventId}";

    public static string Attachment(Guid issueId, SentryId eventId, Guid attachmentId) => $"{Event(issueId, eventId)}/attachments/{attachmentId}";

    public static string EventJson(Guid issueId, SentryId eventId) => Event(issueId, eventId) + "/json";

    public static string EventMarkdown(Guid issueId, SentryId eventId) => Event(issueId, eventId) + "/markdown";

    public static string ProjectSettings(string slug) => $"/projects/{Uri.EscapeDataString(slug)}/settings";

    public static string ProjectPrivacy(string slug) => ProjectSettings(slug) + "/privacy";

    /// <summary>The Privacy page with a rule filled in that a finding asks for, not saved.</summary>
    public static string ProposedRule(string slug, string rule, string path) =>
        ProjectPrivacy(slug) + $"?rule={Uri.EscapeDataString(rule)}&place={Uri.EscapeDataString(path)}";

    public static string ProjectRemovals(string slug) => ProjectSettings(slug) + "/removed";

    public static string ProjectGrouping(string slug) => ProjectSettings(slug) + "/grouping";

    public static string ProjectOnboarding(string slug) => $"/projects/{Uri.EscapeDataString(slug)}/onboarding";

    public static string FirstEvent(string slug) => $"/projects/{Uri.EscapeDataString(slug)}/first-event";

    /// <summary>
    /// <paramref name="path"/> when it leads to this site, else <paramref name="fallback"/>: forms send the page to go back to, and
    /// <c>//evil.example</c> and <c>/\evil.example</c> are other hosts to a browser.
    /// </summary>
    public static string LocalOr(string? path, string fallback) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) ? path : fallback;

    private static string Quoted(string value) =>
        value.Any(c => char.IsWhiteSpace(c) || c is '"' or ':' or '(' or ')' or '*')
            ? "\"" + value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\""
            : value;
}

using ErrorHub.Protocol;

namespace ErrorHub.Web.Shared;

/// <summary>Every address the pages link to, in one place; contract.md section 6 keeps them.</summary>
internal static class Urls
{
    public const string Issues = "/issues";
    public const string IssuesLive = "/issues/live";
    public const string Projects = "/projects";
    public const string Stats = "/stats";
    public const string Settings = "/settings";
    public const string Login = "/account/login";
    public const string Logout = "/account/logout";
    public const string Setup = "/setup";
    public const string Theme = "/theme";
    public const string NotFound = "/not-found";

    public static string Issue(Guid issueId) => $"/issues/{issueId}";

    public static string IssueEvents(Guid issueId, string? cursor = null) =>
        $"/issues/{issueId}/events" + (cursor is null ? "" : "?cursor=" + Uri.EscapeDataString(cursor));

    public static string LatestEvent(Guid issueId) => $"/issues/{issueId}/events/latest";

    public static string Event(Guid issueId, SentryId eventId) => $"/issues/{issueId}/events/{eventId}";

    public static string EventJson(Guid issueId, SentryId eventId) => Event(issueId, eventId) + "/json";

    public static string EventMarkdown(Guid issueId, SentryId eventId) => Event(issueId, eventId) + "/markdown";

    public static string ProjectSettings(string slug) => $"/projects/{Uri.EscapeDataString(slug)}/settings";
}

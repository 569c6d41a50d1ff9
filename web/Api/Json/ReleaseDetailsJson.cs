using System.Globalization;
using System.Text.Json.Serialization;
using ErrorHub.Releases;

namespace ErrorHub.Web.Api;

/// <summary>A release. <c>newGroups</c> is what Sentry's tools read of it; it is not counted here.</summary>
internal sealed record ReleaseDetailsJson(
    string Version, string ShortVersion, DateTimeOffset DateCreated, DateTimeOffset? DateReleased, DateTimeOffset? LastEvent, string? Url,
    int NewGroups, int CommitCount, IReadOnlyList<ReleaseProjectJson> Projects, CommitJson? LastCommit)
{
    public static ReleaseDetailsJson Of(ReleaseInfo release) => new(
        release.Version, release.Version[(release.Version.LastIndexOf('@') + 1)..], release.CreatedAt, release.ReleasedAt, release.LastEvent,
        release.Url, 0, release.Commits, [.. release.Projects.Select(p => new ReleaseProjectJson(p.Id.ToString(CultureInfo.InvariantCulture), p.Slug, p.Name))],
        release.LastCommit is null ? null : new CommitJson(release.LastCommit));
}

internal sealed record ReleaseProjectJson(string Id, string Slug, string Name);

internal sealed record CommitJson(string Id);

/// <summary>What a pipeline sends of a release.</summary>
internal sealed record ReleaseChangeJson(string? Version, string[]? Projects, string? Url, DateTimeOffset? DateReleased, CommitChangeJson[]? Commits);

/// <summary>A commit as a pipeline sends it.</summary>
internal sealed record CommitChangeJson(
    string? Id, string? Message, [property: JsonPropertyName("author_name")] string? AuthorName,
    [property: JsonPropertyName("author_email")] string? AuthorEmail, string? Repository, DateTimeOffset? Timestamp);

/// <summary>A deploy.</summary>
internal sealed record DeployJson(
    string? Id, string Environment, string? Name, string? Url, DateTimeOffset? DateStarted, DateTimeOffset? DateFinished)
{
    public static DeployJson Of(DeployRow row) => new(row.Id.ToString(), row.Environment, row.Name, row.Url, row.StartedAt, row.FinishedAt);
}

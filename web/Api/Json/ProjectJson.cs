using System.Globalization;
using ErrorHub.Projects;

namespace ErrorHub.Web.Api;

internal sealed record NewProjectJson(string Name, string? Slug, string? Platform);

internal record ProjectJson(
    string Id, string Slug, string Name, string? Platform, DateTimeOffset DateCreated, DateTimeOffset? FirstEvent, bool HasAccess,
    bool IsMember, IReadOnlyList<string> Features, string Status, TeamJson Team, IReadOnlyList<TeamJson> Teams)
{
    public static ProjectJson Of(ProjectRow project, string organization)
    {
        var team = new TeamJson("1", organization, organization);
        return new ProjectJson(
            project.Id.ToString(CultureInfo.InvariantCulture), project.Slug, project.Name, project.Platform, project.CreatedAt,
            project.FirstEventAt, true, true, [], "active", team, [team]);
    }
}

internal sealed record TeamJson(string Id, string Slug, string Name);

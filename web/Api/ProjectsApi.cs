using ErrorHub.Projects;
using ErrorHub.Web.Account;
using ErrorHub.Web.Hosting;

namespace ErrorHub.Web.Api;

/// <summary>Projects.</summary>
internal static class ProjectsApi
{
    private const string Tag = "Projects";

    public static void MapProjectsApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/organizations/{org}/projects/", ListAsync).RequireScope("project:read")
            .Describe<ProjectJson[]>(Tag, "The projects the token's owner sees, by name");
        api.MapGet("/projects/{org}/{project}/", GetAsync).RequireScope("project:read").Describe<ProjectDetailsJson>(Tag, "One project with its settings");
        api.MapPut("/projects/{org}/{project}/", UpdateAsync).RequireScope("project:write").Takes<ProjectChangeJson>()
            .Describe<ProjectDetailsJson>(Tag, "Change a project's name, platform or scrubbing; what is left out stays");
        api.MapPost("/teams/{org}/{team}/projects/", CreateAsync).RequireScope("project:write")
            .Takes<NewProjectJson>()
            .Describe<ProjectJson>(Tag, "Make a project with one key", StatusCodes.Status201Created);
    }

    private static async Task<IResult> ListAsync(
        string org, ApiCaller caller, HttpContext context, PublicAddress address, CancellationToken cancellationToken)
    {
        var projects = await caller.SendAsync(scope => new ListProjects(scope), cancellationToken);
        Paging.WriteLinks(context, address, null, null);
        return TypedResults.Ok(projects.Select(project => ProjectJson.Of(project, org)));
    }

    private static async Task<IResult> GetAsync(string org, string project, ApiCaller caller, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { } found)
            return ApiResults.NotFound();

        return await DetailsAsync(org, found.Slug, caller, cancellationToken);
    }

    private static async Task<IResult> UpdateAsync(
        string org, string project, HttpRequest request, ApiCaller caller, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { Slug: var slug })
            return ApiResults.NotFound();

        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken);
        if (body is null || !body.TryGetText("name", out var name, out problem) || !body.TryGetText("platform", out var platform, out problem))
            return ApiResults.BadRequest(problem!);

        if (await caller.SendAsync(scope => new GetScrubbing(scope, slug), cancellationToken) is not { } scrubbing)
            return ApiResults.NotFound();
        if (!ScrubbingChange.TryRead(body, scrubbing.Settings, out var settings, out problem))
            return ApiResults.BadRequest(problem!);

        // What can be refused for many reasons comes first: then nothing else was changed.
        var set = await caller.SendAsync(scope => new SetScrubbing(scope, slug, settings), cancellationToken);
        if (set.Refusal is not null)
            return ApiResults.Of(set);

        if (name is not null || platform is not null)
        {
            var updated = await caller.SendAsync(scope => new UpdateProject(scope, slug, name, platform), cancellationToken);
            if (updated.Refusal is not null)
                return ApiResults.Of(updated);
        }

        return await DetailsAsync(org, slug, caller, cancellationToken);
    }

    private static async Task<IResult> DetailsAsync(string org, string slug, ApiCaller caller, CancellationToken cancellationToken)
    {
        var row = await caller.SendAsync(scope => new GetProject(scope, slug), cancellationToken);
        var scrubbing = await caller.SendAsync(scope => new GetScrubbing(scope, slug), cancellationToken);
        return row is not null && scrubbing is not null
            ? TypedResults.Ok(new ProjectDetailsJson(ProjectJson.Of(row, org), scrubbing))
            : ApiResults.NotFound();
    }

    private static async Task<IResult> CreateAsync(
        string org, string team, HttpRequest request, ApiCaller caller, CancellationToken cancellationToken)
    {
        // There is one team, and it has the organisation's slug.
        if (team != org)
            return ApiResults.NotFound();

        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken);
        if (body is null
            || !body.TryGetText("name", out var name, out problem)
            || !body.TryGetText("slug", out var slug, out problem)
            || !body.TryGetText("platform", out var platform, out problem))
            return ApiResults.BadRequest(problem!);

        var created = await caller.SendAsync(
            scope => new CreateProject(scope, name ?? "", string.IsNullOrEmpty(slug) ? null : slug, platform), cancellationToken);
        return created.Value is { } project
            ? TypedResults.Json(ProjectJson.Of(project, org), statusCode: StatusCodes.Status201Created)
            : ApiResults.Of(created);
    }
}

using ErrorHub.Releases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Hosting;

namespace ErrorHub.Web.Api;

/// <summary>Releases, their commits and deploys, as <c>sentry-cli releases</c> and <c>deploys</c> write them (protocol.md 1.3).</summary>
internal static class ReleasesApi
{
    private const string Tag = "Releases";
    private const string Scope = "project:releases";
    private const string Release = "/organizations/{org}/releases/{version}/";

    // A thousand commits with the paths they touch.
    private const int MaxBodyBytes = 8 * 1024 * 1024;

    public static void MapReleasesApi(this IEndpointRouteBuilder api)
    {
        api.MapPost("/organizations/{org}/releases/", CreateAsync).RequireScope(Scope).Takes<ReleaseChangeJson>()
            .Describe<ReleaseDetailsJson>(Tag, "Make a release known to projects; 208 when it is", StatusCodes.Status201Created);
        api.MapGet(Release, GetAsync).RequireScope(Scope).Describe<ReleaseDetailsJson>(Tag, "One release");
        api.MapPut(Release, UpdateAsync).RequireScope(Scope).Takes<ReleaseChangeJson>()
            .Describe<ReleaseDetailsJson>(Tag, "Say when a release went out, or what its commits are");
        // Without one sentry-cli takes the last commits of the local repository.
        api.MapGet(Release + "previous-with-commits/", PreviousAsync).RequireScope(Scope)
            .Describe<EmptyJson>(Tag, "The release before with commits: none is compared with");
        api.MapPost(Release + "deploys/", DeployAsync).RequireScope(Scope).Takes<DeployJson>()
            .Describe<DeployJson>(Tag, "Note that a release went to an environment", StatusCodes.Status201Created);
        api.MapGet(Release + "deploys/", DeploysAsync).RequireScope(Scope).Describe<DeployJson[]>(Tag, "A release's deploys, newest first");
        api.MapGet("/projects/{org}/{project}/releases/", ListAsync).RequireScope(Scope)
            .Describe<ReleaseDetailsJson[]>(Tag, "A project's releases, newest first, at most 100");
        api.MapGet("/organizations/{org}/repos/", () => TypedResults.Ok(Array.Empty<EmptyJson>())).RequireScope("org:read")
            .Describe<EmptyJson[]>(Tag, "Connected repositories: there are none");
    }

    private static async Task<IResult> CreateAsync(HttpRequest request, ApiCaller caller, CancellationToken cancellationToken)
    {
        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken, MaxBodyBytes);
        if (body is null || !body.TryGetText("version", out var version, out problem))
            return ApiResults.BadRequest(problem!);

        return await SaveAsync(version ?? "", body, caller, mustName: true, cancellationToken);
    }

    private static async Task<IResult> UpdateAsync(string version, HttpRequest request, ApiCaller caller, CancellationToken cancellationToken)
    {
        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken, MaxBodyBytes);
        return body is null ? ApiResults.BadRequest(problem!) : await SaveAsync(version, body, caller, mustName: false, cancellationToken);
    }

    private static async Task<IResult> SaveAsync(string version, ApiBody body, ApiCaller caller, bool mustName, CancellationToken cancellationToken)
    {
        if (!body.TryGetNames("projects", out var names, out var problem) || !body.TryGetText("url", out var url, out problem)
            || !body.TryGetTime("dateReleased", out var releasedAt, out problem) || !TryReadCommits(body, out var commits, out problem))
            return ApiResults.BadRequest(problem!);

        if (mustName && names is not { Count: > 0 })
            return ApiResults.BadRequest("projects: name at least one");

        var projectIds = new List<long>();
        foreach (var name in names ?? [])
        {
            if (await caller.FindProjectAsync(name, cancellationToken) is not { } found)
                return ApiResults.NotFound();

            projectIds.Add(found.Id);
        }

        var saved = await caller.SendAsync(scope => new SaveRelease(scope, version, projectIds, url, releasedAt, commits), cancellationToken);
        if (saved.Value is not { } value)
            return ApiResults.Of(saved);

        var release = await caller.SendAsync(scope => new GetRelease(scope, version), cancellationToken);
        var status = !mustName ? StatusCodes.Status200OK : value.IsNew ? StatusCodes.Status201Created : StatusCodes.Status208AlreadyReported;
        return TypedResults.Json(ReleaseDetailsJson.Of(release!), statusCode: status);
    }

    private static bool TryReadCommits(ApiBody body, out IReadOnlyList<CommitText>? commits, out string? problem)
    {
        commits = null;
        if (!body.TryGetObjects("commits", out var objects, out problem) || objects is null)
            return problem is null;

        var read = new List<CommitText>(objects.Count);
        foreach (var commit in objects)
        {
            if (!commit.TryGetText("id", out var id, out problem) || !commit.TryGetText("message", out var message, out problem)
                || !commit.TryGetText("author_name", out var name, out problem) || !commit.TryGetText("author_email", out var email, out problem)
                || !commit.TryGetText("repository", out var repository, out problem) || !commit.TryGetTime("timestamp", out var at, out problem))
                return false;

            read.Add(new CommitText(id ?? "", message ?? "", name ?? "", email ?? "", repository ?? "", at));
        }

        commits = read;
        return true;
    }

    private static async Task<IResult> GetAsync(string version, ApiCaller caller, CancellationToken cancellationToken) =>
        await caller.SendAsync(scope => new GetRelease(scope, version), cancellationToken) is { } release
            ? TypedResults.Ok(ReleaseDetailsJson.Of(release))
            : ApiResults.NotFound();

    private static async Task<IResult> PreviousAsync(string version, ApiCaller caller, CancellationToken cancellationToken) =>
        await caller.SendAsync(scope => new GetRelease(scope, version), cancellationToken) is null ? ApiResults.NotFound() : TypedResults.Ok(new EmptyJson());

    private static async Task<IResult> ListAsync(
        string project, ApiCaller caller, HttpContext context, PublicAddress address, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { } found
            || await caller.SendAsync(scope => new ListReleases(scope, found.Id), cancellationToken) is not { } releases)
            return ApiResults.NotFound();

        Paging.WriteLinks(context, address, null, null);
        return TypedResults.Ok(releases.Select(ReleaseDetailsJson.Of));
    }

    private static async Task<IResult> DeployAsync(string version, HttpRequest request, ApiCaller caller, CancellationToken cancellationToken)
    {
        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken);
        if (body is null || !body.TryGetText("environment", out var environment, out problem) || !body.TryGetText("name", out var name, out problem)
            || !body.TryGetText("url", out var url, out problem) || !body.TryGetTime("dateStarted", out var startedAt, out problem)
            || !body.TryGetTime("dateFinished", out var finishedAt, out problem))
            return ApiResults.BadRequest(problem!);

        var added = await caller.SendAsync(
            scope => new AddDeploy(scope, version, environment ?? "", name, url, startedAt, finishedAt), cancellationToken);
        return added.Value is { } deploy
            ? TypedResults.Json(DeployJson.Of(deploy), statusCode: StatusCodes.Status201Created)
            : ApiResults.Of(added);
    }

    private static async Task<IResult> DeploysAsync(
        string version, ApiCaller caller, HttpContext context, PublicAddress address, CancellationToken cancellationToken)
    {
        if (await caller.SendAsync(scope => new ListDeploys(scope, version), cancellationToken) is not { } deploys)
            return ApiResults.NotFound();

        Paging.WriteLinks(context, address, null, null);
        return TypedResults.Ok(deploys.Select(DeployJson.Of));
    }
}

using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Web.Account;
using ErrorHub.Web.Jobs;

namespace ErrorHub.Web.Api;

/// <summary>What Sentry's API has no address for: what would be stored of an event.</summary>
internal static class ScrubbingApi
{
    // An event and settings beside it, escaped.
    private const int MaxBytes = 4 * 1024 * 1024;

    public static void MapScrubbingApi(this IEndpointRouteBuilder api)
    {
        api.MapPost("/projects/{org}/{project}/errorhub/scrubbing/preview/", PreviewAsync).RequireScope("event:read")
            .Takes<PreviewRequestJson>()
            .Describe<PreviewJson>("Projects", "What would be stored of an event, with the differences; nothing of it is kept");
        api.MapPost("/projects/{org}/{project}/errorhub/scrubbing/rescrub/", StartRescrubAsync).RequireScope("project:write")
            .Describe<RescrubJson>("Projects", "Scrub stored events again by the rules in force; what is under way goes on", StatusCodes.Status202Accepted);
        api.MapGet("/projects/{org}/{project}/errorhub/scrubbing/rescrub/", GetRescrubAsync).RequireScope("project:read")
            .Describe<RescrubJson>("Projects", "The newest run over stored events; 404 when there was none");
    }

    private static async Task<IResult> StartRescrubAsync(string project, ApiCaller caller, JobTrigger jobs, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { Slug: var slug })
            return ApiResults.NotFound();

        var started = await caller.SendAsync(scope => new StartRescrub(scope, slug), cancellationToken);
        if (started.Value is not { } run)
            return ApiResults.Of(started);

        jobs.Rescrub(run.BeginsAt - time.GetUtcNow());
        return TypedResults.Json(RescrubJson.Of(run), statusCode: StatusCodes.Status202Accepted);
    }

    private static async Task<IResult> GetRescrubAsync(string project, ApiCaller caller, CancellationToken cancellationToken) =>
        await caller.FindProjectAsync(project, cancellationToken) is { Slug: var slug }
            && await caller.SendAsync(scope => new GetRescrub(scope, slug), cancellationToken) is { } run
            ? TypedResults.Ok(RescrubJson.Of(run))
            : ApiResults.NotFound();

    private static async Task<IResult> PreviewAsync(string project, HttpRequest request, ApiCaller caller, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { Slug: var slug })
            return ApiResults.NotFound();

        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken, MaxBytes);
        if (body is null || !body.TryGetJson("event", out var e, out problem))
            return ApiResults.BadRequest(problem!);
        if (await caller.SendAsync(scope => new GetScrubbing(scope, slug), cancellationToken) is not { } scrubbing)
            return ApiResults.NotFound();

        var settings = scrubbing.Settings;
        if (!ScrubbingChange.TryMerge(body, "", ref settings, out problem))
            return ApiResults.BadRequest(problem!);

        ReadOnlyMemory<byte>? sent = string.IsNullOrEmpty(e) ? (ReadOnlyMemory<byte>?)null : System.Text.Encoding.UTF8.GetBytes(e);
        var preview = await caller.SendAsync(scope => new GetScrubbingPreview(scope, slug, settings, sent), cancellationToken);
        return preview.Value is { } made ? TypedResults.Ok(PreviewJson.Of(made)) : ApiResults.Of(preview);
    }
}

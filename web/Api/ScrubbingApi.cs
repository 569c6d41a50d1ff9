using ErrorHub.Projects;
using ErrorHub.Web.Account;

namespace ErrorHub.Web.Api;

/// <summary>What Sentry's API has no address for: what would be stored of an event.</summary>
internal static class ScrubbingApi
{
    // An event and settings beside it, escaped.
    private const int MaxBytes = 4 * 1024 * 1024;

    public static void MapScrubbingApi(this IEndpointRouteBuilder api) =>
        api.MapPost("/projects/{org}/{project}/errorhub/scrubbing/preview/", PreviewAsync).RequireScope("event:read")
            .Takes<PreviewRequestJson>()
            .Describe<PreviewJson>("Projects", "What would be stored of an event, with the differences; nothing of it is kept");

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

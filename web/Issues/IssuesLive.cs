using ErrorHub.Web.Account;
using ErrorHub.Web.Shared;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ErrorHub.Web.Issues;

/// <summary><c>GET /issues/live</c>: server-sent events that say when to look again.</summary>
internal static class IssuesLive
{
    public static void MapIssuesLive(this IEndpointRouteBuilder app) => app
        .MapGet(Urls.IssuesLive, GetAsync)
        .RequireAuthorization(Policies.SignedIn)
        .ExcludeFromDescription();

    internal static async Task<Results<ServerSentEventsResult<string>, StatusCodeHttpResult>> GetAsync(
        HttpContext context, IssueFeed feed, CallerScope caller, IHostApplicationLifetime lifetime)
    {
        var scope = await caller.GetAsync(context.RequestAborted);
        if (feed.Subscribe(scope, lifetime.ApplicationStopping) is not { } hints)
            return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);

        // nginx holds answers back until its buffer is full unless told not to.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(hints);
    }
}

using System.Text.Json.Serialization;
using ErrorHub.Feedback;
using ErrorHub.Web.Account;
using ErrorHub.Web.Hosting;

namespace ErrorHub.Web.Api;

/// <summary>What users wrote.</summary>
internal static class FeedbackApi
{
    public static void MapFeedbackApi(this IEndpointRouteBuilder api) =>
        api.MapGet("/projects/{org}/{project}/user-feedback/", ListAsync).RequireScope("event:read")
            .Describe<FeedbackJson[]>("Events", "What users of a project wrote, newest first");

    private static async Task<IResult> ListAsync(
        string project, ApiCaller caller, HttpContext context, PublicAddress address, string? limit, string? cursor,
        CancellationToken cancellationToken)
    {
        if (!Paging.TryReadLimit(limit, out var rows))
            return Paging.WrongLimit;

        if (await caller.FindProjectAsync(project, cancellationToken) is not { } found
            || await caller.SendAsync(
                scope => new ListFeedback(scope, found.Id, string.IsNullOrEmpty(cursor) ? null : cursor, rows), cancellationToken) is not { } page)
            return ApiResults.NotFound();

        if (page.CursorError is { } problem)
            return ApiResults.BadRequest(problem);

        Paging.WriteLinks(context, address, page.Previous, page.Next);
        return TypedResults.Ok(page.Rows.Select(FeedbackJson.Of));
    }
}

/// <summary>One user's words.</summary>
/// <param name="Id">Our key.</param>
/// <param name="EventId">The event they are about; null when they are about the app.</param>
/// <param name="Name">Name of the user.</param>
/// <param name="Email">The user's address.</param>
/// <param name="Comments">The words.</param>
/// <param name="DateCreated">When they came.</param>
/// <param name="Errorhub">What is ErrorHub's own.</param>
internal sealed record FeedbackJson(
    string Id, [property: JsonPropertyName("eventID")] string? EventId, string Name, string Email, string Comments, DateTimeOffset DateCreated,
    FeedbackOwnJson Errorhub)
{
    public static FeedbackJson Of(FeedbackRow row) => new(
        row.Id.ToString(), row.EventId?.ToString(), row.Name, row.Email, row.Comments, row.ReceivedAt, new FeedbackOwnJson(row.Url));
}

/// <summary>ErrorHub's own part of a user's words.</summary>
/// <param name="Url">Where in the app; empty when the sender does not say.</param>
internal sealed record FeedbackOwnJson(string Url);

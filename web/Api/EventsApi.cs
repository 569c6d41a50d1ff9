using System.Globalization;
using ErrorHub.Events;
using ErrorHub.Issues;
using ErrorHub.Protocol;
using ErrorHub.Tags;
using ErrorHub.Web.Account;
using ErrorHub.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace ErrorHub.Web.Api;

/// <summary>Events, tags and hashes of an issue, and events of a project.</summary>
internal static class EventsApi
{
    private const string Tag = "Events";

    public static void MapEventsApi(this IEndpointRouteBuilder api)
    {
        foreach (var issue in (string[])["/organizations/{org}/issues/{issue}", "/issues/{issue}"])
        {
            api.MapGet(issue + "/events/", ListAsync).RequireScope("event:read")
                .Describe<EventRowJson[]>(Tag, "An issue's events, newest first");
            api.MapGet(issue + "/events/{eventId}/", GetAsync).RequireScope("event:read")
                .Describe<EventDetailsJson>(Tag, "One event of an issue: latest, oldest or its id");
            api.MapGet(issue + "/hashes/", HashesAsync).RequireScope("event:read")
                .Describe<HashJson[]>(Tag, "The hashes that lead to an issue");
            foreach (var method in (string[])["PUT", "DELETE"])
            {
                api.MapMethods(issue + "/hashes/", [method], UnmergeAsync).RequireScope("event:write")
                    .Describe<UnmergedJson>(Tag, "Take the hashes that id= names out of an issue, into one of their own", StatusCodes.Status202Accepted);
            }

            api.MapGet(issue + "/tags/", TagsAsync).RequireScope("event:read")
                .Describe<TagJson[]>(Tag, "An issue's tags with their most frequent values");
            api.MapGet(issue + "/tags/{key}/values/", TagValuesAsync).RequireScope("event:read")
                .Describe<TagValueJson[]>(Tag, "The values of a tag in an issue, most frequent first");
        }

        api.MapGet("/projects/{org}/{project}/events/{eventId}/", GetOfProjectAsync).RequireScope("event:read")
            .Describe<EventDetailsJson>(Tag, "One event of a project by its id; groupID is its issue");
    }

    private static async Task<IResult> ListAsync(
        string issue, ApiCaller caller, HttpContext context, PublicAddress address, string? limit, string? cursor,
        CancellationToken cancellationToken)
    {
        if (!Paging.TryReadLimit(limit, out var rows))
            return Paging.WrongLimit;

        if (await caller.FindIssueIdAsync(issue, cancellationToken) is not { } id)
            return ApiResults.NotFound();

        var page = await caller.SendAsync(
            scope => new ListIssueEvents(scope, id, string.IsNullOrEmpty(cursor) ? null : cursor, rows), cancellationToken);
        if (page is null)
            return ApiResults.NotFound();

        if (page.CursorError is { } problem)
            return ApiResults.BadRequest(problem);

        Paging.WriteLinks(context, address, page.Previous, page.Next);
        return TypedResults.Ok(page.Rows.Select(EventRowJson.Of));
    }

    private static async Task<IResult> GetAsync(string issue, string eventId, ApiCaller caller, CancellationToken cancellationToken)
    {
        if (await caller.FindIssueIdAsync(issue, cancellationToken) is not { } id)
            return ApiResults.NotFound();

        SentryId? named = null;
        var position = eventId == "oldest" ? EventPosition.Oldest : EventPosition.Latest;
        // recommended is Sentry's name for the event its page opens on; ours opens on the newest.
        if (eventId is not ("latest" or "oldest" or "recommended"))
        {
            if (!SentryId.TryParse(eventId, out var parsed))
                return ApiResults.NotFound();

            named = parsed;
        }

        var details = await caller.SendAsync(scope => new GetIssueEvent(scope, id, position, named), cancellationToken);
        return details is null ? ApiResults.NotFound() : TypedResults.Ok(EventDetailsJson.Of(details));
    }

    private static async Task<IResult> GetOfProjectAsync(
        string project, string eventId, ApiCaller caller, CancellationToken cancellationToken)
    {
        if (!SentryId.TryParse(eventId, out var id) || await caller.FindProjectAsync(project, cancellationToken) is not { } found)
            return ApiResults.NotFound();

        var details = await caller.SendAsync(scope => new GetProjectEvent(scope, found.Slug, id), cancellationToken);
        return details is null ? ApiResults.NotFound() : TypedResults.Ok(EventDetailsJson.Of(details));
    }

    private static async Task<IResult> HashesAsync(
        string issue, ApiCaller caller, HttpContext context, PublicAddress address, CancellationToken cancellationToken)
    {
        if (await caller.FindIssueIdAsync(issue, cancellationToken) is not { } id
            || await caller.SendAsync(scope => new GetIssueHashes(scope, id), cancellationToken) is not { } hashes)
            return ApiResults.NotFound();

        Paging.WriteLinks(context, address, null, null);
        return TypedResults.Ok(hashes.Select(HashJson.Of));
    }

    private static async Task<IResult> UnmergeAsync(
        string issue, ApiCaller caller, [FromQuery] string[]? id, CancellationToken cancellationToken)
    {
        if (await caller.FindIssueIdAsync(issue, cancellationToken) is not { } issueId)
            return ApiResults.NotFound();

        var parted = await caller.SendAsync(scope => new UnmergeHashes(scope, issueId, id ?? []), cancellationToken);
        return parted.Value is { } done
            ? TypedResults.Json(new UnmergedJson(done.IssueId?.ToString(), done.ShortId), statusCode: StatusCodes.Status202Accepted)
            : ApiResults.Of(parted);
    }

    private static async Task<IResult> TagsAsync(string issue, ApiCaller caller, CancellationToken cancellationToken) =>
        await caller.FindIssueIdAsync(issue, cancellationToken) is { } id
        && await caller.SendAsync(scope => new GetIssue(scope, id), cancellationToken) is { } details
            ? TypedResults.Ok(details.Tags.Select(TagJson.Of))
            : ApiResults.NotFound();

    private static async Task<IResult> TagValuesAsync(
        string issue, string key, ApiCaller caller, HttpContext context, PublicAddress address, string? limit, string? cursor,
        CancellationToken cancellationToken)
    {
        if (!Paging.TryReadLimit(limit, out var rows))
            return Paging.WrongLimit;

        var offset = 0;
        if (!string.IsNullOrEmpty(cursor) && !int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out offset))
            return ApiResults.BadRequest("The cursor is not one of this list. Leave it out to begin at the first page.");

        if (await caller.FindIssueIdAsync(issue, cancellationToken) is not { } id
            || await caller.SendAsync(scope => new GetTagValues(scope, id, key, offset, rows), cancellationToken) is not { } page)
            return ApiResults.NotFound();

        Paging.WriteLinks(
            context, address, offset == 0 ? null : CursorOf(Math.Max(0, offset - rows)), page.HasNext ? CursorOf(offset + rows) : null);
        return TypedResults.Ok(page.Values.Select(value => TagValueJson.Of(key, value)));
    }

    private static string CursorOf(int offset) => offset.ToString(CultureInfo.InvariantCulture);
}

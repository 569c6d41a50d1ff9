using ErrorHub.Attachments;
using ErrorHub.Protocol;
using ErrorHub.Web.Account;
using ErrorHub.Web.Events;
using ErrorHub.Web.Hosting;

namespace ErrorHub.Web.Api;

/// <summary>The files that came with an event.</summary>
internal static class AttachmentsApi
{
    private const string Tag = "Events";
    private const string Event = "/projects/{org}/{project}/events/{eventId}/attachments/";

    public static void MapAttachmentsApi(this IEndpointRouteBuilder api)
    {
        api.MapGet(Event, ListAsync).RequireScope("event:read").Describe<AttachmentJson[]>(Tag, "An event's attachments, oldest first");
        api.MapGet(Event + "{attachmentId}/", GetAsync).RequireScope("event:read")
            .Describe<AttachmentJson>(Tag, "One attachment; with ?download its bytes");
    }

    private static async Task<IResult> ListAsync(
        string project, string eventId, ApiCaller caller, HttpContext context, PublicAddress address, CancellationToken cancellationToken)
    {
        if (!SentryId.TryParse(eventId, out var id) || await caller.FindProjectAsync(project, cancellationToken) is not { } found
            || await caller.SendAsync(scope => new ListAttachments(scope, found.Id, id), cancellationToken) is not { } rows)
            return ApiResults.NotFound();

        // As many as one event may have: one page.
        Paging.WriteLinks(context, address, null, null);
        return TypedResults.Ok(rows.Select(AttachmentJson.Of));
    }

    private static async Task<IResult> GetAsync(
        string project, string eventId, string attachmentId, ApiCaller caller, AttachmentFiles files, HttpContext context,
        CancellationToken cancellationToken)
    {
        if (!SentryId.TryParse(eventId, out var id) || !Guid.TryParse(attachmentId, out var attachment)
            || await caller.FindProjectAsync(project, cancellationToken) is not { } found
            || await caller.SendAsync(scope => new GetAttachment(scope, found.Id, id, attachment), cancellationToken) is not { } row)
            return ApiResults.NotFound();

        return context.Request.Query.ContainsKey("download") ? AttachmentEndpoints.Download(files, row, context) : TypedResults.Ok(AttachmentJson.Of(row));
    }
}

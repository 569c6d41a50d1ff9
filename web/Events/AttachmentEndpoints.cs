using ErrorHub.Attachments;
using ErrorHub.Events;
using ErrorHub.Protocol;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Issues;

namespace ErrorHub.Web.Events;

/// <summary>
/// Files that strangers sent, handed to developers: always as a download of no particular type, so that no browser runs one as a
/// page of this site.
/// </summary>
internal static class AttachmentEndpoints
{
    public static void MapAttachmentPages(this IEndpointRouteBuilder app) =>
        app.MapGet("/issues/{issueId:guid}/events/{eventId}/attachments/{attachmentId:guid}", GetAsync)
            .RequireAuthorization(Policies.SignedIn).AddEndpointFilter<MergedIssueFilter>().ExcludeFromDescription();

    /// <summary>The answer that carries an attachment's bytes; 404 when they are gone.</summary>
    public static IResult Download(AttachmentFiles files, AttachmentRow? attachment, HttpContext http)
    {
        if (attachment is null || files.OpenRead(attachment.ProjectId, attachment.Id, attachment.Bytes) is not { } stream)
            return TypedResults.NotFound();

        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.ContentSecurityPolicy = "sandbox; default-src 'none'";
        return TypedResults.File(stream, "application/octet-stream", attachment.Filename);
    }

    private static async Task<IResult> GetAsync(
        Guid issueId, string eventId, Guid attachmentId, CallerScope caller, UseCaseSender useCases, AttachmentFiles files, HttpContext http,
        CancellationToken cancellationToken)
    {
        var scope = await caller.GetAsync(cancellationToken);
        if (!SentryId.TryParse(eventId, out var id)
            || await useCases.SendAsync(new GetIssueEvent(scope, issueId, EventPosition.Latest, id), cancellationToken) is not { Summary: var e })
            return TypedResults.NotFound();

        return Download(files, await useCases.SendAsync(new GetAttachment(scope, e.ProjectId, id, attachmentId), cancellationToken), http);
    }
}

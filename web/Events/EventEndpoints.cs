using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Issues;
using ErrorHub.Protocol;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Hosting;
using ErrorHub.Web.Issues;
using ErrorHub.Web.Shared;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ErrorHub.Web.Events;

/// <summary>An event in the forms that machines read: its JSON as stored, and Markdown to paste into a ticket or a chat.</summary>
internal static class EventEndpoints
{
    public static void MapEventPages(this IEndpointRouteBuilder app)
    {
        var events = app.MapGroup("/issues/{issueId:guid}/events/{eventId}").RequireAuthorization(Policies.SignedIn)
            .AddEndpointFilter<RouteGroupBuilder, MergedIssueFilter>().ExcludeFromDescription();
        events.MapGet("/json", JsonAsync);
        events.MapGet("/markdown", MarkdownAsync);
    }

    private static async Task<Results<FileContentHttpResult, NotFound>> JsonAsync(
        Guid issueId, string eventId, CallerScope caller, UseCaseSender useCases, CancellationToken cancellationToken) =>
        await FindAsync(issueId, eventId, caller, useCases, cancellationToken) is (_, { } details)
            ? TypedResults.File(details.Json.ToArray(), "application/json")
            : TypedResults.NotFound();

    private static async Task<Results<ContentHttpResult, NotFound>> MarkdownAsync(
        Guid issueId, string eventId, CallerScope caller, UseCaseSender useCases, PublicAddress address, CancellationToken cancellationToken)
    {
        var (scope, details) = await FindAsync(issueId, eventId, caller, useCases, cancellationToken);
        if (details is null || await useCases.SendAsync(new GetIssue(scope, issueId), cancellationToken) is not { } issue)
            return TypedResults.NotFound();

        var link = address.BaseUrl + Urls.Event(issueId, details.Summary.EventId);
        return TypedResults.Text(EventMarkdown.Of(issue.Row, details, link), "text/markdown; charset=utf-8");
    }

    private static async Task<(AccessScope Scope, EventDetails? Details)> FindAsync(
        Guid issueId, string eventId, CallerScope caller, UseCaseSender useCases, CancellationToken cancellationToken)
    {
        var scope = await caller.GetAsync(cancellationToken);
        return SentryId.TryParse(eventId, out var id)
            ? (scope, await useCases.SendAsync(new GetIssueEvent(scope, issueId, EventPosition.Latest, id), cancellationToken))
            : (scope, null);
    }
}

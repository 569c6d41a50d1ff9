using ErrorHub.Projects;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Shared;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ErrorHub.Web.Projects;

/// <summary>What the onboarding page's script asks while it waits.</summary>
internal static class ProjectEndpoints
{
    public static void MapProjects(this IEndpointRouteBuilder app) =>
        app.MapGet("/projects/{slug}/first-event", FirstEventAsync)
            .RequireAuthorization(Policies.SignedIn)
            .ExcludeFromDescription();

    /// <summary>The address of the issue that the first event made; 204 while there is none.</summary>
    private static async Task<Results<Ok<FirstEvent>, NoContent>> FirstEventAsync(
        string slug, CallerScope caller, UseCaseSender useCases, CancellationToken cancellationToken) =>
        await useCases.SendAsync(new GetNewestIssue(await caller.GetAsync(cancellationToken), slug), cancellationToken) is { } issueId
            ? TypedResults.Ok(new FirstEvent(Urls.Issue(issueId)))
            : TypedResults.NoContent();

    private sealed record FirstEvent(string Url);
}

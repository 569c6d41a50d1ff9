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
    private static async Task<Results<Ok<FirstEvent>, NoContent, NotFound>> FirstEventAsync(
        string slug, CallerScope caller, UseCaseSender useCases, CancellationToken cancellationToken)
    {
        var scope = await caller.GetAsync(cancellationToken);
        if (await useCases.SendAsync(new GetProject(scope, slug), cancellationToken) is null)
            return TypedResults.NotFound();

        return await useCases.SendAsync(new GetNewestIssue(scope, slug), cancellationToken) is { } issueId
            ? TypedResults.Ok(new FirstEvent(Urls.Issue(issueId)))
            : TypedResults.NoContent();
    }

    private sealed record FirstEvent(string Url);
}

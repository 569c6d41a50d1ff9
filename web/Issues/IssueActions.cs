using ErrorHub.Issues;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Shared;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace ErrorHub.Web.Issues;

/// <summary>What the list's and the issue page's buttons post; answered by a way back, so that a reload repeats nothing.</summary>
internal static class IssueActions
{
    public static void MapIssueActions(this IEndpointRouteBuilder app) => app
        .MapPost(Urls.IssueActions, ActAsync)
        .RequireAuthorization(Policies.SignedIn)
        .ExcludeFromDescription();

    internal static async Task<Results<RedirectHttpResult, BadRequest, ContentHttpResult>> ActAsync(
        [FromForm] IssueActionForm form, CallerScope caller, UseCaseSender useCases, CancellationToken cancellationToken)
    {
        var scope = await caller.GetAsync(cancellationToken);
        if (form.Act == "merge")
        {
            var merged = await useCases.SendAsync(new MergeIssues(scope, form.Id ?? []), cancellationToken);
            return merged.Value is null
                ? TypedResults.Text(merged.Problem, statusCode: StatusCodes.Status400BadRequest)
                : TypedResults.LocalRedirect(Urls.LocalOr(form.Back, Urls.Issues));
        }

        (IssueStatus? Status, Assignment? Assignment)? change = form.Act switch
        {
            "resolve" => (IssueStatus.Resolved, null),
            "archive" => (IssueStatus.Archived, null),
            "reopen" => (IssueStatus.Unresolved, null),
            "assign-me" => (null, new Assignment(scope.Actor.UserId)),
            "unassign" => (null, new Assignment(null)),
            _ => null,
        };
        if (change is not var (status, assignment))
            return TypedResults.BadRequest();

        await useCases.SendAsync(new UpdateIssues(scope, form.Id ?? [], status, assignment), cancellationToken);
        return TypedResults.LocalRedirect(Urls.LocalOr(form.Back, Urls.Issues));
    }
}

/// <summary>The fields of those forms.</summary>
internal sealed class IssueActionForm
{
    public Guid[]? Id { get; set; }

    public string? Act { get; set; }

    /// <summary>Where the form was.</summary>
    public string? Back { get; set; }
}

using ErrorHub.Accounts;
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
        if (form.Act is "merge" or "undo-merge" or "unmerge" or "split")
        {
            var problem = form.Act switch
            {
                "merge" => (await useCases.SendAsync(new MergeIssues(scope, form.Id ?? []), cancellationToken)).Problem,
                "unmerge" when form.Id is [var issue] =>
                    (await useCases.SendAsync(new UnmergeHashes(scope, issue, form.Hash ?? []), cancellationToken)).Problem,
                "split" when form.Id is [var issue] =>
                    (await useCases.SendAsync(new SplitIssue(scope, issue, form.Hash ?? []), cancellationToken)).Problem,
                "undo-merge" => await UndoAsync(scope, form.Id ?? [], useCases, cancellationToken),
                _ => "Name one issue.",
            };
            return problem is null ? Back(form) : TypedResults.Text(problem, statusCode: StatusCodes.Status400BadRequest);
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
        return Back(form);
    }

    // Of what was merged at once, the issue that stayed is among the ids, too; there is nothing to undo about it.
    private static async Task<string?> UndoAsync(AccessScope scope, Guid[] ids, UseCaseSender useCases, CancellationToken cancellationToken)
    {
        foreach (var id in ids)
        {
            if (await useCases.SendAsync(new GetMergedHashes(scope, id), cancellationToken) is { Hashes.Count: > 0 } merged
                && (await useCases.SendAsync(new UnmergeHashes(scope, merged.IssueId, merged.Hashes), cancellationToken)).Problem is { } problem)
                return problem;
        }

        return null;
    }

    private static RedirectHttpResult Back(IssueActionForm form) => TypedResults.LocalRedirect(Urls.LocalOr(form.Back, Urls.Issues));
}

/// <summary>The fields of those forms.</summary>
internal sealed class IssueActionForm
{
    public Guid[]? Id { get; set; }

    /// <summary>Hashes of the one issue that the form is about.</summary>
    public string[]? Hash { get; set; }

    public string? Act { get; set; }

    /// <summary>Where the form was.</summary>
    public string? Back { get; set; }
}

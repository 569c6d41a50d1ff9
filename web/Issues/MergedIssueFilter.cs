using ErrorHub.Issues;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;

namespace ErrorHub.Web.Issues;

/// <summary>Leads from what is no longer under a merged issue's address to the same under the issue it was merged into.</summary>
internal sealed class MergedIssueFilter(CallerScope caller, UseCaseSender useCases) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        var status = (result as INestedHttpResult)?.Result ?? result;
        var http = context.HttpContext;
        if (status is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status404NotFound }
            || http.GetRouteValue("issueId") is not string text || !Guid.TryParse(text, out var issueId))
            return result;

        var scope = await caller.GetAsync(http.RequestAborted);
        return await useCases.SendAsync(new FindMergedIssue(scope, issueId), http.RequestAborted) is { } target
            ? TypedResults.LocalRedirect(http.Request.Path.Value!.Replace(text, target.ToString(), StringComparison.Ordinal))
            : result;
    }
}

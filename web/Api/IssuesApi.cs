using ErrorHub.Accounts;
using ErrorHub.Issues;
using ErrorHub.Search;
using ErrorHub.Similarity;
using ErrorHub.Web.Account;
using ErrorHub.Web.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace ErrorHub.Web.Api;

/// <summary>Lists, reads, triages and deletes issues.</summary>
internal static class IssuesApi
{
    private const string Tag = "Issues";

    public static void MapIssuesApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/organizations/{org}/issues/", ListAsync).RequireScope("event:read")
            .Describe<IssueJson[]>(Tag, "Issues of all projects, or of those that project= names. Without query only unresolved ones");
        api.MapGet("/projects/{org}/{project}/issues/", ListOfProjectAsync).RequireScope("event:read")
            .Describe<IssueJson[]>(Tag, "A project's issues. Without query only unresolved ones");
        api.MapPut("/organizations/{org}/issues/", UpdateManyAsync).RequireScope("event:write").Takes<IssueChangeJson>()
            .Describe<IssueChangeJson>(Tag, "Change the issues that id= names, or merge them");
        api.MapPut("/projects/{org}/{project}/issues/", UpdateManyOfProjectAsync).RequireScope("event:write").Takes<IssueChangeJson>()
            .Describe<IssueChangeJson>(Tag, "Change the issues of a project that id= names, or merge them");

        foreach (var issue in (string[])["/organizations/{org}/issues/{issue}/", "/issues/{issue}/"])
        {
            api.MapGet(issue, GetAsync).RequireScope("event:read")
                .Describe<IssueDetailsJson>(Tag, "One issue, by id or short id such as SHOP-12");
            api.MapGet(issue + "similar/", ListSimilarAsync).RequireScope("event:read")
                .Describe<object[][]>(Tag, "Issues with stacks like this one's, the most alike first: pairs of an issue and its score, 0.5 to 1, under errorhub:stack");
            api.MapPut(issue, UpdateAsync).RequireScope("event:write").Takes<IssueChangeJson>()
                .Describe<IssueDetailsJson>(Tag, "Resolve, archive, reopen or assign an issue");
            api.MapDelete(issue, DeleteAsync).RequireScope("event:admin")
                .Describe<EmptyJson>(Tag, "Delete an issue with its events", StatusCodes.Status202Accepted);
        }
    }

    private static async Task<IResult> ListAsync(
        ApiCaller caller, HttpContext context, PublicAddress address, string[]? project, string[]? environment, string? query,
        string? sort, string? statsPeriod, string? limit, string? cursor, CancellationToken cancellationToken)
    {
        var projectIds = new List<long>();
        foreach (var text in project ?? [])
        {
            // Sentry's word for all projects.
            if (text == "-1")
                continue;

            // 0 is no project's number: what the caller does not see matches nothing.
            projectIds.Add((await caller.FindProjectAsync(text, cancellationToken))?.Id ?? 0);
        }

        return await SearchAsync(
            caller, context, address, projectIds, environment, query, sort, statsPeriod, limit, cursor, cancellationToken);
    }

    private static async Task<IResult> ListOfProjectAsync(
        string project, ApiCaller caller, HttpContext context, PublicAddress address, string[]? environment, string? query,
        string? sort, string? statsPeriod, string? limit, string? cursor, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { } found)
            return ApiResults.NotFound();

        return await SearchAsync(
            caller, context, address, [found.Id], environment, query, sort, statsPeriod, limit, cursor, cancellationToken);
    }

    private static async Task<IResult> SearchAsync(
        ApiCaller caller, HttpContext context, PublicAddress address, IReadOnlyList<long> projectIds, string[]? environment,
        string? query, string? sort, string? statsPeriod, string? limit, string? cursor, CancellationToken cancellationToken)
    {
        if (!Paging.TryReadLimit(limit, out var rows))
            return Paging.WrongLimit;

        if (!TryReadSort(sort, out var order))
            return ApiResults.BadRequest("sort: write date, new, freq, user, severity or trends");

        TimeSpan? period = null;
        if (!string.IsNullOrEmpty(statsPeriod))
        {
            if (!PeriodText.TryParse(statsPeriod, out var parsed))
                return ApiResults.BadRequest("statsPeriod: write a length of time such as 24h or 14d");

            period = parsed;
        }

        if (environment is { Length: > 1 })
            return ApiResults.BadRequest("environment: only one at a time can be asked for");

        var page = await caller.SendAsync(
            scope => new SearchIssues(
                scope, projectIds, environment?.FirstOrDefault(), query ?? "is:unresolved", order, period,
                string.IsNullOrEmpty(cursor) ? null : cursor, rows),
            cancellationToken);
        if (page.QueryError is { } problem)
            return ApiResults.BadRequest(problem);

        Paging.WriteLinks(context, address, page.Previous, page.Next);
        var now = context.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        return TypedResults.Ok(page.Rows.Select(row => IssueJson.Of(row, address, now)));
    }

    private static async Task<IResult> GetAsync(
        string issue, ApiCaller caller, PublicAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await caller.FindIssueIdAsync(issue, cancellationToken) is not { } id)
            return ApiResults.NotFound();

        return await caller.SendAsync(scope => new GetIssue(scope, id), cancellationToken) is { } details
            ? TypedResults.Ok(IssueDetailsJson.Of(details, address, time.GetUtcNow()))
            : ApiResults.NotFound();
    }

    private static async Task<IResult> ListSimilarAsync(
        string issue, ApiCaller caller, PublicAddress address, TimeProvider time, string? limit, CancellationToken cancellationToken)
    {
        if (!Paging.TryReadLimit(limit, out var rows))
            return Paging.WrongLimit;

        if (await caller.FindIssueIdAsync(issue, cancellationToken) is not { } id
            || await caller.SendAsync(scope => new FindSimilarIssues(scope, id, rows), cancellationToken) is not { } similar)
            return ApiResults.NotFound();

        // Sentry's shape: an issue, and its scores by what was compared.
        return TypedResults.Ok(similar.Select(s => new object[]
        {
            IssueJson.Of(s.Row, address, time.GetUtcNow()),
            new Dictionary<string, double> { ["errorhub:stack"] = Math.Round(s.Similarity, 4) },
        }));
    }

    private static async Task<IResult> UpdateAsync(
        string issue, HttpRequest request, ApiCaller caller, PublicAddress address, TimeProvider time, CancellationToken cancellationToken)
    {
        if (await caller.FindIssueIdAsync(issue, cancellationToken) is not { } id)
            return ApiResults.NotFound();

        var (change, problem) = await IssueChange.ReadAsync(request, caller, cancellationToken);
        if (change is null)
            return ApiResults.BadRequest(problem!);

        if (change.Merge)
            return ApiResults.BadRequest("merge: name the issues to merge as ?id=...&id=... of the list's address.");

        await caller.SendAsync(scope => new UpdateIssues(scope, [id], change.Status, change.Assignment), cancellationToken);
        return await GetAsync(issue, caller, address, time, cancellationToken);
    }

    private static Task<IResult> UpdateManyAsync(
        HttpRequest request, ApiCaller caller, [FromQuery] string[]? id, CancellationToken cancellationToken) =>
        ChangeManyAsync(request, caller, scope => scope, id, cancellationToken);

    private static async Task<IResult> UpdateManyOfProjectAsync(
        string project, HttpRequest request, ApiCaller caller, [FromQuery] string[]? id, CancellationToken cancellationToken) =>
        await caller.FindProjectAsync(project, cancellationToken) is { } found
            ? await ChangeManyAsync(request, caller, scope => scope with { ProjectIds = [found.Id] }, id, cancellationToken)
            : ApiResults.NotFound();

    private static async Task<IResult> ChangeManyAsync(
        HttpRequest request, ApiCaller caller, Func<AccessScope, AccessScope> narrow, string[]? id, CancellationToken cancellationToken)
    {
        // Sentry would change everything that matches a query here; a script that forgot its ids should not.
        if (id is null or { Length: 0 or > 1_000 })
            return ApiResults.BadRequest("id: name 1 to 1000 issues to change, as ?id=...&id=...");

        var (change, problem) = await IssueChange.ReadAsync(request, caller, cancellationToken);
        if (change is null)
            return ApiResults.BadRequest(problem!);

        var ids = new List<Guid>(id.Length);
        foreach (var text in id)
        {
            if (await caller.FindIssueIdAsync(text, cancellationToken) is { } issueId)
                ids.Add(issueId);
        }

        var changed = await caller.SendAsync(
            scope => new UpdateIssues(narrow(scope), ids, change.Status, change.Assignment), cancellationToken);
        if (changed.Count == 0)
            return TypedResults.NoContent();

        return change.Merge
            ? await MergeAsync(caller, narrow, changed, change.Echo, cancellationToken)
            : TypedResults.Ok(change.Echo);
    }

    private static async Task<IResult> MergeAsync(
        ApiCaller caller, Func<AccessScope, AccessScope> narrow, IReadOnlyList<Guid> ids, IssueChangeJson echo, CancellationToken cancellationToken)
    {
        var merged = await caller.SendAsync(scope => new MergeIssues(narrow(scope), ids), cancellationToken);
        return merged.Value is { } issue
            ? TypedResults.Ok(echo with { Merge = new MergeJson(issue.IssueId.ToString(), [.. issue.MergedIds.Select(id => id.ToString())]) })
            : ApiResults.Of(merged);
    }

    // The id of a merged issue deletes nothing: what it leads to is more than was meant.
    private static async Task<IResult> DeleteAsync(string issue, ApiCaller caller, CancellationToken cancellationToken) =>
        await caller.FindUnmergedIssueIdAsync(issue, cancellationToken) is { } id
        && await caller.SendAsync(scope => new DeleteIssue(scope, id), cancellationToken)
            ? TypedResults.StatusCode(StatusCodes.Status202Accepted)
            : ApiResults.NotFound();

    private static bool TryReadSort(string? text, out IssueSort sort)
    {
        var known = text switch
        {
            null or "" or "date" => IssueSort.LastSeen,
            "new" => IssueSort.FirstSeen,
            "freq" => IssueSort.Events,
            "user" => IssueSort.Users,
            "severity" => IssueSort.Severity,
            "trends" => IssueSort.Trends,
            _ => (IssueSort?)null,
        };
        sort = known ?? IssueSort.LastSeen;
        return known is not null;
    }
}

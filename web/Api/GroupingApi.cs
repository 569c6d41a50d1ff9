using ErrorHub.Projects;
using ErrorHub.Regrouping;
using ErrorHub.Web.Account;

namespace ErrorHub.Web.Api;

/// <summary>What Sentry's API has no address for: a project's rules of grouping, tried, applied and taken back.</summary>
internal static class GroupingApi
{
    private const string Tag = "Projects";

    public static void MapGroupingApi(this IEndpointRouteBuilder api)
    {
        api.MapGet("/projects/{org}/{project}/errorhub/grouping/", GetAsync).RequireScope("project:read")
            .Describe<GroupingRulesJson>(Tag, "The project's rules of grouping, and their last changes");
        api.MapPost("/projects/{org}/{project}/errorhub/grouping/changes/", TryAsync).RequireScope("project:write").Takes<GroupingTrialJson>()
            .Describe<GroupingChangeJson>(Tag, "Dry run: what other rules would do to the issues there are", StatusCodes.Status201Created);
        api.MapGet("/projects/{org}/{project}/errorhub/grouping/changes/{changeId:guid}/", FindAsync).RequireScope("project:read")
            .Describe<GroupingChangeJson>(Tag, "One change of the rules");
        api.MapPut("/projects/{org}/{project}/errorhub/grouping/changes/{changeId:guid}/", SetAsync).RequireScope("project:write").Takes<GroupingStateJson>()
            .Describe<GroupingChangeJson>(Tag, "Apply a change, or take it back: {\"state\": \"applied\"} or {\"state\": \"undone\"}");
    }

    private static async Task<IResult> GetAsync(string project, ApiCaller caller, CancellationToken cancellationToken) =>
        await caller.FindProjectAsync(project, cancellationToken) is { Slug: var slug }
            && await caller.SendAsync(scope => new GetGroupingRules(scope, slug), cancellationToken) is { } rules
            ? TypedResults.Ok(new GroupingRulesJson(rules.Rules, [.. rules.Changes.Select(GroupingChangeJson.Of)]))
            : ApiResults.NotFound();

    private static async Task<IResult> TryAsync(string project, HttpRequest request, ApiCaller caller, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { Slug: var slug })
            return ApiResults.NotFound();

        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken);
        if (body is null || !body.TryGetText("rules", out var rules, out problem) || !body.TryGetInteger("days", out var days, out problem))
            return ApiResults.BadRequest(problem!);

        var tried = await caller.SendAsync(scope => new TryGroupingRules(scope, slug, rules, days ?? 7), cancellationToken);
        return tried.Value is { } made ? TypedResults.Json(GroupingChangeJson.Of(made), statusCode: StatusCodes.Status201Created) : ApiResults.Of(tried);
    }

    private static async Task<IResult> FindAsync(string project, Guid changeId, ApiCaller caller, CancellationToken cancellationToken) =>
        await caller.FindProjectAsync(project, cancellationToken) is { Slug: var slug }
            && await caller.SendAsync(scope => new GetGroupingChange(scope, slug, changeId), cancellationToken) is { } change
            ? TypedResults.Ok(GroupingChangeJson.Of(change))
            : ApiResults.NotFound();

    private static async Task<IResult> SetAsync(string project, Guid changeId, HttpRequest request, ApiCaller caller, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { Slug: var slug })
            return ApiResults.NotFound();

        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken);
        if (body is null || !body.TryGetText("state", out var state, out problem))
            return ApiResults.BadRequest(problem!);

        ChangeResult<GroupingChangeDetails>? changed = state switch
        {
            "applied" => await caller.SendAsync(scope => new ApplyGroupingChange(scope, slug, changeId), cancellationToken),
            "undone" => await caller.SendAsync(scope => new UndoGroupingChange(scope, slug, changeId), cancellationToken),
            _ => null,
        };
        return changed switch
        {
            null => ApiResults.BadRequest("'state' is applied or undone."),
            { Value: { } made } => TypedResults.Ok(GroupingChangeJson.Of(made)),
            _ => ApiResults.Of(changed),
        };
    }
}

using ErrorHub.Projects;
using ErrorHub.Web.Account;
using ErrorHub.Web.Hosting;

namespace ErrorHub.Web.Api;

/// <summary>Keys of a project: its DSNs.</summary>
internal static class KeysApi
{
    private const string Tag = "Keys";
    private const string Keys = "/projects/{org}/{project}/keys/";
    private const string OneKey = Keys + "{keyId:guid}/";

    public static void MapKeysApi(this IEndpointRouteBuilder api)
    {
        api.MapGet(Keys, ListAsync).RequireScope("project:read").Describe<KeyJson[]>(Tag, "A project's keys, oldest first");
        api.MapPost(Keys, CreateAsync).RequireScope("project:write").Takes<NewKeyJson>()
            .Describe<KeyJson>(Tag, "Make a key", StatusCodes.Status201Created);
        api.MapGet(OneKey, GetAsync).RequireScope("project:read").Describe<KeyJson>(Tag, "One key");
        api.MapPut(OneKey, UpdateAsync).RequireScope("project:write").Takes<NewKeyJson>()
            .Describe<KeyJson>(Tag, "Rename, disable or limit a key");
        api.MapDelete(OneKey, DeleteAsync).RequireScope("project:admin")
            .Describe<EmptyJson>(Tag, "Delete a key; apps that use it can send no more", StatusCodes.Status204NoContent);
    }

    private static async Task<IResult> ListAsync(
        string project, ApiCaller caller, HttpContext context, PublicAddress address, CancellationToken cancellationToken)
    {
        if (await KeysOfAsync(project, caller, cancellationToken) is not { } keys)
            return ApiResults.NotFound();

        Paging.WriteLinks(context, address, null, null);
        return TypedResults.Ok(keys.Select(key => KeyJson.Of(key, address)));
    }

    private static async Task<IResult> GetAsync(
        string project, Guid keyId, ApiCaller caller, PublicAddress address, CancellationToken cancellationToken)
    {
        var keys = await KeysOfAsync(project, caller, cancellationToken);
        return keys?.FirstOrDefault(key => key.Id == keyId) is { } found
            ? TypedResults.Ok(KeyJson.Of(found, address))
            : ApiResults.NotFound();
    }

    private static async Task<IResult> CreateAsync(
        string project, HttpRequest request, ApiCaller caller, PublicAddress address, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { } found)
            return ApiResults.NotFound();

        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken);
        if (body is null || !TryRead(body, out var change, out problem))
            return ApiResults.BadRequest(problem!);

        var name = string.IsNullOrWhiteSpace(change.Name) ? "Default" : change.Name;
        var created = await caller.SendAsync(scope => new CreateKey(scope, found.Slug, name, change.RateLimit), cancellationToken);
        return created.Value is { } key
            ? TypedResults.Json(KeyJson.Of(key, address), statusCode: StatusCodes.Status201Created)
            : ApiResults.Of(created);
    }

    private static async Task<IResult> UpdateAsync(
        string project, Guid keyId, HttpRequest request, ApiCaller caller, PublicAddress address, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { } found)
            return ApiResults.NotFound();

        var (body, problem) = await ApiBody.ReadAsync(request, cancellationToken);
        if (body is null || !TryRead(body, out var change, out problem))
            return ApiResults.BadRequest(problem!);

        var updated = await caller.SendAsync(
            scope => new UpdateKey(scope, found.Slug, keyId, change.Name, change.IsActive, body.Has("rateLimit"), change.RateLimit),
            cancellationToken);
        return updated.Value is { } key ? TypedResults.Ok(KeyJson.Of(key, address)) : ApiResults.Of(updated);
    }

    private static async Task<IResult> DeleteAsync(string project, Guid keyId, ApiCaller caller, CancellationToken cancellationToken)
    {
        if (await caller.FindProjectAsync(project, cancellationToken) is not { } found)
            return ApiResults.NotFound();

        var deleted = await caller.SendAsync(scope => new DeleteKey(scope, found.Slug, keyId), cancellationToken);
        return deleted.Value is null ? ApiResults.Of(deleted) : TypedResults.NoContent();
    }

    private static async Task<IReadOnlyList<KeyRow>?> KeysOfAsync(string project, ApiCaller caller, CancellationToken cancellationToken) =>
        await caller.FindProjectAsync(project, cancellationToken) is { } found
            ? await caller.SendAsync(scope => new ListKeys(scope, found.Slug), cancellationToken)
            : null;

    private static bool TryRead(ApiBody body, out (string? Name, bool? IsActive, EventLimit? RateLimit) change, out string? problem)
    {
        change = default;
        if (!body.TryGetText("name", out var name, out problem)
            || !body.TryGetFlag("isActive", out var isActive, out problem)
            || !body.TryGetNumbers("rateLimit", "window", "count", out var limit, out problem))
            return false;

        change = (name, isActive, limit is { } set ? new EventLimit(set.First, set.Second) : null);
        return true;
    }
}

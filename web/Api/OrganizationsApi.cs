using System.Security.Claims;
using ErrorHub.Accounts;
using ErrorHub.Web.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Api;

/// <summary>Who calls, and the one organisation there is.</summary>
internal static class OrganizationsApi
{
    private const string Tag = "Organizations";

    public static void MapOrganizationsApi(this IEndpointRouteBuilder api)
    {
        var anyToken = new AuthorizationPolicyBuilder(ApiTokenHandler.SchemeName).RequireAuthenticatedUser().Build();
        api.MapGet("/", RootAsync).RequireAuthorization(anyToken).Describe<RootJson>(Tag, "Who the token belongs to and what it may do");
        api.MapGet("/organizations/", List).RequireScope("org:read")
            .Describe<OrganizationJson[]>(Tag, "The organisations: one, this installation");
        api.MapGet("/organizations/{org}/", Get).RequireScope("org:read").Describe<OrganizationJson>(Tag, "The organisation");
        // sentry-cli asks every server for its regions; 404 tells it that this one has none (protocol.md 1.3).
        api.MapGet("/users/me/regions/", ApiResults.NotFound).ExcludeFromDescription();
    }

    private static async Task<IResult> RootAsync(ClaimsPrincipal user, ApiCaller caller, CancellationToken cancellationToken)
    {
        var person = await caller.SendAsync(scope => new FindUser(scope, "me"), cancellationToken);
        return TypedResults.Ok(new RootJson(
            "0",
            new RootAuthJson([.. user.FindAll(ApiTokenHandler.ScopeClaim).Select(claim => claim.Value)]),
            person is null ? null : new UserJson(person.Id.ToString(), person.Name, person.Email)));
    }

    private static Ok<OrganizationJson[]> List(IOptions<BootstrapOptions> installation) =>
        TypedResults.Ok(new[] { OrganizationJson.Of(installation.Value) });

    private static Ok<OrganizationJson> Get(IOptions<BootstrapOptions> installation) =>
        TypedResults.Ok(OrganizationJson.Of(installation.Value));
}

using ErrorHub.Accounts;
using Microsoft.AspNetCore.Authorization;

namespace ErrorHub.Web.Account;

/// <summary>Asks of an endpoint's caller a token with a scope.</summary>
internal static class ScopeRequirement
{
    /// <summary>
    /// Only a bearer token that has the scope, or a greater one of the same noun, may call this endpoint. The policy names its
    /// scheme, so a page's cookie is not even looked at: no other site can make a browser act on the API.
    /// </summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(new AuthorizationPolicyBuilder(ApiTokenHandler.SchemeName)
            .RequireAuthenticatedUser()
            .RequireClaim(ApiTokenHandler.ScopeClaim, ApiScopes.ThatAllow(scope))
            .Build());
}

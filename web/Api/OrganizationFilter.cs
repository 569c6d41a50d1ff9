using ErrorHub.Accounts;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Api;

/// <summary>An installation is one organisation: addresses that name another lead nowhere.</summary>
internal sealed class OrganizationFilter(IOptions<BootstrapOptions> installation) : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.GetRouteValue("org") is string organization && organization != installation.Value.Organization
            ? ValueTask.FromResult<object?>(ApiResults.NotFound())
            : next(context);
}

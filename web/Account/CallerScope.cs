using System.Security.Claims;
using ErrorHub.Accounts;
using ErrorHub.UseCases;
using Microsoft.AspNetCore.Components.Authorization;

namespace ErrorHub.Web.Account;

/// <summary>
/// What the caller of this request or circuit may see: from the API token that authenticated it, else from the cookie's person as
/// the database knows them now. A caller without a valid log-in is <see cref="AccessScope.Nobody"/>.
/// </summary>
internal sealed class CallerScope(IHttpContextAccessor http, IServiceProvider services, UseCaseSender useCases)
{
    public async Task<AccessScope> GetAsync(CancellationToken cancellationToken)
    {
        var context = http.HttpContext;
        if (context?.Items[typeof(AccessScope)] is AccessScope ofToken)
            return ofToken;

        var person = context?.User ?? await CircuitUserAsync();
        return Guid.TryParse(person.FindFirstValue(ClaimTypes.NameIdentifier), out var userId)
            ? await useCases.SendAsync(new GetAccess(userId, IpOf(context)), cancellationToken) ?? AccessScope.Nobody
            : AccessScope.Nobody;
    }

    /// <summary>Where a request comes from, as the activity log shows it.</summary>
    public static string? IpOf(HttpContext? context) => context?.Connection.RemoteIpAddress switch
    {
        null => null,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };

    // A circuit outlives its HTTP request, so it has no context but the state that the request left it.
    private async Task<ClaimsPrincipal> CircuitUserAsync() =>
        (await services.GetRequiredService<AuthenticationStateProvider>().GetAuthenticationStateAsync()).User;
}

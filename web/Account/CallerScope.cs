using System.Security.Claims;
using ErrorHub.Accounts;
using ErrorHub.UseCases;

namespace ErrorHub.Web.Account;

/// <summary>
/// What the caller of this request may see: under /api/ what the API token allows, elsewhere the cookie's person as the database
/// knows them now. A caller without a valid log-in is <see cref="AccessScope.Nobody"/>.
/// </summary>
internal sealed class CallerScope(IHttpContextAccessor http, UseCaseSender useCases)
{
    public async Task<AccessScope> GetAsync(CancellationToken cancellationToken)
    {
        if (http.HttpContext is not { } context)
            return AccessScope.Nobody;
        // Never the cookie here, even if an endpoint forgot its RequireScope.
        if (context.Request.Path.StartsWithSegments("/api"))
            return context.Items[typeof(AccessScope)] as AccessScope ?? AccessScope.Nobody;

        return Guid.TryParse(context.User.FindFirstValue(ClaimTypes.NameIdentifier), out var userId)
            ? await useCases.SendAsync(new GetAccess(userId, IpOf(context)), cancellationToken) ?? AccessScope.Nobody
            : AccessScope.Nobody;
    }

    /// <summary>Where a request comes from, as the activity log shows it.</summary>
    public static string? IpOf(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => null,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        var address => address.ToString(),
    };
}

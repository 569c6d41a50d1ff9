using System.Security.Claims;
using ErrorHub.Accounts;
using ErrorHub.UseCases;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace ErrorHub.Web.Account;

/// <summary>Ends the log-in of an open tab within a minute after its account was disabled: a circuit sends no cookie to check.</summary>
internal sealed class CircuitAuthenticationState(ILoggerFactory loggers, UseCaseSender useCases)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromMinutes(1);

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        Guid.TryParse(authenticationState.User.FindFirstValue(ClaimTypes.NameIdentifier), out var userId)
        && await useCases.SendAsync(new GetAccess(userId, null), cancellationToken) is not null;
}

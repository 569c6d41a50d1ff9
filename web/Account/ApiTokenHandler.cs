using System.Security.Claims;
using System.Text.Encodings.Web;
using ErrorHub.Accounts;
using ErrorHub.UseCases;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Account;

/// <summary>The scheme of the web API: <c>Authorization: Bearer {token}</c>, refusals as JSON in Sentry's shape.</summary>
internal sealed class ApiTokenHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, UseCaseSender useCases)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiToken";
    public const string ScopeClaim = "scope";
    private const string Prefix = "Bearer ";
    private const int MaxTokenLength = 512;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            return AuthenticateResult.NoResult();
        var token = header[Prefix.Length..].Trim();
        if (token.Length is 0 or > MaxTokenLength)
            return AuthenticateResult.Fail("Invalid token");

        var request = new AuthenticateToken(token, CallerScope.IpOf(Context));
        if (await useCases.SendAsync(request, Context.RequestAborted) is not { } valid)
            return AuthenticateResult.Fail("Invalid token");

        Context.Items[typeof(AccessScope)] = valid.Access;
        var identity = new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, valid.Access.Actor.UserId!.Value.ToString()),
                new Claim(ClaimTypes.Name, valid.Access.Actor.Name),
                .. valid.Scopes.Select(scope => new Claim(ScopeClaim, scope)),
            ],
            Scheme.Name);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }

    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        Response.Headers.WWWAuthenticate = "Bearer";
        await RefuseAsync(StatusCodes.Status401Unauthorized, result.Failure is null
            ? "Authentication credentials were not provided."
            : "Invalid token");
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        RefuseAsync(StatusCodes.Status403Forbidden, "You do not have permission to perform this action.");

    private Task RefuseAsync(int status, string detail)
    {
        Response.StatusCode = status;
        return Response.WriteAsJsonAsync(new { detail }, Context.RequestAborted);
    }
}

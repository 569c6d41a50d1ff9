using System.Security.Claims;
using ErrorHub.Accounts;
using ErrorHub.UseCases;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Account;

/// <summary>Who is calling: the cookie of pages, the bearer token of the web API.</summary>
internal static class AccountWebModule
{
    public const string LoginPath = "/account/login";

    /// <summary>Adds both authentication schemes, the policies, <see cref="CallerScope"/> and the limit on log-in tries.</summary>
    public static IServiceCollection AddAccountWeb(this IServiceCollection services)
    {
        services.AddHttpContextAccessor();
        services.AddScoped<CallerScope>();
        services.AddScoped<IUserClaimsPrincipalFactory<User>, UserPrincipalFactory>();
        services.AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddCookie(IdentityConstants.ApplicationScheme, ConfigureCookie)
            // Unused, but Identity signs out of it too when it refuses an outdated cookie, and throws when it is missing.
            .AddCookie(IdentityConstants.TwoFactorRememberMeScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiTokenHandler>(ApiTokenHandler.SchemeName, null);
        new IdentityBuilder(typeof(User), services).AddSignInManager();
        // How long a stolen or outdated cookie lives on after its owner was disabled.
        services.Configure<SecurityStampValidatorOptions>(options => options.ValidationInterval = TimeSpan.FromMinutes(1));
        services.AddAuthorizationBuilder()
            .AddPolicy(Policies.SignedIn, OfCookie().RequireAuthenticatedUser().Build())
            .AddPolicy(Policies.Owner, OfCookie().RequireRole(nameof(UserRole.Owner)).Build());
        services.AddLoginRateLimit();
        return services;

        static AuthorizationPolicyBuilder OfCookie() => new(IdentityConstants.ApplicationScheme);
    }

    private static void ConfigureCookie(CookieAuthenticationOptions options)
    {
        options.Cookie.Name = "errorhub";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = true;
        options.LoginPath = LoginPath;
        options.AccessDeniedPath = "/account/denied";
        options.ReturnUrlParameter = "returnUrl";
        options.Events.OnValidatePrincipal = SecurityStampValidator.ValidatePrincipalAsync;
        options.Events.OnRedirectToLogin = RedirectToLoginAsync;
    }

    /// <summary>Without an owner there is nobody who could log in: /setup then says where the set-up link is.</summary>
    private static async Task RedirectToLoginAsync(RedirectContext<CookieAuthenticationOptions> context)
    {
        var useCases = context.HttpContext.RequestServices.GetRequiredService<UseCaseSender>();
        var isSetUp = await useCases.SendAsync(new IsSetUp(), context.HttpContext.RequestAborted);
        context.Response.Redirect(isSetUp ? context.RedirectUri : "/setup");
    }
}

/// <summary>The cookie holds who someone is and their role for the menu; what they may see is looked up with each request.</summary>
internal sealed class UserPrincipalFactory(UserManager<User> users, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<User>(users, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(User user)
    {
        var identity = await base.GenerateClaimsAsync(user);
        // The menu shows the person's name; Identity puts the user name there, which is the e-mail address.
        identity.RemoveClaim(identity.FindFirst(identity.NameClaimType));
        identity.AddClaim(new Claim(identity.NameClaimType, user.Name));
        identity.AddClaim(new Claim(ClaimTypes.Role, user.Role.ToString()));
        return identity;
    }
}

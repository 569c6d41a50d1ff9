using ErrorHub.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ErrorHub.Accounts;

/// <summary>Registers people, their passwords and the first start.</summary>
public static class AccountsModule
{
    /// <summary>Adds ASP.NET Core Identity over our context, without anything of HTTP, and <see cref="Bootstrap"/>.</summary>
    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<BootstrapOptions>().BindConfiguration(BootstrapOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BootstrapOptions>, BootstrapOptionsValidator>();
        services.AddSingleton<Bootstrap>();
        services.AddIdentityCore<User>(Configure).AddEntityFrameworkStores<ErrorHubDbContext>();
        // OWASP's figure for PBKDF2 with HMAC-SHA-512, which Identity uses; its default is 100,000 (reliability-security.md 3.1).
        services.Configure<PasswordHasherOptions>(options => options.IterationCount = 220_000);
        return services;
    }

    // Length, and no rules of composition: those make passwords worse (NIST SP 800-63B, 3.1.1.2).
    private static void Configure(IdentityOptions options)
    {
        options.Password = new PasswordOptions
        {
            RequiredLength = PasswordRule.MinLength,
            RequireDigit = false,
            RequireLowercase = false,
            RequireUppercase = false,
            RequireNonAlphanumeric = false,
        };
        options.User.RequireUniqueEmail = true;
        // The user name is the e-mail address, checked as such; empty means any character.
        options.User.AllowedUserNameCharacters = "";
    }
}

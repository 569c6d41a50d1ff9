using ErrorHub.Projects;
using Microsoft.Extensions.Options;

namespace ErrorHub.Accounts;

/// <summary>What an empty database is filled with at the first start.</summary>
public sealed class BootstrapOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "ErrorHub:Bootstrap";

    /// <summary>E-mail address of the first owner; null to print a set-up link instead.</summary>
    public string? AdminEmail { get; set; }

    /// <summary>Password of the first owner.</summary>
    public string? AdminPassword { get; set; }

    /// <summary>An API token of that owner with all scopes: any text of 20 or more characters; null for none.</summary>
    public string? ApiToken { get; set; }

    /// <summary>Slug of the organisation in API addresses.</summary>
    public string Organization { get; set; } = "errorhub";

    /// <summary>Slug of project 1.</summary>
    public string Project { get; set; } = "default";

    /// <summary>Public key of project 1: 32 lower-case hex digits; null for a random one.</summary>
    public string? ProjectKey { get; set; }
}

/// <summary>One line for each wrong value: the key, what is wrong, an example. The value itself is never repeated: it may be a secret.</summary>
internal sealed class BootstrapOptionsValidator : IValidateOptions<BootstrapOptions>
{
    public ValidateOptionsResult Validate(string? name, BootstrapOptions options)
    {
        var problems = Problems(options).Select(p => $"{BootstrapOptions.Section}:{p}").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(BootstrapOptions options)
    {
        if (options.AdminEmail is { } email && (email.Length > 256 || email.Split('@') is not [{ Length: > 0 }, { Length: > 0 }]))
            yield return "AdminEmail is not an e-mail address. Example: owner@example.com";
        if (options.AdminEmail is null != options.AdminPassword is null)
            yield return "AdminEmail and ErrorHub:Bootstrap:AdminPassword go together; set both or neither.";
        if (options.AdminPassword is { Length: < PasswordRule.MinLength or > PasswordRule.MaxLength })
            yield return "AdminPassword must have 12 to 1,024 characters. Example: correct-horse-battery-staple";
        if (options.ApiToken is { Length: < 20 or > 512 } || options.ApiToken?.Any(char.IsWhiteSpace) == true)
            yield return "ApiToken must have 20 to 512 characters and no spaces. Example: the output of `openssl rand -hex 32`";
        if (options.ApiToken is not null && options.AdminEmail is null)
            yield return "ApiToken needs an owner; set ErrorHub:Bootstrap:AdminEmail and ErrorHub:Bootstrap:AdminPassword too.";
        if (!ProjectSlug.IsValid(options.Organization))
            yield return $"Organization is not a slug. {ProjectSlug.Rule} Example: errorhub";
        if (!ProjectSlug.IsValid(options.Project))
            yield return $"Project is not a slug. {ProjectSlug.Rule} Example: default";
        if (options.ProjectKey is { } key && !Projects.ProjectKey.IsPublicKey(key))
            yield return "ProjectKey must have 32 lower-case hexadecimal digits. Example: the output of `openssl rand -hex 16`";
    }
}

using Microsoft.AspNetCore.Identity;

namespace ErrorHub.Accounts;

/// <summary>What is asked of passwords and of those who try them.</summary>
public static class PasswordRule
{
    /// <summary>Fewest characters.</summary>
    public const int MinLength = 12;

    /// <summary>Most characters; more is an attack on the hash.</summary>
    public const int MaxLength = 1_024;

    /// <summary>Wrong tries until the account is locked.</summary>
    public const int MaxTries = 10;

    /// <summary>How long it is locked.</summary>
    public static readonly TimeSpan LockFor = TimeSpan.FromMinutes(30);

    /// <summary>Identity's complaints as one sentence for people.</summary>
    internal static string Problem(IdentityResult result) => string.Join(' ', result.Errors.Select(e => e.Description).Distinct());
}

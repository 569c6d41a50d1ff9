using System.Globalization;

namespace ErrorHub.Protocol;

/// <summary>What a rate limit applies to.</summary>
public enum RateLimitScope
{
    /// <summary>The whole installation.</summary>
    Organization,

    /// <summary>One project.</summary>
    Project,

    /// <summary>One DSN.</summary>
    Key,
}

/// <summary>One limit in force.</summary>
/// <param name="RetryAfter">How long it lasts.</param>
/// <param name="Categories">Sentry's data categories; empty means all.</param>
/// <param name="Scope">What it applies to.</param>
/// <param name="Reason">A short name such as <c>key_quota</c>; null to say nothing.</param>
public sealed record RateLimit(
    TimeSpan RetryAfter, IReadOnlyList<string> Categories, RateLimitScope Scope, string? Reason);

/// <summary>
/// Writes <c>X-Sentry-Rate-Limits</c> and <c>Retry-After</c> in the subset every SDK parses (protocol.md section 6.1):
/// whole seconds, always a scope, no spaces, no trailing comma, lower-case names.
/// </summary>
public static class RateLimitHeader
{
    /// <summary>Name of the header.</summary>
    public const string Name = "X-Sentry-Rate-Limits";

    /// <summary>
    /// The categories that stop events: SDKs file an event without an exception under <c>error</c>, Sentry under <c>default</c>.
    /// </summary>
    public static IReadOnlyList<string> EventCategories { get; } = ["error", "default", "security"];

    /// <summary>The header's value, such as <c>60:error;default:key:key_quota</c>; empty for no limits.</summary>
    public static string Format(IEnumerable<RateLimit> limits) => string.Join(',', limits.Select(Format));

    /// <summary>The value of <c>Retry-After</c>: seconds of the longest limit, from 1 to 86400.</summary>
    public static int RetryAfterSeconds(IEnumerable<RateLimit> limits) =>
        limits.Select(l => Seconds(l.RetryAfter)).DefaultIfEmpty(1).Max();

    private static string Format(RateLimit limit)
    {
        var categories = string.Join(';', limit.Categories.Select(Word).Where(c => c.Length > 0));
        var scope = limit.Scope switch
        {
            RateLimitScope.Organization => "organization",
            RateLimitScope.Project => "project",
            _ => "key",
        };
        var reason = Word(limit.Reason ?? "");
        return string.Create(
            CultureInfo.InvariantCulture, $"{Seconds(limit.RetryAfter)}:{categories}:{scope}{(reason.Length > 0 ? ":" + reason : "")}");
    }

    // native clamps to a day and cocoa ignores 0, so neither is ever sent.
    private static int Seconds(TimeSpan time) => (int)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, 86_400);

    // The separators of the grammar must not come from a name.
    private static string Word(string name) =>
        string.Concat(name.ToLowerInvariant().Where(c => c == '_' || char.IsAsciiLetterLower(c)));
}

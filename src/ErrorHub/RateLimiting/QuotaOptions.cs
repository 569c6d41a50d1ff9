using ErrorHub.Projects;
using Microsoft.Extensions.Options;

namespace ErrorHub.RateLimiting;

/// <summary>The quota of the whole installation. There is none unless it is set.</summary>
public sealed class QuotaOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "ErrorHub:Quota";

    /// <summary>Events that all projects together may send in a window; null for any number.</summary>
    public int? Events { get; set; }

    /// <summary>Seconds of the window.</summary>
    public int WindowSeconds { get; set; } = 3600;

    /// <summary>The two as one limit; null when there is none.</summary>
    internal EventLimit? Limit => Events is { } events ? new EventLimit(WindowSeconds, events) : null;
}

internal sealed class QuotaOptionsValidator : IValidateOptions<QuotaOptions>
{
    public ValidateOptionsResult Validate(string? name, QuotaOptions options) => options switch
    {
        { Events: < 1 } => Fail($"ErrorHub__Quota__Events is {options.Events}; it must be at least 1, for example 100000, or unset for no quota"),
        { WindowSeconds: < 1 or > 86_400 } =>
            Fail($"ErrorHub__Quota__WindowSeconds is {options.WindowSeconds}; it must be 1 to 86,400 seconds, for example 3600"),
        _ => ValidateOptionsResult.Success,
    };

    private static ValidateOptionsResult Fail(FormattableString problem) => ValidateOptionsResult.Fail(FormattableString.Invariant(problem));
}

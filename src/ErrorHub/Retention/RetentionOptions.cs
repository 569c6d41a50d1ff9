using Microsoft.Extensions.Options;

namespace ErrorHub.Retention;

/// <summary>How long data is kept; section <c>ErrorHub:Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>Where it stands in the configuration.</summary>
    public const string Section = "ErrorHub:Retention";

    /// <summary>Days events are kept in projects that set nothing of their own.</summary>
    public short Days { get; init; } = 90;

    /// <summary>Days the hourly statistics are kept: two years, so that a month can be compared with that of the year before.</summary>
    public int StatisticsDays { get; init; } = 730;
}

internal sealed class RetentionOptionsValidator : IValidateOptions<RetentionOptions>
{
    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        if (options.Days is < 1 or > 3650)
            return ValidateOptionsResult.Fail($"{RetentionOptions.Section}:Days is {options.Days}; it must be 1 to 3650 days, for example 90");

        return options.StatisticsDays is < 1 or > 36500
            ? ValidateOptionsResult.Fail(
                $"{RetentionOptions.Section}:StatisticsDays is {options.StatisticsDays}; it must be 1 to 36500 days, for example 730")
            : ValidateOptionsResult.Success;
    }
}

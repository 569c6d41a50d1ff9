using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ErrorHub.Retention;

/// <summary>How long data is kept; section <c>ErrorHub:Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>Where it stands in the configuration.</summary>
    public const string Section = "ErrorHub:Retention";

    /// <summary>Days events are kept in projects that set nothing of their own.</summary>
    [Range(1, 3650, ErrorMessage = "ErrorHub:Retention:Days must be a number of days from 1 to 3650, such as 90.")]
    public short Days { get; init; } = 90;

    /// <summary>Days the hourly statistics are kept: two years, so that a month can be compared with that of the year before.</summary>
    [Range(1, 36500, ErrorMessage = "ErrorHub:Retention:StatisticsDays must be a number of days from 1 to 36500, such as 730.")]
    public int StatisticsDays { get; init; } = 730;
}

[OptionsValidator]
internal sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;

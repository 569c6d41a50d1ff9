using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ErrorHub.Search;

/// <summary>
/// Reads <c>-24h</c> (within the last 24 hours), <c>+7d</c> (before that), <c>2026-01-31</c> (on that day, UTC) and
/// <c>&gt;2026-01-31T12:00:00Z</c>.
/// </summary>
internal static class TimeBoundParser
{
    private const string DayFormat = "yyyy-MM-dd";

    public static bool TryParse(string value, [NotNullWhen(true)] out TimeBound? bound)
    {
        bound = value switch
        {
            ['-', .. var rest] when PeriodText.TryParse(rest, out var ago) => new TimeBound { FromAgo = ago },
            ['+', .. var rest] when PeriodText.TryParse(rest, out var ago) => new TimeBound { UntilAgo = ago },
            _ => Moment(value),
        };
        return bound is not null;
    }

    private static TimeBound? Moment(string value)
    {
        var (comparison, rest) = IssueTermParser.ReadComparison(value);
        var style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        var culture = CultureInfo.InvariantCulture;
        TimeSpan unit;
        if (DateTimeOffset.TryParseExact(rest, DayFormat, culture, style, out var time))
            unit = TimeSpan.FromDays(1);
        else if (rest.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(rest, culture, style, out time))
            unit = TimeSpan.FromSeconds(1);
        else
            return null;

        if (time.Year >= 9999)
            return null;

        return comparison switch
        {
            Comparison.Greater => new TimeBound { From = time + unit },
            Comparison.GreaterOrEqual => new TimeBound { From = time },
            Comparison.Less => new TimeBound { Until = time },
            Comparison.LessOrEqual => new TimeBound { Until = time + unit },
            _ => new TimeBound { From = time, Until = time + unit },
        };
    }
}

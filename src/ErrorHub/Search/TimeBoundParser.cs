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

    // A century: longer distances leave the calendar.
    private const int MaxDays = 36_500;

    public static bool TryParse(string value, [NotNullWhen(true)] out TimeBound? bound)
    {
        bound = value switch
        {
            ['-', .. var rest] when TryParseDistance(rest, out var ago) => new TimeBound { FromAgo = ago },
            ['+', .. var rest] when TryParseDistance(rest, out var ago) => new TimeBound { UntilAgo = ago },
            _ => Moment(value),
        };
        return bound is not null;
    }

    /// <summary>Reads <c>30m</c>, <c>24h</c>, <c>14d</c>, <c>2w</c>; Sentry's <c>statsPeriod</c> is written the same way.</summary>
    public static bool TryParseDistance(string text, out TimeSpan distance)
    {
        distance = default;
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;

        var days = text[^1] switch { 's' => count / 86_400d, 'm' => count / 1_440d, 'h' => count / 24d, 'd' => count, 'w' => count * 7d, _ => -1 };
        if (days is < 0 or > MaxDays)
            return false;

        distance = TimeSpan.FromTicks((long)Math.Round(days * TimeSpan.TicksPerDay / TimeSpan.TicksPerSecond) * TimeSpan.TicksPerSecond);
        return true;
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

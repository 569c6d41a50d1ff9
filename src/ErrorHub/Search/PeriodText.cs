using System.Globalization;

namespace ErrorHub.Search;

/// <summary>Lengths of time as people write them in searches and addresses: <c>30m</c>, <c>24h</c>, <c>14d</c>, <c>2w</c>.</summary>
public static class PeriodText
{
    // A century: longer distances leave the calendar.
    private const long MaxSeconds = 36_500L * 86_400;

    /// <summary>Reads one; false when it is none.</summary>
    public static bool TryParse(string text, out TimeSpan period)
    {
        period = default;
        if (text.Length < 2 || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;

        var unit = text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3_600, 'd' => 86_400, 'w' => 604_800, _ => 0L };
        if (unit == 0 || count * unit > MaxSeconds)
            return false;

        period = TimeSpan.FromSeconds(count * unit);
        return true;
    }
}

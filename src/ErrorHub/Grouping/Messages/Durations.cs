namespace ErrorHub.Grouping.Messages;

/// <summary><c>12ms</c>, <c>1.5s</c>, <c>30 seconds</c>.</summary>
internal static class Durations
{
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Units = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
    {
        "ns", "us", "µs", "μs", "ms", "s", "sec", "secs", "second", "seconds", "millis", "millisecond", "milliseconds", "microseconds", "nanoseconds",
        "m", "min", "mins", "minute", "minutes", "h", "hr", "hrs", "hour", "hours", "d", "day", "days",
    }.GetAlternateLookup<ReadOnlySpan<char>>();

    private const int MaxUnit = 12;

    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var number = Numbers.LengthAt(text, at);
        if (number == 0)
            return 0;

        var start = at + number;
        if (TextAt.Is(text, start, ' '))
            start++;

        var end = start;
        while (end < text.Length && end - start <= MaxUnit && char.IsLetter(text[end]))
            end++;

        return end > start && TextAt.IsEnd(text, end) && Units.Contains(text[start..end]) ? end - at : 0;
    }
}

namespace ErrorHub.Grouping.Messages;

/// <summary>
/// <c>2026-07-01</c>, <c>2026-07-01T10:00:00.123Z</c>, <c>01/07/2026</c>, <c>1.7.2026</c>, <c>10:00:00</c>,
/// <c>Wed, 01 Jul 2026 10:00:00 GMT</c>, <c>Jul 1, 2026</c>.
/// </summary>
internal static class Dates
{
    private static readonly string[] Months =
        ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

    private static readonly string[] Days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var end = char.IsAsciiDigit(text[at]) ? NumericEnd(text, at) : NamedEnd(text, at);
        return end > at && TextAt.IsEnd(text, end) ? end - at : 0;
    }

    private static int NumericEnd(ReadOnlySpan<char> text, int at)
    {
        var first = TextAt.DigitsAt(text, at, 4);
        var i = at + first;
        if (i >= text.Length)
            return 0;

        var mark = text[i];
        if (first == 2 && mark == ':')
            return TimeEnd(text, at);

        if (first is 1 or 2 && mark == ' ' && MonthEnd(text, i + 1) is > 0 and var month)
            return WithTime(text, YearEnd(text, month));

        if (mark is not ('-' or '/' or '.') || (first != 4 && first > 2))
            return 0;

        var second = TextAt.DigitsAt(text, i + 1, 2);
        i += 1 + second;
        if (second is not (1 or 2) || !TextAt.Is(text, i, mark))
            return 0;

        var third = TextAt.DigitsAt(text, i + 1, 4);
        return (first, third) is (4, 1 or 2) or (1 or 2, 4) && (mark != '.' || first != 4) ? WithTime(text, i + 1 + third) : 0;
    }

    private static int NamedEnd(ReadOnlySpan<char> text, int at)
    {
        if (IsAny(text, at, Days) && WordEnd(text, at) is var day)
        {
            while (day < text.Length && text[day] is ',' or ' ')
                day++;

            if (day >= text.Length)
                return 0;

            return char.IsAsciiDigit(text[day]) ? NumericEnd(text, day) : MonthFirst(text, day);
        }

        return MonthFirst(text, at);
    }

    /// <summary><c>Jul 1, 2026</c>, <c>Jul  1 10:00:00</c>.</summary>
    private static int MonthFirst(ReadOnlySpan<char> text, int at)
    {
        if (MonthEnd(text, at) is not (> 0 and var i))
            return 0;

        while (TextAt.Is(text, i, ' '))
            i++;

        var day = TextAt.DigitsAt(text, i, 2);
        if (day is not (1 or 2))
            return 0;

        return WithTime(text, YearEnd(text, i + day));
    }

    private static int MonthEnd(ReadOnlySpan<char> text, int at) => IsAny(text, at, Months) ? WordEnd(text, at) : 0;

    /// <summary>Behind a year, or where it stood when there is none.</summary>
    private static int YearEnd(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        while (i < text.Length && i < at + 2 && text[i] is ' ' or ',')
            i++;

        return TextAt.DigitsAt(text, i, 4) == 4 ? i + 4 : at;
    }

    private static int WithTime(ReadOnlySpan<char> text, int at)
    {
        if (at <= 0 || at >= text.Length)
            return at;

        var start = text[at] is 'T' or 't' or ' ' ? at + 1 : TextAt.Is(text, at, ',') && TextAt.Is(text, at + 1, ' ') ? at + 2 : -1;
        return start > 0 && TimeEnd(text, start) is > 0 and var end ? end : at;
    }

    /// <summary><c>10:00</c> up to <c>10:00:00.123 +02:00</c>.</summary>
    private static int TimeEnd(ReadOnlySpan<char> text, int at)
    {
        if (TextAt.DigitsAt(text, at, 2) is not (1 or 2) || TextAt.SkipDigits(text, at) is var i && (!TextAt.Is(text, i, ':') || TextAt.DigitsAt(text, i + 1, 2) != 2))
            return 0;

        i += 3;
        if (TextAt.Is(text, i, ':') && TextAt.DigitsAt(text, i + 1, 2) == 2)
        {
            i += 3;
            if (i < text.Length && text[i] is '.' or ',' && TextAt.DigitsAt(text, i + 1, 9) is > 0 and var fraction)
                i += 1 + fraction;
        }

        var zone = TextAt.Is(text, i, ' ') ? i + 1 : i;
        if (TextAt.Is(text, zone, 'Z') && TextAt.IsEnd(text, zone + 1))
            return zone + 1;

        foreach (var name in (ReadOnlySpan<string>)["GMT", "UTC", "AM", "PM", "am", "pm"])
            if (zone < text.Length && text[zone..].StartsWith(name, StringComparison.Ordinal) && TextAt.IsEnd(text, zone + name.Length))
                return zone + name.Length;

        if (zone < text.Length && text[zone] is '+' or '-' && TextAt.DigitsAt(text, zone + 1, 4) is 2 or 4)
        {
            zone = TextAt.SkipDigits(text, zone + 1);
            return TextAt.Is(text, zone, ':') && TextAt.DigitsAt(text, zone + 1, 2) == 2 ? zone + 3 : zone;
        }

        return i;
    }

    /// <summary>One of the words, or its beginning: <c>Wed</c>, <c>Sept</c>.</summary>
    private static bool IsAny(ReadOnlySpan<char> text, int at, string[] words)
    {
        var written = text[Math.Min(at, text.Length)..WordEnd(text, at)];
        if (written.Length is < 3 or > 9)
            return false;

        foreach (var word in words)
            if (word.AsSpan().StartsWith(written, StringComparison.OrdinalIgnoreCase))
                return true;

        return false;
    }

    private static int WordEnd(ReadOnlySpan<char> text, int at)
    {
        at = Math.Min(at, text.Length);
        while (at < text.Length && char.IsAsciiLetter(text[at]))
            at++;

        return at;
    }
}

namespace ErrorHub.Grouping.Messages;

/// <summary><c>7</c>, <c>-3.5</c>, <c>1,000.25</c>, <c>1e-9</c>, <c>1.2.3</c>; also before a unit, <c>12MB</c>. Not the one in <c>utf8</c>.</summary>
internal static class Numbers
{
    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var i = text[at] is '-' or '+' ? at + 1 : at;
        // The minus of "shop-7" is a hyphen.
        if (i >= text.Length || !char.IsAsciiDigit(text[i]) || (i > at && TextAt.IsInWord(text, at)))
            return 0;

        i = TextAt.SkipDigits(text, i);
        while (i + 1 < text.Length && text[i] is '.' or ',' && char.IsAsciiDigit(text[i + 1]))
            i = TextAt.SkipDigits(text, i + 1);

        if (i + 1 < text.Length && text[i] is 'e' or 'E')
        {
            var exponent = text[i + 1] is '-' or '+' ? i + 2 : i + 1;
            if (TextAt.SkipDigits(text, exponent) is var end && end > exponent && TextAt.IsEnd(text, end))
                i = end;
        }

        return i - at;
    }
}

namespace ErrorHub.Grouping.Messages;

/// <summary><c>10.0.0.1</c>, <c>10.0.0.1:5432</c>, <c>2001:db8::1</c>. Not <c>Foo::bar</c>.</summary>
internal static class IpAddresses
{
    private const int MaxLength = 45;

    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        if (at > 0 && text[at - 1] is ':' or '.')
            return 0;

        return char.IsAsciiDigit(text[at]) && Version4(text, at) is > 0 and var four ? four : Version6(text, at);
    }

    private static int Version4(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && !TextAt.Is(text, i++, '.'))
                return 0;

            var digits = TextAt.DigitsAt(text, i, 3);
            if (digits is 0 or > 3)
                return 0;

            i += digits;
        }

        if (TextAt.Is(text, i, ':') && TextAt.DigitsAt(text, i + 1, 5) is > 0 and <= 5 and var port)
            i += 1 + port;

        // A version has more parts, or letters behind it.
        return TextAt.IsEnd(text, i) && !(TextAt.Is(text, i, '.') && i + 1 < text.Length && TextAt.IsWord(text[i + 1])) ? i - at : 0;
    }

    private static int Version6(ReadOnlySpan<char> text, int at)
    {
        var (i, colons, doubles, digits) = (at, 0, 0, 0);
        while (i < text.Length && i - at < MaxLength && (char.IsAsciiHexDigit(text[i]) || text[i] == ':'))
        {
            if (text[i] == ':')
            {
                colons++;
                doubles += i > at && text[i - 1] == ':' ? 1 : 0;
                digits = 0;
            }
            else if (++digits > 4)
            {
                return 0;
            }

            i++;
        }

        // A colon behind it is the sentence's.
        if (i > at && text[i - 1] == ':' && !(i > at + 1 && text[i - 2] == ':'))
            (i, colons) = (i - 1, colons - 1);

        return TextAt.IsEnd(text, i) && i - at > 2 && doubles <= 1 && (colons == 7 || (doubles == 1 && colons is >= 2 and <= 7)) && text[at..i].ContainsAnyInRange('0', '9')
            ? i - at
            : 0;
    }
}

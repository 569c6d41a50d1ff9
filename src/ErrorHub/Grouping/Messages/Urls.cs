namespace ErrorHub.Grouping.Messages;

/// <summary><c>https://shop/pay?order=7</c>, any scheme.</summary>
internal static class Urls
{
    private const int MaxScheme = 20;

    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var i = at;
        while (i < text.Length && i - at <= MaxScheme && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '+' or '.' or '-'))
            i++;

        if (i - at < 2 || !char.IsAsciiLetter(text[at]) || !text[i..].StartsWith("://", StringComparison.Ordinal))
            return 0;

        var start = i += 3;
        while (i < text.Length && !char.IsWhiteSpace(text[i]) && text[i] is not ('"' or '\'' or '<' or '>' or '`'))
            i++;

        // The full stop of a sentence and the bracket around it are not the address's.
        while (i > start && text[i - 1] is '.' or ',' or ')' or ']' or ';' or ':' && i > start)
            i--;

        return i > start ? i - at : 0;
    }
}

namespace ErrorHub.Grouping.Messages;

/// <summary><c>ada@example.org</c>.</summary>
internal static class Emails
{
    private const int MaxName = 64;
    private const int MaxHost = 255;

    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        if (at > 0 && text[at - 1] is '.' or '+' or '-')
            return 0;

        var i = at;
        while (i < text.Length && i - at <= MaxName && (TextAt.IsWord(text[i]) || text[i] is '.' or '+' or '-'))
            i++;

        if (i == at || !TextAt.Is(text, i, '@'))
            return 0;

        var (host, lastDot) = (++i, -1);
        while (i < text.Length && i - host < MaxHost && (TextAt.IsWord(text[i]) || text[i] is '-' || (text[i] == '.' && i + 1 < text.Length && TextAt.IsWord(text[i + 1]))))
        {
            if (text[i] == '.')
                lastDot = i;

            i++;
        }

        return lastDot > host ? i - at : 0;
    }
}

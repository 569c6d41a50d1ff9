namespace ErrorHub.Grouping.Messages;

/// <summary><c>/var/lib/shop/a.db</c>, <c>C:\shop\a.db</c>, <c>\\server\share\a.db</c>, <c>templates/order.html</c>. Not <c>yes/no</c>.</summary>
internal static class Paths
{
    private const int MaxLength = 1_024;

    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        if (at > 0 && (TextAt.IsWord(text[at - 1]) || text[at - 1] is '/' or '\\' or '.' or '-'))
            return 0;

        var rest = text.Slice(at, Math.Min(text.Length - at, MaxLength));
        var isDrive = rest.Length > 3 && char.IsAsciiLetter(rest[0]) && rest[1] == ':' && rest[2] is '\\' or '/' && rest[3] is not ('/' or '\\');
        if (isDrive || rest.StartsWith(@"\\", StringComparison.Ordinal))
            return WindowsLength(rest);

        var (i, slashes, lastSlash, lastDot) = (0, 0, -1, -1);
        for (; i < rest.Length && (TextAt.IsWord(rest[i]) || rest[i] is '/' or '.' or '-' or '@' or '~' or '+' or '%'); i++)
        {
            if (rest[i] == '/')
                (slashes, lastSlash) = (slashes + 1, i);
            else if (rest[i] == '.')
                lastDot = i;
        }

        // The full stop of the sentence.
        while (i > 0 && rest[i - 1] == '.')
            i--;

        var hasEnding = lastDot > lastSlash && lastDot < i - 1 && i - lastDot <= 8 && char.IsAsciiLetter(rest[lastDot + 1]);
        return rest[0] == '/' ? (slashes >= 2 && i > 3 ? i : 0) : slashes >= 1 && hasEnding ? i : 0;
    }

    private static int WindowsLength(ReadOnlySpan<char> rest)
    {
        // Folders may have spaces in them, so a name goes on until its ending, or to the mark after it.
        var i = 2;
        var end = 0;
        while (i < rest.Length && rest[i] is not ('"' or '\'' or '<' or '>' or '|' or '*' or '?' or ':' or '\r' or '\n' or ',' or ';'))
        {
            if (rest[i] is '\\' or '/')
                end = i + 1;

            i++;
        }

        if (end == 0)
            return 0;

        // The last name ends at the first space.
        while (end < i && !char.IsWhiteSpace(rest[end]) && rest[end] is not (')' or ']'))
            end++;

        while (end > 0 && rest[end - 1] == '.')
            end--;

        return end > 3 ? end : 0;
    }
}

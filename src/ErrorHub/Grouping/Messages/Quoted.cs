namespace ErrorHub.Grouping.Messages;

/// <summary><c>'orders'</c>, <c>"users"</c>, <c>`x`</c> and the marks of other languages; not the apostrophe of <c>can't</c>.</summary>
internal static class Quoted
{
    private const int MaxLength = 200;

    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var open = text[at];
        if (open == '\'' && TextAt.IsInWord(text, at))
            return 0;

        var close = open switch { '“' or '„' => '”', '‘' => '’', '«' => '»', '「' => '」', _ => open };
        for (var i = at + 1; i < text.Length && i - at <= MaxLength + 1 && text[i] is not ('\r' or '\n'); i++)
            if ((text[i] == close || (open == '„' && text[i] == '“')) && i > at + 1 && (close != '\'' || TextAt.IsEnd(text, i + 1)))
                return i + 1 - at;

        return 0;
    }
}

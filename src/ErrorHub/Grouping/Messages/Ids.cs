namespace ErrorHub.Grouping.Messages;

/// <summary>Made-up ids: <c>01ARZ3NDEKTSV4RRFFQ69G5FAV</c>, <c>d2e1a72fcca58-7a1b2c3sm12b3a</c>, tokens. Digits and letters change often, as in no word.</summary>
internal static class Ids
{
    private const int MinLength = 12;
    private const int MaxLength = 1_024;
    private const int MinChanges = 4;

    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var (i, changes) = (at, 0);
        for (; i < text.Length && i - at < MaxLength && (char.IsAsciiLetterOrDigit(text[i]) || text[i] is '_' or '-'); i++)
            if (i > at && char.IsAsciiDigit(text[i]) != char.IsAsciiDigit(text[i - 1]) && char.IsAsciiLetterOrDigit(text[i]) && char.IsAsciiLetterOrDigit(text[i - 1]))
                changes++;

        return i - at >= MinLength && changes >= MinChanges && TextAt.IsEnd(text, i) ? i - at : 0;
    }
}

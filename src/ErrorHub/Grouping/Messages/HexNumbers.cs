namespace ErrorHub.Grouping.Messages;

/// <summary><c>0x7fff5c</c>, <c>3f9c2b71aa</c>: with digits and letters, for words such as <c>facade</c> are none.</summary>
internal static class HexNumbers
{
    private const int MaxLength = 128;
    private const int MinBareLength = 8;

    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        var isMarked = text[at] == '0' && at + 2 < text.Length && text[at + 1] is 'x' or 'X';
        var start = isMarked ? at + 2 : at;
        var (i, digits) = (start, 0);
        while (i < text.Length && i - start < MaxLength && char.IsAsciiHexDigit(text[i]))
            digits += char.IsAsciiDigit(text[i++]) ? 1 : 0;

        if (!TextAt.IsEnd(text, i) || i == start)
            return 0;

        return isMarked || (i - start >= MinBareLength && digits > 0 && digits < i - start) ? i - at : 0;
    }
}

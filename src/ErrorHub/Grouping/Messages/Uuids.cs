namespace ErrorHub.Grouping.Messages;

/// <summary><c>9ec79c33-ec99-42ab-8353-589fcb2e04dc</c>.</summary>
internal static class Uuids
{
    private const int Length = 36;

    internal static int LengthAt(ReadOnlySpan<char> text, int at)
    {
        if (at + Length > text.Length || text[at + 8] != '-' || !TextAt.IsEnd(text, at + Length))
            return 0;

        for (var i = 0; i < Length; i++)
            if (i is 8 or 13 or 18 or 23 ? text[at + i] != '-' : !char.IsAsciiHexDigit(text[at + i]))
                return 0;

        return Length;
    }
}

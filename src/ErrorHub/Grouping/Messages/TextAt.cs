namespace ErrorHub.Grouping.Messages;

/// <summary>What the kinds of values share.</summary>
internal static class TextAt
{
    /// <summary>True when a letter or digit stands before.</summary>
    internal static bool IsInWord(ReadOnlySpan<char> text, int at) => at > 0 && IsWord(text[at - 1]);

    internal static bool IsWord(char c) => char.IsLetterOrDigit(c) || c == '_';

    /// <summary>True at the end, and before anything but a letter or digit.</summary>
    internal static bool IsEnd(ReadOnlySpan<char> text, int at) => at >= text.Length || !IsWord(text[at]);

    internal static int SkipDigits(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsAsciiDigit(text[at]))
            at++;

        return at;
    }

    /// <summary>Number of digits here, counted to at most <paramref name="most"/> and one.</summary>
    internal static int DigitsAt(ReadOnlySpan<char> text, int at, int most)
    {
        var count = 0;
        while (count <= most && at + count < text.Length && char.IsAsciiDigit(text[at + count]))
            count++;

        return count;
    }

    internal static bool Is(ReadOnlySpan<char> text, int at, char c) => at < text.Length && text[at] == c;
}

namespace ErrorHub.Scrubbing;

/// <summary>Reads numbers the way people group them.</summary>
internal static class Digits
{
    /// <summary>Exactly as many digits as there is room, single separators between them; the end, or -1 when it is not so.</summary>
    internal static int Read(ReadOnlySpan<char> text, int at, Span<char> digits)
    {
        for (var count = 0; count < digits.Length; count++)
        {
            if (count > 0 && at + 1 < text.Length && IsSeparator(text[at]))
                at++;

            if (at >= text.Length || !char.IsAsciiDigit(text[at]))
                return -1;

            digits[count] = text[at++];
        }

        return at < text.Length && char.IsLetterOrDigit(text[at]) ? -1 : at;
    }

    /// <summary>Likewise letters and digits, in upper case.</summary>
    internal static int ReadAlphanumeric(ReadOnlySpan<char> text, int at, Span<char> characters)
    {
        for (var count = 0; count < characters.Length; count++)
        {
            if (count > 0 && at + 1 < text.Length && IsSeparator(text[at]))
                at++;

            if (at >= text.Length || !char.IsAsciiLetterOrDigit(text[at]))
                return -1;

            characters[count] = char.ToUpperInvariant(text[at++]);
        }

        return at < text.Length && char.IsLetterOrDigit(text[at]) ? -1 : at;
    }

    /// <summary>True when characters have the shape: <c>9</c> a digit, <c>A</c> a letter, <c>*</c> either.</summary>
    internal static bool HasShape(ReadOnlySpan<char> characters, string shape)
    {
        for (var i = 0; i < shape.Length; i++)
            if (shape[i] switch
            {
                '9' => !char.IsAsciiDigit(characters[i]),
                'A' => !char.IsAsciiLetter(characters[i]),
                _ => !char.IsAsciiLetterOrDigit(characters[i]),
            })
                return false;

        return true;
    }

    /// <summary>True when the text at a position is written like the picture: <c>9</c> a digit, <c>*</c> a letter or a digit, all else as it is; nothing sticks to it.</summary>
    internal static bool IsWrittenAs(ReadOnlySpan<char> text, int at, string picture)
    {
        if (at < 0 || at + picture.Length > text.Length || (at > 0 && IsOfNumber(text[at - 1])) || (at + picture.Length < text.Length && char.IsLetterOrDigit(text[at + picture.Length])))
            return false;

        for (var i = 0; i < picture.Length; i++)
            if (picture[i] switch
            {
                '9' => !char.IsAsciiDigit(text[at + i]),
                '*' => !char.IsAsciiLetterOrDigit(text[at + i]),
                var sign => text[at + i] != sign,
            })
                return false;

        return true;
    }

    private static bool IsOfNumber(char c) => char.IsLetterOrDigit(c) || c is '.' or '-' or '/';

    private static bool IsSeparator(char c) => c is ' ' or '-' or '.' or '/';
}

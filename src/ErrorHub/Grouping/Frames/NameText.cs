using System.Buffers;

namespace ErrorHub.Grouping.Frames;

/// <summary>What the cleaners of names share. All of them pass once over a text, and give the text itself back when there is nothing to clean.</summary>
internal static class NameText
{
    /// <summary>More is not read: names of templates reach tens of thousands of characters, and the parts that count come early.</summary>
    internal const int MaxLength = 2_048;

    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789");

    internal static string Cut(string text) => text.Length <= MaxLength ? text : text[..MaxLength];

    /// <summary>True for what stands where a function has no name.</summary>
    internal static bool IsNone(string function) => function is
        "" or "?" or "??" or "<anonymous>" or "anonymous" or "(anonymous)" or "(anonymous function)" or "Anonymous function" or "<unknown>" or "<redacted>"
        or "unknown" or "(unknown)" or "<unnamed>" or "<lambda>" or "{closure}" or "[native code]" or "native code" or "<compiler-generated>" or "_" or "null"
        || function.StartsWith("0x", StringComparison.Ordinal);

    /// <summary>The text without runs of digits that follow one of the marks: <c>fn__12</c> → <c>fn__</c>, <c>Cart$1</c> → <c>Cart$</c>.</summary>
    internal static string WithoutNumbersAfter(string text, ReadOnlySpan<string> marks)
    {
        if (!text.AsSpan().ContainsAny(Digits))
            return text;

        Span<char> kept = stackalloc char[MaxLength];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsAsciiDigit(text[i]) && EndsWithAny(kept[..length], marks))
            {
                while (i + 1 < text.Length && char.IsAsciiDigit(text[i + 1]))
                    i++;

                continue;
            }

            kept[length++] = text[i];
        }

        return length == text.Length ? text : kept[..length].ToString();
    }

    /// <summary>The length of a text without digits at its end.</summary>
    internal static int LengthWithoutEndingDigits(ReadOnlySpan<char> text)
    {
        var end = text.Length;
        while (end > 0 && char.IsAsciiDigit(text[end - 1]))
            end--;

        return end;
    }

    internal static bool IsHex(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
            if (!char.IsAsciiHexDigit(c))
                return false;

        return true;
    }

    /// <summary>The text up to a mark, or all of it.</summary>
    internal static string Before(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at > 0 ? text[..at] : text;
    }

    private static bool EndsWithAny(ReadOnlySpan<char> text, ReadOnlySpan<string> marks)
    {
        foreach (var mark in marks)
            if (text.EndsWith(mark, StringComparison.Ordinal))
                return true;

        return false;
    }
}

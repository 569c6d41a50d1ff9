using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Tokens that their makers marked within: what stands there, and how much around it.</summary>
/// <remarks>Each look is at so many characters and no more, whatever the text.</remarks>
internal static class MarkedTokens
{
    /// <summary>Texts with fewer digits are looked at when they have a tilde or one of <see cref="Words"/> only: nearly all other tokens have as many.</summary>
    internal const int FewestDigits = 10;

    private const int MaxUrl = 512;

    private static readonly (string Mark, Locate Locate)[] Marks =
    [
        ("Q~", Entra), ("JQQJ99", Azure), ("azurewebsites.net/", Function), (":AA", Telegram), ("SK", Twilio), ("-us", Mailchimp), ("pat", Airtable), ("re_", Resend),
    ];

    private static readonly SearchValues<string> AnyMark = SearchValues.Create([.. Marks.Select(m => m.Mark)], StringComparison.Ordinal);
    private static readonly SearchValues<char> Entras = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.~");
    private static readonly SearchValues<char> EndsOfValue = SearchValues.Create("& \t\r\n\"'<>#`");

    /// <summary>The marks that begin a word.</summary>
    internal static readonly string[] Words = ["azurewebsites.net", "re_"];

    private delegate Range Locate(ReadOnlySpan<char> text, int at);

    private static Range None => default;

    /// <summary>Adds what it finds.</summary>
    internal static void Find(ReadOnlySpan<char> text, string replacement, List<Finding> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(AnyMark);
            if (hit < 0)
                return;

            at += hit;
            var token = None;
            foreach (var (mark, locate) in Marks)
                if (text[at] == mark[0] && text[at..].StartsWith(mark, StringComparison.Ordinal))
                    token = locate(text, at);

            if (!token.Equals(None))
                found.Add(new Finding(token.Start.Value, token.End.Value, replacement));

            at = Math.Max(at + 1, token.End.Value);
        }
    }

    // abc8Q~ and 31 to 34 more: client secrets of Entra.
    private static Range Entra(ReadOnlySpan<char> text, int at)
    {
        var start = at - 4;
        if (start < 0 || !char.IsAsciiDigit(text[at - 1]) || text[start..at].ContainsAnyExcept(Entras))
            return None;

        var length = Length(text, at + 2, Entras, 40);
        return length is >= 31 and <= 35 ? start..(at + 2 + text.Slice(at + 2, length).TrimEnd('.').Length) : None;
    }

    // Keys of Azure have 52 characters before it, and 26 behind.
    private static Range Azure(ReadOnlySpan<char> text, int at)
    {
        const int Head = 52;
        var (start, length) = (at - Head, Length(text, at, TokenKind.Alphabets[TokenKind.Plain], 64));
        return start >= 0 && !text[start..at].ContainsAnyExcept(TokenKind.Alphabets[TokenKind.Plain]) && length >= 26 ? start..(at + length) : None;
    }

    // https://app.azurewebsites.net/api/x?code=…
    private static Range Function(ReadOnlySpan<char> text, int at)
    {
        const int Least = 20;
        var url = text.Slice(at, Math.Min(MaxUrl, text.Length - at));
        if (url.IndexOfAny(' ', '\n', '"') is >= 0 and var end)
            url = url[..end];

        var code = url.IndexOf("code=");
        if (code < 0 || url[code - 1] is not ('?' or '&'))
            return None;

        var start = at + code + 5;
        var length = text[start..].IndexOfAny(EndsOfValue) is >= 0 and var last ? last : text.Length - start;
        return length >= Least ? start..(start + length) : None;
    }

    // 7123456789:AAF and so on; a bot's address has "bot" before it.
    private static Range Telegram(ReadOnlySpan<char> text, int at)
    {
        var start = at;
        while (start > 0 && at - start <= 10 && char.IsAsciiDigit(text[start - 1]))
            start--;

        var length = Length(text, at + 1, TokenKind.Alphabets[TokenKind.Joined], 40);
        return at - start is >= 8 and <= 10 && length is >= 33 and <= 37 ? start..(at + 1 + length) : None;
    }

    private static Range Twilio(ReadOnlySpan<char> text, int at) => IsWhole(text, at, at + 34) && IsHex(text.Slice(at + 2, 32)) ? at..(at + 34) : None;

    private static Range Mailchimp(ReadOnlySpan<char> text, int at)
    {
        var end = at + 3;
        while (end < text.Length && end - at <= 5 && char.IsAsciiDigit(text[end]))
            end++;

        return end - at is 4 or 5 && IsWhole(text, at - 32, end) && IsHex(text[(at - 32)..at]) ? (at - 32)..end : None;
    }

    // pat, 14 characters, a dot, and 64 of base 16.
    private static Range Airtable(ReadOnlySpan<char> text, int at) =>
        IsWhole(text, at, at + 82) && text[at + 17] == '.' && IsPlain(text.Slice(at + 3, 14)) && IsHex(text.Slice(at + 18, 64)) ? at..(at + 82) : None;

    private static Range Resend(ReadOnlySpan<char> text, int at) =>
        IsWhole(text, at, at + 36) && text[at + 11] == '_' && IsPlain(text.Slice(at + 3, 8)) && IsPlain(text.Slice(at + 12, 24)) ? at..(at + 36) : None;

    /// <summary>True when no letter or digit stands before or behind.</summary>
    private static bool IsWhole(ReadOnlySpan<char> text, int start, int end) =>
        start >= 0 && end <= text.Length && (start == 0 || !char.IsLetterOrDigit(text[start - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));

    private static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(TokenKind.Alphabets[TokenKind.Hex]);

    private static bool IsPlain(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(TokenKind.Alphabets[TokenKind.Plain]);

    private static int Length(ReadOnlySpan<char> text, int at, SearchValues<char> alphabet, int most)
    {
        var rest = text.Slice(at, Math.Min(most, text.Length - at));
        return rest.IndexOfAnyExcept(alphabet) is >= 0 and var end ? end : rest.Length;
    }
}

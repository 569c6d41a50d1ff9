using System.Buffers;

namespace ErrorHub.Scrubbing;

/// <summary>Text as it was before it was written into JSON, a URL or markup: an escape sticks to what stands behind it and hides it.</summary>
internal static class Decoding
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("\\%&");

    private static readonly (string Entity, char Character)[] Entities =
        [("&quot;", '"'), ("&#34;", '"'), ("&#x22;", '"'), ("&apos;", '\''), ("&#39;", '\''), ("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&#64;", '@'), ("&#x40;", '@')];

    /// <summary>Decodes a text; false when there is nothing to decode.</summary>
    /// <param name="text">The text.</param>
    /// <param name="decoded">Room for as many characters as the text has.</param>
    /// <param name="places">Room for one more: for each decoded character where it stood, and behind the last one where the text ends.</param>
    /// <param name="length">Decoded characters.</param>
    internal static bool TryDecode(ReadOnlySpan<char> text, Span<char> decoded, Span<int> places, out int length)
    {
        length = 0;
        var isDecoded = false;
        for (var at = 0; at < text.Length; length++)
        {
            var c = text[at];
            var size = c is '\\' or '%' or '&' ? ReadEscape(text[at..], ref c) : 1;
            isDecoded |= size > 1;
            (decoded[length], places[length]) = (c, at);
            at += size;
        }

        places[length] = text.Length;
        return isDecoded;
    }

    /// <summary>True when the text may hold something to decode.</summary>
    internal static bool HasMarks(ReadOnlySpan<char> text) => text.ContainsAny(Marks);

    private static int ReadEscape(ReadOnlySpan<char> text, ref char c)
    {
        switch (text)
        {
            case ['%', var high, var low, ..] when char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low) && high <= '7':
                c = (char)int.Parse(text[1..3], System.Globalization.NumberStyles.HexNumber);
                return 3;
            case ['\\', 'u', '0', '0', var high, var low, ..] when char.IsAsciiHexDigit(high) && char.IsAsciiHexDigit(low):
                c = (char)int.Parse(text[4..6], System.Globalization.NumberStyles.HexNumber);
                return 6;
            case ['\\', 'n' or 'r', ..]:
                c = '\n';
                return 2;
            case ['\\', 't', ..]:
                c = '\t';
                return 2;
            case ['\\', '"' or '\\' or '/' or '\'', ..]:
                c = text[1];
                return 2;
            case ['&', ..]:
                foreach (var (entity, character) in Entities)
                {
                    if (text.StartsWith(entity, StringComparison.OrdinalIgnoreCase))
                    {
                        c = character;
                        return entity.Length;
                    }
                }

                return 1;
            default:
                return 1;
        }
    }
}

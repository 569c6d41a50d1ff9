namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Keys in PEM blocks. Without an end the block is cut, and reaches as far as the text does.</summary>
internal sealed class PemKeys : Detector
{
    private const string Begin = "-----BEGIN ";
    private const int MaxLabel = 64;
    private const int ShortestWords = 12;

    internal override string Rule => "pemkey";

    internal override bool LooksAt(TextPlace place) => true;

    internal override IEnumerable<AnchorWord> Words => Exactly("BEGIN ");

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOf(Begin);
            if (hit < 0)
                return;

            at += hit + Begin.Length;
            var label = text.Slice(at, Math.Min(MaxLabel, text.Length - at));
            var dashes = label.IndexOf("-----");
            label = dashes < 0 ? label : label[..dashes];
            if (label.IndexOf("KEY") < 0)
                continue;

            var start = dashes < 0 ? at : at + dashes + 5;
            var end = text[start..].IndexOf("-----END ") is >= 0 and var last ? start + last : text.Length;
            while (start < end && IsBlank(text, start, out var length))
                start += length;

            while (end > start && char.IsWhiteSpace(text[end - 1]))
                end--;

            at = end;
            if (end > start && IsKey(text[start..end]) && !text[start..end].StartsWith("[pemkey]"))
                found.Add(new Finding(start, end, Replacement));
        }
    }

    // "-----BEGIN PUBLIC KEY----- found where another was expected" has no key. A key in a list of lines or between quotes begins later.
    private static bool IsKey(ReadOnlySpan<char> text)
    {
        var words = 0;
        for (var at = 0; at < text.Length && words <= ShortestWords; at++)
        {
            if (char.IsAsciiLetterLower(text[at]) || text[at] is ' ' or '.' or ',')
                words++;
            else
                break;
        }

        return words <= ShortestWords && (words < text.Length || !text.Contains(' '));
    }

    /// <summary>White space, or a line break written <c>\n</c>.</summary>
    private static bool IsBlank(ReadOnlySpan<char> text, int at, out int length)
    {
        length = text[at] == '\\' && At(text, at + 1) is 'n' or 'r' ? 2 : 1;
        return length == 2 || char.IsWhiteSpace(text[at]);
    }
}

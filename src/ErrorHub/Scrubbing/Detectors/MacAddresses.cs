namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Hardware addresses: six pairs of hex digits with colons or dashes.</summary>
internal sealed class MacAddresses : Detector
{
    private const int Length = 17;

    internal override string Rule => "mac";

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Colons >= 5 || text.Dashes >= 5;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        if (text.Length < Length)
            return;

        for (var at = 2; at + Length - 2 <= text.Length; at++)
        {
            var hit = text[at..].IndexOfAny(':', '-');
            if (hit < 0)
                return;

            at += hit;
            var start = at - 2;
            if (start + Length > text.Length || !IsAddress(text.Slice(start, Length)) || IsPart(Before(text, start)) || IsPart(At(text, start + Length)))
                continue;

            found.Add(new Finding(start, start + Length, Replacement));
            at = start + Length - 1;
        }
    }

    private static bool IsAddress(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
            if (i % 3 == 2 ? text[i] != text[2] : !char.IsAsciiHexDigit(text[i]))
                return false;

        return true;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c is ':' or '-';
}

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>US social security numbers: with dashes anywhere, without them near a keyword.</summary>
internal sealed class UsSocialSecurity() : NearKeyword("ssn", "social security", "social sec")
{
    internal override string Rule => "ssn";

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Digits >= 9 && text.Dashes >= 2;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = Next(text, 0, '-'); at >= 0; at = Next(text, at + 1, '-'))
            if (at >= 3 && At(text, at + 3) == '-' && !IsPartOfNumber(Before(text, at - 3)) && Read(text, at - 3) is > 0 and var end
                && !(At(text, end) == '-' && char.IsAsciiLetterOrDigit(At(text, end + 1))))
                found.Add(new Finding(at - 3, end, Replacement));

        base.Find(text, found);
    }

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> digits = stackalloc char[9];
        return Digits.Read(text, at, digits) is > 0 and var end && IsIssued(digits) ? end : -1;
    }

    // Areas 000, 666 and 9xx, group 00 and serial 0000 are never given.
    private static bool IsIssued(ReadOnlySpan<char> digits) =>
        digits[..3] is not ("000" or "666") && digits[0] != '9' && digits[3..5] is not "00" && digits[5..] is not "0000";

    private static bool IsPartOfNumber(char c) => char.IsLetterOrDigit(c) || c is '-' or '.';
}

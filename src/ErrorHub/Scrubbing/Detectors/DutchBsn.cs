namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Dutch BSN near a keyword: nine digits that pass the eleven-test.</summary>
internal sealed class DutchBsn() : NearKeyword("bsn", "burgerservicenummer", "sofinummer")
{
    internal override string Rule => "bsn";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> digits = stackalloc char[9];
        return Digits.Read(text, at, digits) is > 0 and var end
            && CheckDigits.Weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 == 0 && !CheckDigits.AreAllEqual(digits) ? end : -1;
    }
}

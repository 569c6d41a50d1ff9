namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Polish PESEL near its name: eleven digits with a check digit.</summary>
internal sealed class PolishPesel() : NearKeyword("pesel")
{
    internal override string Rule => "pesel";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> digits = stackalloc char[11];
        return Digits.Read(text, at, digits) is > 0 and var end
            && CheckDigits.Weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 == 0 ? end : -1;
    }
}

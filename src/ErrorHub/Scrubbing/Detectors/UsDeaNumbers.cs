namespace ErrorHub.Scrubbing.Detectors;

/// <summary>US DEA registrations near their name: two letters, six digits and a check.</summary>
internal sealed class UsDeaNumbers() : NearKeyword("dea")
{
    internal override string Rule => "dea";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> number = stackalloc char[9];
        return Digits.ReadAlphanumeric(text, at, number) is > 0 and var end && Digits.HasShape(number, "A*9999999")
            && CheckDigits.Weighted(number[2..], [1, 2, 1, 2, 1, 2]) % 10 == number[8] - '0' ? end : -1;
    }
}

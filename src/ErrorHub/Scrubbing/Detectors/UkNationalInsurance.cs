namespace ErrorHub.Scrubbing.Detectors;

/// <summary>UK National Insurance numbers near a keyword: <c>QQ 12 34 56 C</c>.</summary>
internal sealed class UkNationalInsurance() : NearKeyword("nino", "national insurance", "ni number", "ni no")
{
    internal override string Rule => "nino";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> number = stackalloc char[9];
        return Digits.ReadAlphanumeric(text, at, number) is > 0 and var end && Digits.HasShape(number, "AA999999A") && number[8] <= 'D' ? end : -1;
    }
}

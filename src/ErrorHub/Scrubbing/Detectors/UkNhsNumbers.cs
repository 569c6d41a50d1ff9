namespace ErrorHub.Scrubbing.Detectors;

/// <summary>UK NHS numbers near a keyword: ten digits, the last a check modulo 11.</summary>
internal sealed class UkNhsNumbers() : NearKeyword("nhs")
{
    internal override string Rule => "nhs";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> digits = stackalloc char[10];
        return Digits.Read(text, at, digits) is > 0 and var end && IsValid(digits) ? end : -1;
    }

    private static bool IsValid(ReadOnlySpan<char> digits)
    {
        var check = (11 - (CheckDigits.Weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
        return check == digits[9] - '0' && !CheckDigits.AreAllEqual(digits);
    }
}

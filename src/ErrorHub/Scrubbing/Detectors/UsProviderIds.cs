namespace ErrorHub.Scrubbing.Detectors;

/// <summary>US provider ids near their name: ten digits that pass Luhn behind 80840.</summary>
internal sealed class UsProviderIds() : NearKeyword("npi")
{
    internal override string Rule => "npi";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> digits = stackalloc char[15];
        "80840".CopyTo(digits);
        return Digits.Read(text, at, digits[5..]) is > 0 and var end && CheckDigits.Luhn(digits) ? end : -1;
    }
}

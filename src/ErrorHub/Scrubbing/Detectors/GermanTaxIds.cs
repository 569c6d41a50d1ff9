namespace ErrorHub.Scrubbing.Detectors;

/// <summary>German tax ids near a keyword: eleven digits, the last a check (ISO 7064 MOD 11,10).</summary>
internal sealed class GermanTaxIds() : NearKeyword("steuer-id", "steuer-idnr", "steuer-identifikationsnummer", "steuerliche identifikationsnummer", "steuerliche id", "steuernummer", "idnr", "tax id", "tin")
{
    internal override string Rule => "taxid";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> digits = stackalloc char[11];
        return Digits.Read(text, at, digits) is > 0 and var end && digits[0] != '0' && CheckDigits.Mod11And10(digits) ? end : -1;
    }
}

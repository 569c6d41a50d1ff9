namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Brazilian CNPJ near its name: fourteen digits, two of them checks.</summary>
internal sealed class BrazilianCnpj() : NearKeyword("cnpj")
{
    internal override string Rule => "cnpj";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> digits = stackalloc char[14];
        return Digits.Read(text, at, digits) is > 0 and var end && !CheckDigits.AreAllEqual(digits)
            && BrazilianCpf.Check(digits, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
            && BrazilianCpf.Check(digits, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) ? end : -1;
    }
}

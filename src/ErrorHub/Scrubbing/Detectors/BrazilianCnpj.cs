namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Brazilian CNPJ near its name: twelve digits or, since July 2026, letters, and two digits that check them.</summary>
internal sealed class BrazilianCnpj() : NearKeyword("cnpj")
{
    internal override string Rule => "cnpj";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        // A letter counts as its place in ASCII behind 0.
        Span<char> number = stackalloc char[14];
        return Digits.ReadAlphanumeric(text, at, number) is > 0 and var end && Digits.HasShape(number, "************99") && !CheckDigits.AreAllEqual(number)
            && BrazilianCpf.Check(number, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
            && BrazilianCpf.Check(number, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) ? end : -1;
    }
}

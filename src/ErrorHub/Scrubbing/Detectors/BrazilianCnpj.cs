namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Brazilian CNPJ near its name, or written as one: twelve digits or, since July 2026, letters, and two digits that check them.</summary>
internal sealed class BrazilianCnpj() : NearKeyword("cnpj")
{
    private const string Picture = "**.***.***/****-99";

    internal override string Rule => "cnpj";

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Digits >= 3 && text.Dots >= 2 && text.Dashes > 0;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = Next(text, 0, '/'); at >= 0; at = Next(text, at + 1, '/'))
        {
            var start = at - Picture.IndexOf('/', StringComparison.Ordinal);
            if (Digits.IsWrittenAs(text, start, Picture) && Read(text, start) is > 0 and var end)
                found.Add(new Finding(start, end, Replacement));
        }

        base.Find(text, found);
    }

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        // A letter counts as its place in ASCII behind 0.
        Span<char> number = stackalloc char[14];
        return Digits.ReadAlphanumeric(text, at, number) is > 0 and var end && Digits.HasShape(number, "************99") && !CheckDigits.AreAllEqual(number)
            && BrazilianCpf.Check(number, [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2])
            && BrazilianCpf.Check(number, [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) ? end : -1;
    }
}

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Brazilian CPF near its name, or written as one: eleven digits, two of them checks.</summary>
internal sealed class BrazilianCpf() : NearKeyword("cpf")
{
    private const string Picture = "999.999.999-99";

    internal override string Rule => "cpf";

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Digits >= 11 && text.Dots >= 2 && text.Dashes > 0;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = Next(text, 0, '-'); at >= 0; at = Next(text, at + 1, '-'))
        {
            var start = at - Picture.IndexOf('-', StringComparison.Ordinal);
            if (Digits.IsWrittenAs(text, start, Picture) && Read(text, start) is > 0 and var end)
                found.Add(new Finding(start, end, Replacement));
        }

        base.Find(text, found);
    }

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> digits = stackalloc char[11];
        return Digits.Read(text, at, digits) is > 0 and var end && !CheckDigits.AreAllEqual(digits)
            && Check(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) && Check(digits, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) ? end : -1;
    }

    /// <summary>True when the digit behind those with a weight is the check of them; CNPJ has the same.</summary>
    internal static bool Check(ReadOnlySpan<char> digits, ReadOnlySpan<int> weights)
    {
        var rest = CheckDigits.Weighted(digits, weights) % 11;
        return (rest < 2 ? 0 : 11 - rest) == digits[weights.Length] - '0';
    }
}

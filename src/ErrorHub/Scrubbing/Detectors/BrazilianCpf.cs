namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Brazilian CPF near its name: eleven digits, two of them checks.</summary>
internal sealed class BrazilianCpf() : NearKeyword("cpf")
{
    internal override string Rule => "cpf";

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

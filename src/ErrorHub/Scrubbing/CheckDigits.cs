namespace ErrorHub.Scrubbing;

/// <summary>The checks that tell a number of some kind from any number of its length. Digits are ASCII.</summary>
internal static class CheckDigits
{
    /// <summary>ISO/IEC 7812: cards, and US providers behind a prefix.</summary>
    internal static bool Luhn(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[^(i + 1)] - '0';
            if (i % 2 == 1)
                digit = digit > 4 ? (digit * 2) - 9 : digit * 2;

            sum += digit;
        }

        return sum % 10 == 0;
    }

    /// <summary>The number modulo 97, letters counting 10 to 35 (ISO 7064).</summary>
    internal static int Mod97(ReadOnlySpan<char> text, int start = 0)
    {
        var rest = start;
        foreach (var c in text)
            rest = char.IsAsciiDigit(c) ? ((rest * 10) + c - '0') % 97 : ((rest * 100) + char.ToUpperInvariant(c) - 'A' + 10) % 97;

        return rest;
    }

    /// <summary>The sum of digits times weights.</summary>
    internal static int Weighted(ReadOnlySpan<char> digits, ReadOnlySpan<int> weights)
    {
        var sum = 0;
        for (var i = 0; i < weights.Length; i++)
            sum += (digits[i] - '0') * weights[i];

        return sum;
    }

    /// <summary>ISO 7064 MOD 11,10: German tax ids.</summary>
    internal static bool Mod11And10(ReadOnlySpan<char> digits)
    {
        var product = 10;
        foreach (var c in digits[..^1])
        {
            var sum = (c - '0' + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }

        return (11 - product) % 10 == digits[^1] - '0';
    }

    /// <summary>True when all digits are the same one, which passes most checks and is nobody's number.</summary>
    internal static bool AreAllEqual(ReadOnlySpan<char> digits) => digits.IndexOfAnyExcept(digits[0]) < 0;
}

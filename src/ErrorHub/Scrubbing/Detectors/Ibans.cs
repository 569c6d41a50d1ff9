namespace ErrorHub.Scrubbing.Detectors;

/// <summary>International bank account numbers, in one piece or printed in groups; length by country and mod-97 must be right.</summary>
internal sealed class Ibans : Detector
{
    internal override string Rule => "iban";

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Digits >= 8;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = NextDigit(text, 0); at >= 0; at = NextDigit(text, at))
        {
            if (at >= 2 && char.IsAsciiLetter(text[at - 1]) && Read(text, at - 2) is > 0 and var end)
            {
                found.Add(new Finding(at - 2, end, Replacement));
                at = end;
                continue;
            }

            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
        }
    }

    private static int Read(ReadOnlySpan<char> text, int start)
    {
        if (!char.IsAsciiLetter(text[start]) || char.IsLetterOrDigit(Before(text, start)) || !char.IsAsciiDigit(At(text, start + 3)))
            return -1;

        var length = LengthIn(char.ToUpperInvariant(text[start]), char.ToUpperInvariant(text[start + 1]));
        Span<char> iban = stackalloc char[34];
        var (count, at) = (0, start);
        while (count < length && at < text.Length)
        {
            if (char.IsAsciiLetterOrDigit(text[at]))
                iban[count++] = text[at++];
            else if (text[at] is ' ' or '-' or '.' or '+' && char.IsAsciiLetterOrDigit(At(text, at + 1)))
                at++;
            else
                return -1;
        }

        return length > 0 && count == length && !char.IsAsciiLetterOrDigit(At(text, at))
            && CheckDigits.Mod97(iban[..4], CheckDigits.Mod97(iban[4..count])) == 1 ? at : -1;
    }

    /// <summary>Characters of an IBAN by country, from the registry of SWIFT; 0 for no country.</summary>
    private static int LengthIn(char first, char second) => (first, second) switch
    {
        ('N', 'O') => 15,
        ('B', 'E') => 16,
        ('D', 'K') or ('F', 'I') or ('F', 'K') or ('F', 'O') or ('G', 'L') or ('N', 'L') or ('S', 'D') => 18,
        ('M', 'K') or ('S', 'I') => 19,
        ('A', 'T') or ('B', 'A') or ('E', 'E') or ('K', 'Z') or ('L', 'T') or ('L', 'U') or ('M', 'N') or ('X', 'K') => 20,
        ('C', 'H') or ('C', 'R') or ('H', 'R') or ('L', 'I') or ('L', 'V') => 21,
        ('B', 'G') or ('B', 'H') or ('D', 'E') or ('G', 'B') or ('G', 'E') or ('I', 'E') or ('M', 'E') or ('R', 'S') or ('V', 'A') => 22,
        ('A', 'E') or ('G', 'I') or ('I', 'L') or ('I', 'Q') or ('O', 'M') or ('S', 'O') or ('T', 'L') => 23,
        ('A', 'D') or ('C', 'Z') or ('E', 'S') or ('M', 'D') or ('P', 'K') or ('R', 'O') or ('S', 'A') or ('S', 'E') or ('S', 'K')
            or ('T', 'N') or ('V', 'G') => 24,
        ('L', 'Y') or ('P', 'T') or ('S', 'T') => 25,
        ('I', 'S') or ('T', 'R') => 26,
        ('B', 'I') or ('D', 'J') or ('F', 'R') or ('G', 'R') or ('I', 'T') or ('M', 'C') or ('M', 'R') or ('S', 'M') => 27,
        ('A', 'L') or ('A', 'Z') or ('B', 'Y') or ('C', 'Y') or ('D', 'O') or ('G', 'T') or ('H', 'U') or ('L', 'B') or ('N', 'I')
            or ('P', 'L') or ('S', 'V') => 28,
        ('B', 'R') or ('E', 'G') or ('P', 'S') or ('Q', 'A') or ('U', 'A') => 29,
        ('J', 'O') or ('K', 'W') or ('M', 'U') or ('Y', 'E') => 30,
        ('M', 'T') or ('S', 'C') => 31,
        ('L', 'C') => 32,
        ('R', 'U') => 33,
        _ => 0,
    };
}

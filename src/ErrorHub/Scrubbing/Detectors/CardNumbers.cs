namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Payment cards of all brands: 13 to 19 digits, however grouped, that pass Luhn; with what follows on a magnetic track.</summary>
internal sealed class CardNumbers : Detector
{
    private const int MinDigits = 13;
    private const int MaxDigits = 19;
    private const int BrandDigits = 4;

    internal override string Rule => "creditcard";

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Digits >= MinDigits;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = NextDigit(text, 0); at >= 0; at = NextDigit(text, at))
        {
            if (StartsHere(text, at) && Read(text, at) is > 0 and var end)
            {
                end = WithTrack(text, end);
                found.Add(new Finding(at, end, Replacement));
                at = end;
                continue;
            }

            while (at < text.Length && char.IsAsciiDigit(text[at]))
                at++;
        }
    }

    private static bool StartsHere(ReadOnlySpan<char> text, int at)
    {
        var before = Before(text, at);
        // Track 1 begins with %B. The digits behind a decimal point are a fraction, those behind a dot of four groups are not.
        return !char.IsLetterOrDigit(before) ? !(before == '.' && char.IsAsciiDigit(Before(text, at - 1)) && char.IsAsciiDigit(At(text, at + 4)))
            : before == 'B' && Before(text, at - 1) == '%';
    }

    /// <summary>The end of the longest card number that starts here; -1 when there is none.</summary>
    private static int Read(ReadOnlySpan<char> text, int start)
    {
        // Luhn for as many digits as were read, when those at even places are doubled and when those at odd ones are.
        var (sum, other) = (0, 0);
        var (count, best, group, shortest, longest, brand, lengths) = (0, -1, 0, int.MaxValue, 0, 0, 0);
        var at = start;
        while (count < MaxDigits && at < text.Length && char.IsAsciiDigit(text[at]))
        {
            var digit = text[at++] - '0';
            (sum, other) = (other + digit, sum + (digit > 4 ? (2 * digit) - 9 : 2 * digit));
            group++;
            if (++count <= BrandDigits)
            {
                brand = (brand * 10) + digit;
                if (count == BrandDigits && (lengths = LengthsOf(brand)) == 0)
                    return -1;
            }

            // What nobody sees parts no groups.
            while (Folding.IsInvisible(At(text, at)))
                at++;

            if (count >= MinDigits && lengths >> count == 0)
                break;

            if (char.IsAsciiDigit(At(text, at)))
                continue;

            shortest = Math.Min(shortest, group);
            longest = Math.Max(longest, group);
            group = 0;
            // Groups of one among longer ones are numbers in a row.
            if (count >= MinDigits && (shortest > 1 || longest == 1) && (lengths & (1 << count)) != 0 && EndsHere(text, at) && sum % 10 == 0)
                best = at;

            at = SkipSeparator(text, at);
        }

        return best;
    }

    private static bool EndsHere(ReadOnlySpan<char> text, int at) =>
        !char.IsLetterOrDigit(At(text, at)) || (At(text, at) == 'D' && char.IsAsciiDigit(At(text, at + 1)));

    private static int SkipSeparator(ReadOnlySpan<char> text, int at)
    {
        if (at < text.Length && text[at] is ' ' or '-' or '.' or '_' or '\t')
            at++;

        while (Folding.IsInvisible(At(text, at)))
            at++;

        return at;
    }

    // ;4111111111111111=29122011000012345678? and %B4111111111111111^DOE/JOHN^2912…?
    private static int WithTrack(ReadOnlySpan<char> text, int end)
    {
        const int MaxTrack = 100;
        if (At(text, end) is '=' or 'D' && char.IsAsciiDigit(At(text, end + 1)))
            for (end++; end < text.Length && char.IsAsciiDigit(text[end]);)
                end++;
        else if (At(text, end) == '^')
            for (var limit = Math.Min(text.Length, end + MaxTrack); end < limit && text[end] is not ('?' or '\n');)
                end++;

        return end;
    }

    /// <summary>How many digits a card may have that begins with these: a bit for each number.</summary>
    private static int LengthsOf(int brand)
    {
        const int Any = (1 << (MaxDigits + 1)) - (1 << MinDigits);
        const int From16 = (1 << 16) | (1 << 17) | (1 << 18) | (1 << 19);
        return brand switch
        {
            >= 3400 and <= 3499 or >= 3700 and <= 3799 => 1 << 15,
            >= 4000 and <= 4999 => (1 << 13) | (1 << 16) | (1 << 19),
            >= 5100 and <= 5599 or >= 2221 and <= 2720 => 1 << 16,
            6011 or >= 6440 and <= 6599 or >= 3528 and <= 3589 or >= 6200 and <= 6299 or >= 2200 and <= 2204 => From16,
            >= 3000 and <= 3059 or 3095 or >= 3600 and <= 3699 or >= 3800 and <= 3999 => (1 << 14) | (1 << 16) | (1 << 19),
            5018 or 5020 or 5038 or 5612 or 5893 or 6304 or 6759 or >= 6761 and <= 6763 => Any,
            >= 6000 and <= 6099 or >= 8100 and <= 8299 or >= 5080 and <= 5089 => 1 << 16,
            _ => 0,
        };
    }
}

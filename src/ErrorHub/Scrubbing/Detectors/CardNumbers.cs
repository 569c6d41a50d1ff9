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
        // One figure behind another is part of a row that was read from its beginning.
        if (IsSeparator(before) && IsOneDigit(text, at) && IsOneDigit(text, at - 2))
            return false;

        // Track 1 begins with %B. The digits behind a decimal point are a fraction, those behind a dot of four groups are not.
        return !char.IsLetterOrDigit(before) ? !(before == '.' && char.IsAsciiDigit(Before(text, at - 1)) && char.IsAsciiDigit(At(text, at + 4)))
            : before == 'B' && Before(text, at - 1) == '%';
    }

    private static bool IsOneDigit(ReadOnlySpan<char> text, int at) =>
        char.IsAsciiDigit(At(text, at)) && !char.IsAsciiDigit(Before(text, at)) && !char.IsAsciiDigit(At(text, at + 1));

    private static bool IsSeparator(char c) => c is ' ' or '-' or '.' or '_' or '\t' or '+';

    /// <summary>The end of the longest card number that starts here; -1 when there is none.</summary>
    private static int Read(ReadOnlySpan<char> text, int start)
    {
        // Luhn for as many digits as were read, when those at even places are doubled and when those at odd ones are.
        var (sum, other) = (0, 0);
        var (count, best, brand, lengths) = (0, -1, 0, 0);
        var groups = new Groups();
        var at = start;
        while (count < MaxDigits && at < text.Length && char.IsAsciiDigit(text[at]))
        {
            var digit = text[at++] - '0';
            (sum, other) = (other + digit, sum + (digit > 4 ? (2 * digit) - 9 : 2 * digit));
            groups.Current++;
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

            groups.Close();
            if (count >= MinDigits && (lengths & (1 << count)) != 0 && sum % 10 == 0 && EndsHere(text, at) && !groups.IsRow(text, start, at)
                && !(groups.IsOne && IsOtherNumber(text, start, at)))
                best = at;

            var next = SkipSeparator(text, at, out var separator);
            // Whoever groups a card parts all groups alike; numbers of a list have points in them.
            if (!groups.IsPartedBy(separator))
                break;

            at = next;
        }

        return best;
    }

    private static bool EndsHere(ReadOnlySpan<char> text, int at) => !char.IsLetterOrDigit(At(text, at)) || At(text, at) switch
    {
        'D' => char.IsAsciiDigit(At(text, at + 1)),
        // How Java and JavaScript write large numbers.
        'L' or 'n' => !char.IsLetterOrDigit(At(text, at + 1)),
        _ => false,
    };

    /// <summary>True for a number without groups that the words beside it tell to be another: of an article, an amount of bytes, an id.</summary>
    private static bool IsOtherNumber(ReadOnlySpan<char> text, int start, int end)
    {
        const int LongestCommon = 16;
        if (text[end..].TrimStart(' ') is var behind && behind.StartsWith("bytes") && behind.Length < text.Length - end)
            return true;

        var before = text[..start].TrimEnd(" :=#\"'(");
        return end - start == MinDigits ? EndsWithAny(before, ["ean", "gtin", "upc", "barcode", "ean13", "ean-13"])
            : end - start > LongestCommon && EndsWithAny(before, ["_id", "id", "snowflake"]);
    }

    private static bool EndsWithAny(ReadOnlySpan<char> text, ReadOnlySpan<string> words)
    {
        foreach (var word in words)
            if (text.EndsWith(word, StringComparison.OrdinalIgnoreCase) && (!char.IsLetterOrDigit(word[0]) || !char.IsLetterOrDigit(Before(text, text.Length - word.Length))))
                return true;

        return false;
    }

    /// <summary>The place behind what parts two groups; the same place when nothing does.</summary>
    private static int SkipSeparator(ReadOnlySpan<char> text, int at, out char separator)
    {
        separator = at < text.Length && IsSeparator(text[at]) ? text[at++] : '\0';
        if (separator == ' ' && At(text, at) == '-' && At(text, at + 1) == ' ')
            (separator, at) = ('\u2013', at + 2);

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
            5019 or 5067 or 5090 or 6362 or 9792 => 1 << 16,
            5061 => (1 << 16) | (1 << 18) | (1 << 19),
            5018 or 5020 or 5038 or 5612 or 5893 or 6304 or 6759 or >= 6761 and <= 6763 => Any,
            >= 6000 and <= 6099 or >= 8100 and <= 8299 or >= 5080 and <= 5089 => 1 << 16,
            _ => 0,
        };
    }

    /// <summary>The groups that were read of a number.</summary>
    private struct Groups
    {
        private int _first;
        private int _last;
        private int _shortest;
        private int _longest;
        private int _count;
        private char _separator;

        /// <summary>Digits of the group that is being read.</summary>
        internal int Current;

        internal readonly bool IsOne => _count == 1;

        internal void Close()
        {
            _first = _count == 0 ? Current : _first;
            _shortest = _count == 0 ? Current : Math.Min(_shortest, Current);
            _longest = Math.Max(_longest, Current);
            (_last, Current) = (Current, 0);
            _count++;
        }

        /// <summary>True when the separator is that of the groups before.</summary>
        internal bool IsPartedBy(char separator)
        {
            _separator = _count == 1 ? separator : _separator;
            return separator != '\0' && separator == _separator;
        }

        /// <summary>True for numbers in a row: groups of one among longer ones, pairs, or groups that go on before or behind as they are.</summary>
        internal readonly bool IsRow(ReadOnlySpan<char> text, int start, int end)
        {
            if (_count == 1)
                return false;
            if (_shortest == 1 ? _longest > 1 : _longest == 2)
                return true;

            return (Before(text, start) == _separator && RunBefore(text, start - 1) == _first)
                || (At(text, end) == _separator && RunAt(text, end + 1) == _last && !IsExpiry(text.Slice(end + 1, _last)));
        }

        private static int RunBefore(ReadOnlySpan<char> text, int end)
        {
            var start = end;
            while (start > 0 && end - start < MaxDigits && char.IsAsciiDigit(text[start - 1]))
                start--;

            return end - start;
        }

        private static int RunAt(ReadOnlySpan<char> text, int start)
        {
            var end = start;
            while (end < text.Length && end - start < MaxDigits && char.IsAsciiDigit(text[end]))
                end++;

            return end - start;
        }

        // 1229 behind a card is when it ends.
        private static bool IsExpiry(ReadOnlySpan<char> digits) =>
            digits.Length == 4 && (digits[0] == '0' ? digits[1] != '0' : digits[0] == '1' && digits[1] <= '2') && digits[2] is '2' or '3';
    }
}

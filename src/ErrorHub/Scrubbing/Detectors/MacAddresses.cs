using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Hardware addresses: six pairs of hex digits with colons or dashes, three groups of four with dots, or twelve behind their name.</summary>
internal sealed class MacAddresses : Detector
{
    private const int Length = 17;
    private const int Separators = 5;

    // Twelve of 16 figures have fewer once in a thousand times.
    private const int FewestDigits = 3;

    private static readonly SearchValues<string> Name = SearchValues.Create(["mac"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> HexLetters = SearchValues.Create("abcdefABCDEF");
    private static readonly SearchValues<char> Fours = SearchValues.Create("0123456789abcdefABCDEF.");

    internal override string Rule => "mac";

    internal override bool FindsWithoutWord => true;

    internal override IEnumerable<AnchorWord> Words => InAnyCase("mac");

    internal override bool MayFind(in TextTraits text) => text.Colons >= Separators || text.Dashes >= Separators || (text.Dots >= 2 && text.Digits >= FewestDigits);

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        if (text.Count(':') >= Separators || text.Count('-') >= Separators)
            FindPairs(text, found);

        FindFours(text, found);
        FindNamed(text, found);
    }

    private void FindPairs(ReadOnlySpan<char> text, List<Finding> found)
    {
        if (text.Length < Length)
            return;

        for (var at = 2; at + Length - 2 <= text.Length; at++)
        {
            var hit = text[at..].IndexOfAny(':', '-');
            if (hit < 0)
                return;

            at += hit;
            var start = at - 2;
            if (start + Length > text.Length || !IsAddress(text.Slice(start, Length)) || IsPart(Before(text, start)) || IsPart(At(text, start + Length)))
                continue;

            found.Add(new Finding(start, start + Length, Replacement));
            at = start + Length - 1;
        }
    }

    // 9cb6.d0e3.1f2a of Cisco. Letters alone are names, digits alone a number.
    private void FindFours(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = Next(text, 4, '.'); at >= 0 && at + 10 <= text.Length; at = Next(text, at + 1, '.'))
        {
            var (start, end) = (at - 4, at + 10);
            if (text[at + 5] != '.' || IsPartOfFours(Before(text, start)) || IsPartOfFours(At(text, end)) || text[start..end].ContainsAnyExcept(Fours)
                || text[start..end].Count('.') != 2 || !text[start..end].ContainsAnyInRange('0', '9') || !text[start..end].ContainsAny(HexLetters))
                continue;

            found.Add(new Finding(start, end, Replacement));
            at = end - 1;
        }
    }

    // mac=9CB6D0E31F2A, "macAddress":"9CB6D0E31F2A"
    private void FindNamed(ReadOnlySpan<char> text, List<Finding> found)
    {
        const int Bare = 12;
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(Name);
            if (hit < 0)
                return;

            at += hit + 3;
            if (char.IsLetterOrDigit(Before(text, at - 3)))
                continue;

            var start = at + (text[at..].TrimStart(" _-") is var rest && rest.StartsWith("addr", StringComparison.OrdinalIgnoreCase)
                ? text.Length - at - rest.Length + (rest.StartsWith("address", StringComparison.OrdinalIgnoreCase) ? 7 : 4) : 0);
            var value = start;
            while (value < text.Length && value - start < 5 && text[value] is ' ' or ':' or '=' or '"' or '\'')
                value++;

            if (value > start && value + Bare <= text.Length && !text.Slice(value, Bare).ContainsAnyExcept(Hex) && text.Slice(value, Bare).ContainsAnyInRange('0', '9')
                && !char.IsLetterOrDigit(At(text, value + Bare)))
                found.Add(new Finding(value, value + Bare, Replacement));
        }
    }

    private static bool IsAddress(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
            if (i % 3 == 2 ? text[i] != text[2] : !char.IsAsciiHexDigit(text[i]))
                return false;

        return true;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c is ':' or '-';

    private static bool IsPartOfFours(char c) => char.IsLetterOrDigit(c) || c is '_' or '-';
}

using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Phone numbers: E.164 with its plus anywhere, national ones near a keyword.</summary>
internal sealed class PhoneNumbers() : NearKeyword([.. Plain, .. Doubtful])
{
    private const int MinDigits = 7;
    private const int MaxDigits = 15;

    // With its country no number has fewer.
    private const int MinDigitsOfPlus = 8;

    private const int MinDigitsOfNation = 10;

    // How far before the number a word may begin, and one that has other meanings.
    private const int Behind = 48;
    private const int Near = 12;

    private static readonly string[] Plain =
    [
        "phone", "tel", "telephone", "fax", "cellphone", "whatsapp", "msisdn", "telefon", "telefonnummer", "handy", "handynummer", "handynr", "mobilnummer", "rufnummer",
        "téléphone", "tél", "teléfono", "telefono", "telefone", "celular", "móvil", "telefonu", "telefoon", "telefoonnummer", "mobiel",
    ];

    // Procedures are called, tables have cells, and builds are mobile.
    private static readonly string[] Doubtful = ["mobile", "cell", "dial", "sms", "caller", "call"];

    // What is in most of the plain words. It is looked for beside doubtful ones only.
    private static readonly SearchValues<string> PlainParts =
        SearchValues.Create(["phone", "tel", "fax", "whatsapp", "msisdn", "handy", "mobilnummer", "rufnummer", "celular"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> DoubtfulWords = SearchValues.Create(Doubtful, StringComparison.OrdinalIgnoreCase);

    // +134217728 bytes
    private static readonly string[] Units = ["bytes", "byte", "kb", "us", "µs", "ms", "ns", "s", "sec", "seconds", "times", "gas", "rows", "items"];

    internal override string Rule => "phone";

    internal override bool FindsWithoutWord => true;

    internal override bool LooksAt(TextPlace place) => place is not (TextPlace.Path or TextPlace.Name);

    internal override bool MayFind(in TextTraits text) => text.Digits >= MinDigits && text.Pluses > 0;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = Next(text, 0, '+'); at >= 0; at = Next(text, at + 1, '+'))
            if (!char.IsLetterOrDigit(Before(text, at)) && At(text, at + 1) is >= '1' and <= '9' && ReadNumber(text, at, MinDigitsOfPlus, out _) is > 0 and var end)
            {
                found.Add(new Finding(at, end, Replacement));
                at = end - 1;
            }

        base.Find(text, found);
    }

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        var end = ReadNumber(text, at, MinDigits, out var shape);
        if (end < 0 || text[at] is '+' or '(')
            return end;

        var before = text[Math.Max(0, at - Behind)..at];
        return !before.ContainsAny(DoubtfulWords) || before.ContainsAny(PlainParts) || IsPhone(before, text[at], shape) ? end : -1;
    }

    /// <summary>True for what is written like a phone number close behind a word that names other things, too.</summary>
    private static bool IsPhone(ReadOnlySpan<char> before, char first, Shape shape)
    {
        before = before[Math.Max(0, before.Length - Near)..];
        return before.ContainsAny(DoubtfulWords)
            && (first == '0' || shape.IsGrouped || (shape.Digits >= MinDigitsOfNation && !before.Contains("call", StringComparison.OrdinalIgnoreCase)));
    }

    private static int ReadNumber(ReadOnlySpan<char> text, int at, int least, out Shape shape)
    {
        var (end, last) = (at, at);
        shape = default;
        if (At(text, end) == '+')
            end++;

        while (end < text.Length && shape.Digits <= MaxDigits)
        {
            if (char.IsAsciiDigit(text[end]))
            {
                shape.Add(isNewGroup: last < end);
                last = ++end;
            }
            else if (text[end] is ' ' or '-' or '.' or '(' or ')' or '/' && (end == at || !IsDouble(text, end)))
            {
                end++;
            }
            else
            {
                break;
            }
        }

        return shape.Digits >= least && shape.Digits <= MaxDigits && !char.IsLetterOrDigit(At(text, last)) && !IsAmount(text, last) ? last : -1;
    }

    private static bool IsAmount(ReadOnlySpan<char> text, int end)
    {
        if (end >= text.Length || text[end] != ' ')
            return false;

        var word = text[(end + 1)..];
        foreach (var unit in Units)
            if (word.StartsWith(unit, StringComparison.Ordinal) && !char.IsLetterOrDigit(At(word, unit.Length)))
                return true;

        return false;
    }

    // ") " is part of a number, two blanks are not.
    private static bool IsDouble(ReadOnlySpan<char> text, int at) => text[at] == text[at - 1];

    /// <summary>How a number is written.</summary>
    private struct Shape
    {
        private int _groups;
        private int _first;

        internal int Digits { get; private set; }

        /// <summary>True for 415-555-2671, and not for 2026-11-26.</summary>
        internal readonly bool IsGrouped => _groups >= 3 && _first is 2 or 3 && Digits >= 9;

        internal void Add(bool isNewGroup)
        {
            _groups += isNewGroup || Digits == 0 ? 1 : 0;
            _first += _groups == 1 ? 1 : 0;
            Digits++;
        }
    }
}

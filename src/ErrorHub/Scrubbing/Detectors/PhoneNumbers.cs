namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Phone numbers: E.164 with its plus anywhere, national ones near a keyword.</summary>
internal sealed class PhoneNumbers() : NearKeyword(
    "phone", "tel", "telephone", "mobile", "cell", "cellphone", "fax", "telefon", "handy", "whatsapp", "msisdn", "caller", "call", "dial")
{
    private const int MinDigits = 7;
    private const int MaxDigits = 15;

    internal override string Rule => "phone";

    internal override bool FindsWithoutWord => true;

    internal override bool LooksAt(TextPlace place) => place is not (TextPlace.Path or TextPlace.Name);

    internal override bool MayFind(in TextTraits text) => text.Digits >= MinDigits && text.Pluses > 0;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = Next(text, 0, '+'); at >= 0; at = Next(text, at + 1, '+'))
            if (!char.IsLetterOrDigit(Before(text, at)) && At(text, at + 1) is >= '1' and <= '9' && Read(text, at) is > 0 and var end)
            {
                found.Add(new Finding(at, end, Replacement));
                at = end - 1;
            }

        base.Find(text, found);
    }

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        var (end, digits, last) = (at, 0, at);
        if (At(text, end) == '+')
            end++;

        while (end < text.Length && digits <= MaxDigits)
        {
            if (char.IsAsciiDigit(text[end]))
            {
                digits++;
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

        return digits is >= MinDigits and <= MaxDigits && !char.IsLetterOrDigit(At(text, last)) ? last : -1;
    }

    // ") " is part of a number, two blanks are not.
    private static bool IsDouble(ReadOnlySpan<char> text, int at) => text[at] == text[at - 1];
}

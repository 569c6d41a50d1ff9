namespace ErrorHub.Scrubbing.Detectors;

/// <summary>French NIR near a keyword, or written as one: 13 characters and their complement modulo 97; Corsica has a letter in it.</summary>
internal sealed class FrenchNir() : NearKeyword("nir", "insee", "sécurité sociale", "securite sociale", "numéro de sécu", "num_secu", "numero_secu", "sécu", "n° de sécu", "n° ss")
{
    private const string Picture = "9 99 ** 99 999 999 99";

    internal override string Rule => "nir";

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Digits >= 14;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = Next(text, 0, ' '); at >= 0; at = Next(text, at + 1, ' '))
            if (at > 0 && text[at - 1] is '1' or '2' && Digits.IsWrittenAs(text, at - 1, Picture) && Read(text, at - 1) is > 0 and var end)
                found.Add(new Finding(at - 1, end, Replacement));

        base.Find(text, found);
    }

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> number = stackalloc char[15];
        if (Digits.ReadAlphanumeric(text, at, number) is not (> 0 and var end))
            return -1;

        // 2A counts as 19 and 2B as 18.
        if (number[5] == '2' && number[6] is 'A' or 'B')
            (number[5], number[6]) = ('1', number[6] == 'A' ? '9' : '8');

        // The key is 1 to 97, which is why it is no remainder.
        return number.IndexOfAnyExceptInRange('0', '9') < 0
            && 97 - CheckDigits.Mod97(number[..13]) == ((number[13] - '0') * 10) + number[14] - '0' ? end : -1;
    }
}

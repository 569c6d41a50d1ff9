namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Spanish DNI and NIE near a keyword: eight digits (or X, Y, Z and seven) and the letter they give.</summary>
internal sealed class SpanishDni() : NearKeyword("dni", "nie", "nif", "documento", "documento nacional de identidad")
{
    internal override string Rule => "dni";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        Span<char> number = stackalloc char[9];
        if (Digits.ReadAlphanumeric(text, at, number) is not (> 0 and var end))
            return -1;

        if (number[0] is >= 'X' and <= 'Z')
            number[0] = (char)(number[0] - 'X' + '0');

        return Digits.HasShape(number, "99999999A")
            && "TRWAGMYFPDXBNJZSQVHLCKE"[int.Parse(number[..8], System.Globalization.CultureInfo.InvariantCulture) % 23] == number[8] ? end : -1;
    }
}

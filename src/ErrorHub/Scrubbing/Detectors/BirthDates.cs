using System.Collections.Frozen;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Dates near a word that says somebody was born on them, in figures or with the month's name.</summary>
internal sealed class BirthDates() : NearKeyword(
    "dob", "d.o.b", "date of birth", "birth date", "birthday", "born",
    "geburtsdatum", "geboren", "geb.", "date de naissance", "né le", "née le", "fecha de nacimiento", "nacido el", "nacida el", "data di nascita", "nato il", "nata il",
    "data de nascimento", "data urodzenia", "geboortedatum")
{
    // The first three letters: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish.
    private static readonly FrozenSet<long> Months = (
        "jan feb mar apr may jun jul aug sep oct nov dec jän mär mai okt dez fév fev avr jui aoû aou déc ene abr ago dic gen mag giu lug set ott out "
        + "mrt maa mei sty lut kwi maj cze lip sie wrz paź paz lis gru").Split(' ').Select(month => KeyOf(month)).ToFrozenSet();

    private const int MaxMonth = 12;

    internal override string Rule => "birthdate";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        var (end, last, numbers, digits, months) = (at, at, 0, 0, 0);
        while (end < text.Length && numbers + months < 3)
        {
            var start = end;
            if (char.IsAsciiDigit(text[end]))
            {
                while (end < text.Length && char.IsAsciiDigit(text[end]))
                    end++;

                (numbers, digits) = (numbers + 1, digits + end - start);
                end = SkipOrdinal(text, end);
            }
            else
            {
                while (end < text.Length && end - start < MaxMonth && char.IsLetter(text[end]))
                    end++;

                if (months > 0 || end - start < 3 || !Months.Contains(KeyOf(text.Slice(start, 3))))
                    break;

                months++;
            }

            last = end;
            if (numbers + months < 3)
                end = SkipJoint(text, end);
        }

        var isDate = (numbers == 3 && digits is >= 4 and <= 8) || (numbers == 2 && months == 1 && digits is >= 3 and <= 6) || (numbers == 1 && months == 0 && digits == 8);
        return isDate && !char.IsDigit(At(text, last)) ? last : -1;
    }

    // The bit that is set parts upper from lower case.
    private static long KeyOf(ReadOnlySpan<char> month) => ((long)(month[0] | 0x20) << 32) | ((long)(month[1] | 0x20) << 16) | (uint)(month[2] | 0x20);

    // 12th, 1er, 5º
    private static int SkipOrdinal(ReadOnlySpan<char> text, int at)
    {
        if (At(text, at) == 'º')
            return at + 1;

        var isOrdinal = at + 2 <= text.Length && text.Slice(at, 2) is "st" or "nd" or "rd" or "th" or "er" && !char.IsLetterOrDigit(At(text, at + 2));
        return isOrdinal ? at + 2 : at;
    }

    // "12th of April", "12 de abril de 1985"
    private static int SkipJoint(ReadOnlySpan<char> text, int at)
    {
        at = SkipSeparators(text, at);
        return at + 3 <= text.Length && text.Slice(at, 3) is "of " or "de " ? SkipSeparators(text, at + 3) : at;
    }

    private static int SkipSeparators(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && text[at] is '-' or '/' or '.' or ' ' or ',')
            at++;

        return at;
    }
}

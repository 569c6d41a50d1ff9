namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Dates near a word that says somebody was born on them, in figures or with the month's name.</summary>
internal sealed class BirthDates() : NearKeyword(
    "dob", "d.o.b", "date of birth", "dateofbirth", "date_of_birth", "birth date", "birthdate", "birth_date", "birthday", "born on", "born",
    "geburtsdatum", "geboren", "geb.", "date de naissance", "né le", "née le", "fecha de nacimiento", "data di nascita")
{
    internal override string Rule => "birthdate";

    protected override int Read(ReadOnlySpan<char> text, int at)
    {
        var (end, numbers, digits, months) = (at, 0, 0, 0);
        while (end < text.Length && numbers + months < 3)
        {
            var start = end;
            while (end < text.Length && char.IsAsciiDigit(text[end]))
                end++;

            if (end > start)
                (numbers, digits) = (numbers + 1, digits + end - start);
            else if (months == 0 && IsMonth(text[start..]))
                for (months++; end < text.Length && char.IsLetter(text[end]);)
                    end++;
            else
                break;

            if (numbers + months < 3)
                while (end < text.Length && text[end] is '-' or '/' or '.' or ' ' or ',')
                    end++;
        }

        while (end > at && text[end - 1] is '-' or '/' or '.' or ' ' or ',')
            end--;

        var isDate = (numbers == 3 && digits is >= 4 and <= 8) || (numbers == 2 && months == 1 && digits is >= 3 and <= 6) || (numbers == 1 && months == 0 && digits == 8);
        return isDate && !char.IsDigit(At(text, end)) ? end : -1;
    }

    private static bool IsMonth(ReadOnlySpan<char> text) =>
        text.Length >= 3 && ((char)(text[0] | 0x20), (char)(text[1] | 0x20), (char)(text[2] | 0x20)) is
            ('j', 'a', 'n') or ('f', 'e', 'b') or ('m', 'a', 'r') or ('a', 'p', 'r') or ('m', 'a', 'y') or ('j', 'u', 'n') or ('j', 'u', 'l') or ('a', 'u', 'g')
            or ('s', 'e', 'p') or ('o', 'c', 't') or ('n', 'o', 'v') or ('d', 'e', 'c') or ('m', 'a', 'i') or ('o', 'k', 't') or ('d', 'e', 'z');
}

using System.Globalization;
using System.Text;

namespace ErrorHub.Scrubbing;

/// <summary>Text as detectors read it: digits of all scripts, wide forms, fancy dashes and blanks become their ASCII selves.</summary>
internal static class Folding
{
    /// <summary>Folds a text. What comes out is of the same length, so that places in it are places in the original.</summary>
    internal static void Fold(ReadOnlySpan<char> text, Span<char> folded)
    {
        for (var i = 0; i < text.Length; i++)
            folded[i] = Fold(text[i]);
    }

    /// <summary>Folds a text where it stands.</summary>
    internal static void Fold(Span<char> text)
    {
        if (!Ascii.IsValid(text))
            Fold(text, text);
    }

    /// <summary>One character.</summary>
    internal static char Fold(char c)
    {
        if (c < 0x80 || !IsFolded(c))
            return c;

        if (c is >= '\uFF01' and <= '\uFF5E')
            return (char)(c - 0xFEE0);

        return CharUnicodeInfo.GetUnicodeCategory(c) switch
        {
            UnicodeCategory.DecimalDigitNumber => (char)('0' + CharUnicodeInfo.GetDecimalDigitValue(c)),
            UnicodeCategory.DashPunctuation => '-',
            UnicodeCategory.SpaceSeparator => ' ',
            _ => c,
        };
    }

    // A bit for each character, so that the letters of other alphabets cost a look each.
    private static readonly ulong[] Folded = MakeFolded();

    private static bool IsFolded(char c) => (Folded[c >> 6] & (1ul << (c & 63))) != 0;

    private static ulong[] MakeFolded()
    {
        var bits = new ulong[(char.MaxValue + 1) / 64];
        for (var i = 0x80; i <= char.MaxValue; i++)
            if (i is >= 0xFF01 and <= 0xFF5E
                || CharUnicodeInfo.GetUnicodeCategory((char)i) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.DashPunctuation or UnicodeCategory.SpaceSeparator)
                bits[i >> 6] |= 1ul << (i & 63);

        return bits;
    }

    /// <summary>A letter that looks like a Latin one, as that, in lower case: a Cyrillic о hides no <c>password</c>.</summary>
    internal static char FoldLetter(char c) => char.ToLowerInvariant(Fold(c)) switch
    {
        'а' or 'α' => 'a',
        'с' or 'ϲ' => 'c',
        'е' or 'ε' => 'e',
        'һ' => 'h',
        'і' or 'ι' or 'ı' => 'i',
        'ј' => 'j',
        'к' or 'κ' => 'k',
        'ո' => 'n',
        'о' or 'ο' or 'օ' => 'o',
        'р' or 'ρ' => 'p',
        'ѕ' => 's',
        'т' or 'τ' => 't',
        'ν' => 'v',
        'ԝ' or 'ω' => 'w',
        'х' or 'χ' => 'x',
        'у' or 'γ' => 'y',
        var other and >= '\u00DF' and <= '\u017E' => WithoutMark(other),
        var other => other,
    };

    // "contraseña", "hasło"
    private static char WithoutMark(char c) => c switch
    {
        'à' or 'á' or 'â' or 'ã' or 'ä' or 'å' or 'ą' => 'a',
        'ç' or 'ć' or 'č' => 'c',
        'è' or 'é' or 'ê' or 'ë' or 'ę' or 'ě' => 'e',
        'ì' or 'í' or 'î' or 'ï' => 'i',
        'ł' => 'l',
        'ñ' or 'ń' or 'ň' => 'n',
        'ò' or 'ó' or 'ô' or 'õ' or 'ö' or 'ø' or 'ő' => 'o',
        'ś' or 'š' => 's',
        'ù' or 'ú' or 'û' or 'ü' or 'ű' or 'ů' => 'u',
        'ź' or 'ż' or 'ž' => 'z',
        _ => c,
    };

    /// <summary>Characters of no width, which people and attackers put between digits.</summary>
    internal static bool IsInvisible(char c) => c >= '\u00AD' && c is '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\u00AD';
}

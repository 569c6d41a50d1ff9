using System.Globalization;
using System.Text;

namespace ErrorHub.Scrubbing;

/// <summary>Text as detectors read it: digits of all scripts, wide forms, fancy dashes and blanks become their ASCII selves.</summary>
internal static class Folding
{
    /// <summary>A text of the same length, so that places in it are places in the original; the original when nothing differs.</summary>
    internal static string Fold(string text) =>
        Ascii.IsValid(text) ? text : string.Create(text.Length, text, static (output, source) =>
        {
            for (var i = 0; i < source.Length; i++)
                output[i] = Fold(source[i]);
        });

    /// <summary>One character.</summary>
    internal static char Fold(char c)
    {
        if (c < 0x80)
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
        var other => other,
    };

    /// <summary>Characters of no width, which people and attackers put between digits.</summary>
    internal static bool IsInvisible(char c) => c is '\u200B' or '\u200C' or '\u200D' or '\u2060' or '\uFEFF' or '\u00AD';
}

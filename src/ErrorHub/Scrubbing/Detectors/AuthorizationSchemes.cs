using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>What follows the name of an HTTP authentication scheme, where it cannot be a word.</summary>
internal sealed class AuthorizationSchemes : Detector
{
    private const int LongToken = 20;
    private const int MaxBasic = 256;
    private const int OfToken = 'o';
    private const int OfBasic = 'a';

    private static readonly string[] Names = ["bearer ", "basic ", "negotiate ", "ntlm ", "apikey ", "token "];
    private static readonly SearchValues<string> Schemes = SearchValues.Create(Names, StringComparison.OrdinalIgnoreCase);

    internal override string Rule => "token";

    internal override bool LooksAt(TextPlace place) => true;

    internal override IEnumerable<AnchorWord> Words => InAnyCase(Names);

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(Schemes);
            if (hit < 0)
                return;

            at += hit;
            var isBounded = !char.IsLetterOrDigit(Before(text, at));
            // The second letter tells them apart as far as that matters.
            var scheme = text[at + 1] | 0x20;
            at += text[at..].IndexOf(' ');
            var start = at + 1;
            while (start < text.Length && start - at < 4 && text[start] is ' ' or '"' or '\'')
                start++;

            var end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '_' or '.' or '~' or '+' or '/' or '='))
                end++;

            while (end > start && text[end - 1] == '.')
                end--;

            if (isBounded && LooksRandom(text[start..end], scheme))
                found.Add(new Finding(start, end, Replacement));

            at = Math.Max(end, at + 1);
        }
    }

    private static bool LooksRandom(ReadOnlySpan<char> value, int scheme)
    {
        if (value.Length >= LongToken && !IsName(value))
            return true;

        return scheme switch
        {
            OfToken => false,
            OfBasic when value.Length % 4 == 0 && value.Length <= MaxBasic && HoldsColon(value) => true,
            OfBasic when IsWordWithNumber(value) => false,
            _ => value.Length >= 6 && value.ContainsAnyInRange('0', '9'),
        };
    }

    // JwtBearerAuthenticationHandler, Microsoft.Identity.Web
    private static bool IsName(ReadOnlySpan<char> value)
    {
        var hump = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (!char.IsAsciiLetter(value[i]) && value[i] != '.')
                return false;
            if (char.IsAsciiLetterUpper(value[i]) && i > 0 && hump < 2 && value[i - 1] != '.')
                return false;

            hump = char.IsAsciiLetterLower(value[i]) ? hump + 1 : 0;
        }

        return true;
    }

    // "basic plan2024"
    private static bool IsWordWithNumber(ReadOnlySpan<char> value) => value.TrimEnd("0123456789").IndexOfAnyExceptInRange('a', 'z') < 0;

    // A user and a password in Base64 have a colon between them.
    private static bool HoldsColon(ReadOnlySpan<char> value)
    {
        Span<byte> bytes = stackalloc byte[MaxBasic];
        return Convert.TryFromBase64Chars(value, bytes, out var length) && bytes[..length].Contains((byte)':') && !bytes[..length].ContainsAnyExceptInRange((byte)' ', (byte)'~');
    }
}

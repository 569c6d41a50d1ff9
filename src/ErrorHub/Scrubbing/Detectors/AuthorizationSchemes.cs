using System.Buffers;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>What follows the name of an HTTP authentication scheme, where it cannot be a word.</summary>
internal sealed class AuthorizationSchemes : Detector
{
    private const int LongToken = 20;

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
            var isToken = text[at] is 't' or 'T';
            at += text[at..].IndexOf(' ');
            var start = at + 1;
            while (start < text.Length && start - at < 4 && text[start] is ' ' or '"' or '\'')
                start++;

            var end = start;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '-' or '_' or '.' or '~' or '+' or '/' or '='))
                end++;

            while (end > start && text[end - 1] == '.')
                end--;

            if (isBounded && LooksRandom(text[start..end], isToken))
                found.Add(new Finding(start, end, Replacement));

            at = Math.Max(end, at + 1);
        }
    }

    private static bool LooksRandom(ReadOnlySpan<char> value, bool isToken)
    {
        if (value.Length >= LongToken && !(value.Contains('.') && value.IndexOfAnyInRange('0', '9') < 0))
            return true;

        return !isToken && value.Length >= 6 && value.IndexOfAnyInRange('0', '9') >= 0;
    }
}

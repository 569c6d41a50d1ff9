using System.Buffers;

namespace ErrorHub.Scrubbing;

/// <summary>Finds a value that is too plain to be known by itself within a few words behind one that names it.</summary>
/// <param name="phrases">The words; those of several are found as a name, too: <c>codice_fiscale</c>, <c>codiceFiscale</c>.</param>
internal abstract class NearKeyword(params string[] phrases) : Detector
{
    private readonly string[] _keywords = [.. phrases.SelectMany(Spellings).Distinct()];

    /// <summary>How far behind its keyword a value may begin.</summary>
    private const int Reach = 32;

    private SearchValues<string> Anchors => field ??= SearchValues.Create(_keywords, StringComparison.OrdinalIgnoreCase);

    internal override IEnumerable<AnchorWord> Words => InAnyCase(_keywords);

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        var read = 0;
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(Anchors);
            if (hit < 0)
                return;

            at += hit;
            var end = EndOfKeyword(text, at);
            if (end < 0 || !Add(text, end, found, ref read, out at))
                at = end < 0 ? at + 1 : end;
        }
    }

    /// <summary>The end of a value that begins here; -1 when none does.</summary>
    protected abstract int Read(ReadOnlySpan<char> text, int at);

    private bool Add(ReadOnlySpan<char> text, int from, List<Finding> found, ref int read, out int end)
    {
        var limit = Math.Min(text.Length, from + Reach);
        // What was read behind the keyword before is not read again: keywords in a row must not cost more than others.
        var at = from;
        for (; at < limit && text[at] is not ('\n' or ';'); at = Math.Max(at + 1, read))
        {
            if (!IsStart(text[at]) || (at > from && char.IsLetterOrDigit(text[at - 1])) || Read(text, at) is not (> 0 and var last))
                continue;

            found.Add(new Finding(at, last, Replacement));
            end = last;
            return true;
        }

        read = Math.Max(read, at);
        end = from;
        return false;
    }

    private int EndOfKeyword(ReadOnlySpan<char> text, int at)
    {
        if (char.IsLetterOrDigit(Before(text, at)) && !IsHump(text, at))
            return -1;

        var longest = -1;
        foreach (var keyword in _keywords)
            if ((keyword[0] | 0x20) == (text[at] | 0x20) && text[at..].StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
                longest = Math.Max(longest, at + keyword.Length);

        return longest > 0 && (!char.IsLetter(At(text, longest)) || IsHump(text, longest)) ? longest : -1;
    }

    // "patientBsn", "nhsNumber", "NHSNumber".
    private static bool IsHump(ReadOnlySpan<char> text, int at) =>
        char.IsAsciiLetterUpper(At(text, at)) && (char.IsAsciiLetterLower(Before(text, at)) || (char.IsAsciiLetterUpper(Before(text, at)) && char.IsAsciiLetterLower(At(text, at + 1))));

    private static bool IsStart(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '(';

    private static IEnumerable<string> Spellings(string phrase) => phrase.IndexOfAny([' ', '-', '_']) < 0
        ? [phrase]
        : ((string[])[" ", "-", "_", ""]).Select(separator => phrase.Replace(" ", separator).Replace("-", separator).Replace("_", separator));
}

using System.Buffers;

namespace ErrorHub.Scrubbing;

/// <summary>Finds a value that is too plain to be known by itself within a few words behind one that names it.</summary>
internal abstract class NearKeyword(params string[] keywords) : Detector
{
    /// <summary>How far behind its keyword a value may begin.</summary>
    private const int Reach = 32;

    /// <summary>The words, in any case.</summary>
    internal IReadOnlyList<string> Keywords => keywords;

    private readonly SearchValues<string> _keywords = SearchValues.Create(keywords, StringComparison.OrdinalIgnoreCase);

    internal override bool MayFind(in TextTraits text) => text.HasKeyword;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        for (var at = 0; at < text.Length;)
        {
            var hit = text[at..].IndexOfAny(_keywords);
            if (hit < 0)
                return;

            at += hit;
            var end = EndOfKeyword(text, at);
            if (end < 0 || !Add(text, end, found, out at))
                at = end < 0 ? at + 1 : end;
        }
    }

    /// <summary>The end of a value that begins here; -1 when none does.</summary>
    protected abstract int Read(ReadOnlySpan<char> text, int at);

    private bool Add(ReadOnlySpan<char> text, int from, List<Finding> found, out int end)
    {
        var limit = Math.Min(text.Length, from + Reach);
        for (var at = from; at < limit && text[at] is not ('\n' or ';'); at++)
        {
            if (!IsStart(text[at]) || (at > from && char.IsLetterOrDigit(text[at - 1])) || Read(text, at) is not (> 0 and var last))
                continue;

            found.Add(new Finding(at, last, Replacement));
            end = last;
            return true;
        }

        end = from;
        return false;
    }

    private int EndOfKeyword(ReadOnlySpan<char> text, int at)
    {
        if (char.IsLetterOrDigit(Before(text, at)))
            return -1;

        var longest = -1;
        foreach (var keyword in keywords)
            if (text[at..].StartsWith(keyword, StringComparison.OrdinalIgnoreCase))
                longest = Math.Max(longest, at + keyword.Length);

        return longest > 0 && !char.IsLetter(At(text, longest)) ? longest : -1;
    }

    private static bool IsStart(char c) => char.IsAsciiLetterOrDigit(c) || c is '+' or '(';
}

using System.Text.RegularExpressions;

namespace ErrorHub.Web.Projects;

/// <summary>What went from a text and what came instead, word by word.</summary>
internal static partial class TextDifference
{
    // The table has a field for each pair of words; longer texts are told apart as a whole.
    private const int MaxWords = 400;

    /// <summary>Pieces in order: what stayed (0), what went (-1), what came (1).</summary>
    internal static List<(string Text, int Kind)> Of(string before, string after)
    {
        string[] old = [.. Word().Matches(before).Select(m => m.Value)], fresh = [.. Word().Matches(after).Select(m => m.Value)];
        if (old.Length > MaxWords || fresh.Length > MaxWords)
            return [(before, -1), (after, 1)];

        var common = LengthsOf(old, fresh);
        List<(string, int)> pieces = [];
        var (i, j) = (0, 0);
        while (i < old.Length || j < fresh.Length)
        {
            if (i < old.Length && j < fresh.Length && old[i] == fresh[j])
            {
                Add(pieces, old[i++], 0);
                j++;
            }
            else if (j == fresh.Length || (i < old.Length && common[i + 1, j] >= common[i, j + 1]))
            {
                Add(pieces, old[i++], -1);
            }
            else
            {
                Add(pieces, fresh[j++], 1);
            }
        }

        return pieces;
    }

    private static int[,] LengthsOf(string[] old, string[] fresh)
    {
        var lengths = new int[old.Length + 1, fresh.Length + 1];
        for (var i = old.Length - 1; i >= 0; i--)
            for (var j = fresh.Length - 1; j >= 0; j--)
                lengths[i, j] = old[i] == fresh[j] ? lengths[i + 1, j + 1] + 1 : Math.Max(lengths[i + 1, j], lengths[i, j + 1]);

        return lengths;
    }

    // Words of a kind that follow each other are one piece.
    private static void Add(List<(string Text, int Kind)> pieces, string word, int kind)
    {
        if (pieces is [.., var last] && last.Kind == kind)
            pieces[^1] = (last.Text + word, kind);
        else
            pieces.Add((word, kind));
    }

    // [creditcard] is one.
    [GeneratedRegex(@"\[[\w-]{1,40}\]|\w+|\s+|[\uD800-\uDBFF][\uDC00-\uDFFF]|[^\w\s]", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}

namespace ErrorHub.Stacks;

/// <summary>
/// A name with <c>*</c> for anything. It never takes more than linear time: each piece is looked for once, behind the one before it, since
/// the first place that fits is as good as any later one.
/// </summary>
internal sealed class Glob
{
    private readonly string[] _pieces;
    private readonly bool _openStart, _openEnd;
    private readonly StringComparison _comparison;

    internal Glob(string pattern, StringComparison comparison = StringComparison.Ordinal)
    {
        _pieces = pattern.Split('*', StringSplitOptions.RemoveEmptyEntries);
        (_openStart, _openEnd) = (pattern.StartsWith('*'), pattern.EndsWith('*'));
        _comparison = comparison;
    }

    internal bool Matches(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < _pieces.Length; i++)
        {
            var piece = _pieces[i];
            var isLast = i == _pieces.Length - 1;
            if (i == 0 && !_openStart)
            {
                if (!text.StartsWith(piece, _comparison))
                    return false;

                text = text[piece.Length..];
            }
            else if (isLast && !_openEnd)
            {
                return text.EndsWith(piece, _comparison);
            }
            else
            {
                var at = text.IndexOf(piece, _comparison);
                if (at < 0)
                    return false;

                text = text[(at + piece.Length)..];
            }
        }

        return _openEnd || text.IsEmpty;
    }
}

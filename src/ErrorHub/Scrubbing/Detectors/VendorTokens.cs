namespace ErrorHub.Scrubbing.Detectors;

/// <summary>Tokens of clouds and vendors, known by the prefix or the mark their makers gave them so that they can be found.</summary>
internal sealed class VendorTokens : Detector
{
    private const int Buckets = 256;

    private static readonly TokenKind[][] ByBeginning =
        [.. Enumerable.Range(0, Buckets).Select(bucket => TokenKind.All.Where(kind => BucketOf(kind.Prefix, 0) == bucket).ToArray())];

    private readonly WordTable _prefixes;

    internal VendorTokens() => _prefixes = new WordTable([this]);

    internal override string Rule => "token";

    internal override bool LooksAt(TextPlace place) => true;

    internal override IEnumerable<AnchorWord> Words => Exactly([.. ShortestPrefixes(), .. MarkedTokens.Words]);

    internal override bool FindsWithoutWord => true;

    internal override bool MayFind(in TextTraits text) => text.Digits >= MarkedTokens.FewestDigits || text.Tildes > 0;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        MarkedTokens.Find(text, Replacement, found);
        // Most texts have digits, and no prefix.
        if (TextTraits.Of(text, _prefixes).Words != 0)
            FindPrefixes(text, found);
    }

    // sk- stands for sk-ant-, too.
    private static IEnumerable<string> ShortestPrefixes() => TokenKind.All.Select(kind => kind.Prefix)
        .Where(prefix => !TokenKind.All.Any(other => other.Prefix != prefix && prefix.StartsWith(other.Prefix, StringComparison.Ordinal)));

    private void FindPrefixes(ReadOnlySpan<char> text, List<Finding> found)
    {
        Span<Run> runs = stackalloc Run[TokenKind.Alphabets.Length];
        runs.Fill(new Run(-1, -1));
        var isInWord = false;
        for (var at = 0; at < text.Length; at++)
        {
            var wasInWord = isInWord;
            isInWord = char.IsLetterOrDigit(text[at]);
            if (wasInWord || !isInWord || EndOfToken(text, at, runs) is not (> 0 and var end))
                continue;

            found.Add(new Finding(at, end, Replacement));
            isInWord = false;
            at = end - 1;
        }
    }

    private static int EndOfToken(ReadOnlySpan<char> text, int at, Span<Run> runs)
    {
        foreach (var kind in ByBeginning[BucketOf(text, at)])
        {
            if (!text[at..].StartsWith(kind.Prefix, StringComparison.Ordinal))
                continue;

            var start = at + kind.Prefix.Length;
            ref var run = ref runs[kind.Alphabet];
            // The same end as that of the last prefix when this one stands within what was read for it: "sk-sk-sk-…" is read once.
            if (start > run.End)
                run = Read(text, start, kind.Alphabet);

            if (run.End - start >= kind.Least && run.End - start <= kind.Most && (!kind.HasDigit || run.LastDigit >= start)
                && !char.IsLetterOrDigit(At(text, run.End)) && At(text, run.End) != '_')
                return run.End;
        }

        return -1;
    }

    private static int BucketOf(ReadOnlySpan<char> text, int at) => ((text[at] * 31) + At(text, at + 1)) % Buckets;

    private static Run Read(ReadOnlySpan<char> text, int start, int alphabet)
    {
        var rest = text[start..];
        var length = rest.IndexOfAnyExcept(TokenKind.Alphabets[alphabet]) is >= 0 and var end ? end : rest.Length;
        // A sentence may end behind it.
        var read = rest[..length].TrimEnd('.');
        return new Run(start + read.Length, read.LastIndexOfAnyInRange('0', '9') is >= 0 and var digit ? start + digit : -1);
    }

    /// <summary>Characters of an alphabet.</summary>
    /// <param name="End">Behind the last.</param>
    /// <param name="LastDigit">The last digit; -1 when there is none.</param>
    private readonly record struct Run(int End, int LastDigit);
}

namespace ErrorHub.Scrubbing;

/// <summary>Characters without which some detector finds nothing.</summary>
[Flags]
internal enum Anchors
{
    None = 0,
    At = 1,
    Percent = 2,
    Colon = 4,
    Equal = 8,
    Slash = 16,
    Backslash = 32,
    Plus = 64,
    Dash = 128,
    Dot = 256,
    Blank = 512,
    Underscore = 1024,
}

/// <summary>What one pass over a text tells of it, so that only those detectors read it that could find something.</summary>
/// <param name="Found">Anchors in it.</param>
/// <param name="Digits">How many digits it has.</param>
/// <param name="HasKeyword">True when a word stands in it that names a number (<see cref="NearKeyword"/>).</param>
internal readonly record struct TextTraits(Anchors Found, int Digits, bool HasKeyword)
{
    private static readonly Anchors[] Table = MakeTable();

    /// <summary>True when one of these stands in the text.</summary>
    internal bool Has(Anchors anchors) => (Found & anchors) != 0;

    /// <summary>Reads a folded text.</summary>
    internal static TextTraits Of(ReadOnlySpan<char> text)
    {
        var (found, digits, table) = (Anchors.None, 0, Table);
        foreach (var c in text)
        {
            if (c < table.Length)
                found |= table[c];

            digits += char.IsAsciiDigit(c) ? 1 : 0;
        }

        return new TextTraits(found, digits, false);
    }

    private static Anchors[] MakeTable()
    {
        var table = new Anchors[128];
        foreach (var (c, anchor) in (ReadOnlySpan<(char, Anchors)>)
        [
            ('@', Anchors.At), ('%', Anchors.Percent), (':', Anchors.Colon), ('=', Anchors.Equal), ('/', Anchors.Slash), ('\\', Anchors.Backslash),
            ('+', Anchors.Plus), ('-', Anchors.Dash), ('.', Anchors.Dot), (' ', Anchors.Blank), ('_', Anchors.Underscore),
        ])
            table[c] = anchor;

        return table;
    }
}

using ErrorHub.Protocol.Events;

namespace ErrorHub.Scrubbing;

/// <summary>What kind of text a detector looks at: names in a path are no names in prose.</summary>
internal enum TextPlace
{
    /// <summary>Messages, values, bodies: everything is looked for.</summary>
    Prose,

    /// <summary>A line of source. <c>password = "x"</c> is code there as often as it is a secret, so names prove nothing.</summary>
    Source,

    /// <summary>Paths, modules and versions: numbers with dots are no addresses, and <c>react-dom@18.2.x</c> is no mailbox.</summary>
    Path,

    /// <summary>Names of releases, loggers, types and packages: often with a version, and a version looks like an address or a phone number.</summary>
    Name,
}

/// <summary>A piece of text to be replaced.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character after its last.</param>
/// <param name="Replacement">What takes its place.</param>
/// <param name="Rule">The rule; null when the replacement tells it.</param>
/// <param name="Action">What is done: one of <see cref="RemovalAction"/>.</param>
internal readonly record struct Finding(int Start, int End, string Replacement, string? Rule = null, string Action = RemovalAction.Replaced);

/// <summary>Finds one kind of personal data or secret. Linear in the text, and without state.</summary>
/// <remarks>
/// A detector searches its anchor (a character or word that every hit contains) and reads on from there. Text without any anchor
/// costs one pass for all detectors together (<see cref="TextTraits"/>).
/// </remarks>
internal abstract class Detector
{
    /// <summary>The rule's name, which stands in brackets where something was found.</summary>
    internal abstract string Rule { get; }

    /// <summary>What takes the place of a hit.</summary>
    protected string Replacement => field ??= $"[{Rule}]";

    /// <summary>True when it looks at text of this kind.</summary>
    internal virtual bool LooksAt(TextPlace place) => place != TextPlace.Path;

    /// <summary>It looks at a text in which one of these begins a word.</summary>
    internal virtual IEnumerable<AnchorWord> Words => [];

    /// <summary>True when it finds something without any of <see cref="Words"/>, too.</summary>
    internal virtual bool FindsWithoutWord => false;

    /// <summary>False when it finds nothing in a text of which this is known, and which has none of <see cref="Words"/>.</summary>
    internal virtual bool MayFind(in TextTraits text) => false;

    /// <summary>Adds what it finds. The text is folded: see <see cref="Folding"/>.</summary>
    internal abstract void Find(ReadOnlySpan<char> text, List<Finding> found);

    /// <summary>Words in any case.</summary>
    protected static IEnumerable<AnchorWord> InAnyCase(params IEnumerable<string> words) =>
        words.Select(word => new AnchorWord(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>Words as they are.</summary>
    protected static IEnumerable<AnchorWord> Exactly(params IEnumerable<string> words) => words.Select(word => new AnchorWord(word, StringComparison.Ordinal));

    /// <summary>The character before a position; a blank before the first.</summary>
    internal static char Before(ReadOnlySpan<char> text, int at) => at > 0 && at <= text.Length ? text[at - 1] : ' ';

    /// <summary>The character at a position; a blank behind the last.</summary>
    internal static char At(ReadOnlySpan<char> text, int at) => at >= 0 && at < text.Length ? text[at] : ' ';

    /// <summary>The next place of a value from a position on; -1 when there is none.</summary>
    protected static int Next(ReadOnlySpan<char> text, int from, char value) =>
        from < text.Length && text[from..].IndexOf(value) is >= 0 and var at ? from + at : -1;

    /// <summary>The next digit from a position on; -1 when there is none.</summary>
    protected static int NextDigit(ReadOnlySpan<char> text, int from) =>
        from < text.Length && text[from..].IndexOfAnyInRange('0', '9') is >= 0 and var at ? from + at : -1;
}

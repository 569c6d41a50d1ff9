using System.Collections.Frozen;

namespace ErrorHub.Stacks;

/// <summary>
/// A set of names with <c>*</c> for anything: <c>abort</c>, <c>java.*</c>, <c>*.ThrowHelper</c>, <c>*/site-packages/*</c>. Whole names and
/// beginnings, which are nearly all, cost one look-up each; no pattern takes more than linear time.
/// </summary>
internal sealed class NamePatterns
{
    private readonly FrozenDictionary<string, FrameTraits>.AlternateLookup<ReadOnlySpan<char>> _whole;
    private readonly (string Text, bool IsWord, FrameTraits Traits)[]?[] _beginnings = new (string, bool, FrameTraits)[]?[128];
    private readonly (Glob Glob, FrameTraits Traits)[] _others;

    internal NamePatterns(IEnumerable<(string Pattern, FrameTraits Traits)> rules)
    {
        Dictionary<string, FrameTraits> whole = [];
        Dictionary<char, List<(string, bool, FrameTraits)>> beginnings = [];
        List<(Glob, FrameTraits)> others = [];
        foreach (var (pattern, traits) in rules)
        {
            var star = pattern.AsSpan().IndexOfAny('*', '+');
            if (star < 0)
                whole[pattern] = whole.GetValueOrDefault(pattern) | traits;
            else if (star == pattern.Length - 1 && star > 0 && char.IsAscii(pattern[0]))
                (beginnings.TryGetValue(pattern[0], out var list) ? list : beginnings[pattern[0]] = []).Add((pattern[..star], pattern[star] == '+', traits));
            else
                others.Add((new Glob(pattern), traits));
        }

        _whole = whole.ToFrozenDictionary(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var (first, list) in beginnings)
            _beginnings[first] = [.. list];

        _others = [.. others];
        IsEmpty = whole.Count == 0 && beginnings.Count == 0 && _others.Length == 0;
    }

    internal bool IsEmpty { get; }

    /// <summary>The traits of all patterns that match.</summary>
    internal FrameTraits Of(ReadOnlySpan<char> name)
    {
        if (name.IsEmpty || IsEmpty)
            return FrameTraits.None;

        var traits = _whole.TryGetValue(name, out var found) ? found : FrameTraits.None;
        if (name[0] < 128 && _beginnings[name[0]] is { } beginnings)
            foreach (var (text, isWord, given) in beginnings)
                if (name.StartsWith(text, StringComparison.Ordinal) && !(isWord && name.Length > text.Length && GoesOn(name[text.Length])))
                    traits |= given;

        foreach (var (glob, given) in _others)
            if ((traits & given) != given && glob.Matches(name))
                traits |= given;

        return traits;
    }

    /// <summary>True when a word does not end before this character.</summary>
    private static bool GoesOn(char next) => char.IsLower(next) || char.IsDigit(next);
}

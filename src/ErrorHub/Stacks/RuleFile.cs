namespace ErrorHub.Stacks;

/// <summary>
/// A file of rules: a line each, <c>TRAIT FIELD PATTERN PATTERN…</c>, such as <c>noise function raise operator?new*</c>. In a pattern
/// <c>*</c> is anything, <c>?</c> a space, and <c>check+</c> is <c>check</c> as a whole first word: <c>checkOrder</c>, not <c>checkout</c>.
/// A line that starts with <c>#</c> is a comment.
/// </summary>
internal static class RuleFile
{
    internal enum Field
    {
        /// <summary>The function, without what compilers add to it.</summary>
        Function,

        /// <summary>The module, class or namespace, likewise.</summary>
        Module,

        /// <summary>The file, with <c>/</c> between folders.</summary>
        Path,

        /// <summary>The library or program: its file name, or its path with <c>/</c> between folders.</summary>
        Package,
    }

    /// <exception cref="FormatException">A line is no rule; the message has its number.</exception>
    internal static IEnumerable<(Field Field, string Pattern, FrameTraits Traits)> Read(string name, string text)
    {
        foreach (var (index, line) in text.Split('\n').Index())
        {
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            if (words.Length == 0 || words[0].StartsWith('#'))
                continue;

            if (words.Length < 3 || !TryName(words[0], out FrameTraits traits) || !TryName(words[1], out Field field))
                throw new FormatException($"{name}:{index + 1}: '{line.Trim()}' is no rule.");

            for (var i = 2; i < words.Length; i++)
                yield return (field, words[i].Replace('?', ' '), traits);
        }
    }

    private static bool TryName<T>(string word, out T value)
        where T : struct, Enum =>
        Enum.TryParse(word, ignoreCase: true, out value) && Enum.IsDefined(value) && !char.IsAsciiDigit(word[0]);
}

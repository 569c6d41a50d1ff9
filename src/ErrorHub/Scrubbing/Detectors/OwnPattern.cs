using System.Text.RegularExpressions;
using ErrorHub.Scrubbing.Compat;

namespace ErrorHub.Scrubbing.Detectors;

/// <summary>What a project's owner wrote a pattern of. It looks at all texts, source and paths included.</summary>
internal sealed partial class OwnPattern : Detector
{
    private const string Group = "secret";

    private readonly Regex _regex;
    private readonly bool _hasGroup;
    private readonly string _replacement;

    internal OwnPattern(OwnRule rule)
    {
        (Rule, _replacement) = (rule.Name, $"[{rule.Name}]");
        _regex = RegexOf(rule);
        _hasGroup = _regex.GroupNumberFromName(Group) >= 0;
    }

    internal override string Rule { get; }

    /// <summary>What is wrong with a rule; null when it can be used.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="names">The names of those before it.</param>
    internal static string? ProblemOf(OwnRule rule, HashSet<string> names) =>
        !Name().IsMatch(rule.Name) ? "Write name: pattern. A name has 2 to 32 lower-case letters, digits and dashes, and begins with a letter."
        : !names.Add(rule.Name) ? $"There is a rule {rule.Name} already."
        // A key in which it finds something would become the name of a secret, and its value would go the next time.
        : KeyRules.IsSensitive(rule.Name) ? $"{rule.Name} is what secrets are called; choose another name."
        : LinearPattern.Compile(rule.Pattern).Problem;

    /// <summary>The rule in the profile of Sentry.</summary>
    internal static PiiRule.Parts RuleOf(OwnRule rule)
    {
        var regex = RegexOf(rule);
        var group = regex.GroupNumberFromName(Group);
        return new PiiRule.Parts(rule.Name, new Redaction(RedactionMethod.Replace, $"[{rule.Name}]"), new TextMatcher.Pattern(regex, null, Math.Max(0, group)));
    }

    internal override bool LooksAt(TextPlace place) => true;

    internal override bool MayFind(in TextTraits text) => true;

    internal override void Find(ReadOnlySpan<char> text, List<Finding> found)
    {
        if (!_hasGroup)
        {
            foreach (var match in _regex.EnumerateMatches(text))
                Add(text, match.Index, match.Length, found);

            return;
        }

        for (var match = _regex.Match(text.ToString()); match.Success; match = match.NextMatch())
            if (match.Groups[Group] is { Success: true } group)
                Add(text, group.Index, group.Length, found);
    }

    private void Add(ReadOnlySpan<char> text, int start, int length, List<Finding> found)
    {
        if (length > 0 && !IsReplacement(text, start, start + length))
            found.Add(new Finding(start, start + length, _replacement, Rule));
    }

    // What stands for something that is gone is not searched, or a pattern of three digits would never come to rest.
    private bool IsReplacement(ReadOnlySpan<char> text, int start, int end)
    {
        const int Longest = 40;
        var from = Math.Max(0, end - Longest);
        var open = from <= start ? text[from..(start + 1)].LastIndexOf('[') : -1;
        if (open < 0)
            return false;

        var rest = text[(from + open)..Math.Min(text.Length, from + open + Longest)];
        var close = rest.IndexOf(']');
        return close >= 0 && from + open + close + 1 >= end
            && rest[..(close + 1)] is var whole && (whole.SequenceEqual(_replacement) || TextScrubber.IsPlaceholder(whole) || Masks.IsMask(whole.ToString()));
    }

    private static Regex RegexOf(OwnRule rule) =>
        LinearPattern.Compile(rule.Pattern) is { Regex: { } regex } compiled ? regex : throw new ArgumentException("The pattern cannot be used.", nameof(rule));

    [GeneratedRegex("^[a-z][a-z0-9-]{1,31}\\z")]
    private static partial Regex Name();
}

using System.Text.RegularExpressions;
using ErrorHub.Scrubbing;

namespace ErrorHub.Privacy;

/// <summary>
/// Something that looks like personal data or a secret and that ingest lets through, because too often it is none: these are wider than
/// the rules that remove, and only point at a place for people to judge.
/// </summary>
/// <param name="Rule">Its name, which a rule that is proposed takes over.</param>
/// <param name="What">What it looks like, for people.</param>
/// <param name="Pattern">What it looks for.</param>
internal sealed record LeakDetector(string Rule, string What, string Pattern)
{
    private const string Person = @"patient(?:in)?|customer|employee|person|kunde|kundin|cliente|mr|mrs|ms|miss|dr|herr|frau|mme";

    private const string Date = @"(?:(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d)";

    private readonly Regex _regex = LinearPattern.Compile(Pattern).Regex ?? throw new ArgumentException($"The pattern of {Rule} cannot be used.", nameof(Pattern));

    /// <summary>True when a rule with the same pattern can be proposed; false when what follows the pattern is what tells.</summary>
    public bool IsRule { get; private init; } = true;

    /// <summary>A last word about a match; null for none.</summary>
    private Func<string, bool>? IsReal { get; init; }

    /// <summary>All.</summary>
    public static IReadOnlyList<LeakDetector> All { get; } =
    [
        new("checked-number", "a number whose check digit is right", @"\b\d(?:[ -]?\d){11,18}\b") { IsReal = IsCheckedNumber },
        new("random-token", "letters and digits at random, as in a key", @"[A-Za-z0-9_+-]{24,}={0,2}") { IsReal = IsRandom, IsRule = false },
        new("mailbox", "something like an e-mail address", @"(?i)\b[a-z0-9][\w.+-]*\w(?:@| ?\(at\) ?| ?\[at\] ?)[a-z][\w-]*\w"),
        new("person-name", "a name behind a word for a person", $@"(?i:\b(?:{Person})\b)[.:=]? {{0,2}}(?i:is |named |name[:=]? ?)?[""']?(?<secret>\p{{Lu}}[\p{{L}}'’-]+,? \p{{Lu}}[\p{{L}}'’-]+)"),
        new("person-date", "a date near a word for a person", $@"(?i)\b(?:{Person}|born|geboren|né|née|nato|nacido)\b[^\n;]{{0,40}}?(?<secret>\b{Date}\b)"),
        new("person-number", "a number behind a word for a person", $@"(?i)\b(?:{Person})(?:[ _-]?(?:id|no|nr|number|nummer))?\b[.:=# ]{{0,3}}(?<secret>\d{{6,12}}\b)"),
    ];

    /// <summary>The detector of this name; null when there is none.</summary>
    public static LeakDetector? Named(string rule) => All.FirstOrDefault(d => d.Rule == rule);

    /// <summary>True when a text has something of the kind.</summary>
    public bool Finds(string text)
    {
        for (var match = _regex.Match(text); match.Success; match = match.NextMatch())
            if (IsReal is not { } isReal || isReal(match.Value))
                return true;

        return false;
    }

    // Times since 1970 in milli-, micro- and nanoseconds begin with 1, and every tenth of them is right by chance.
    private static bool IsCheckedNumber(string text)
    {
        var digits = string.Concat(text.Where(char.IsAsciiDigit));
        return digits is not (['1', ..] or ['0', ..]) && digits.Distinct().Count() > 2 && CheckDigits.Luhn(digits);
    }

    // Identifiers repeat letters and have few digits, hashes and ids have no upper-case letters.
    private static bool IsRandom(string text)
    {
        if (text.Count(char.IsAsciiDigit) < 3 || text.Count(char.IsAsciiLetterUpper) < 3 || text.Count(char.IsAsciiLetterLower) < 3)
            return false;

        var bits = text.GroupBy(c => c).Sum(g => -(double)g.Count() / text.Length * Math.Log2((double)g.Count() / text.Length));
        return bits >= 3.9;
    }
}

namespace ErrorHub.Grouping.Rules;

/// <summary>Reads a project's rules, a line each: matchers, then what to do. A line that begins with <c>#</c> is a comment.</summary>
internal static class RuleParser
{
    private const int MaxRules = 200;
    private const int MaxLine = 1_000;
    private const int MaxParts = 20;
    private const int MaxTitle = 256;

    internal static (List<GroupingRule> Rules, List<RuleProblem> Problems) Read(string text)
    {
        List<GroupingRule> rules = [];
        List<RuleProblem> problems = [];
        foreach (var (index, line) in text.ReplaceLineEndings("\n").Split('\n').Index())
        {
            var trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#')
                continue;

            try
            {
                rules.Add(ReadLine(index + 1, trimmed));
            }
            catch (FormatException e)
            {
                problems.Add(new(index + 1, $"{e.Message}."));
            }
        }

        if (rules.Count > MaxRules)
            problems.Add(new(rules[MaxRules].Line, $"there are more than {MaxRules} rules; join or remove some."));

        return (rules, problems);
    }

    private static GroupingRule ReadLine(int number, string line)
    {
        if (line.Length > MaxLine)
            throw new FormatException($"a rule has at most {MaxLine} characters");

        var words = RuleTokens.Of(line);
        var arrow = words.IndexOf("->");
        return arrow < 0 ? Frames(number, line, words) : Fingerprint(number, line, words[..arrow], words[(arrow + 1)..]);
    }

    private static GroupingRule Frames(int number, string line, List<string> words)
    {
        var first = words.FindIndex(IsAction);
        if (first < 0)
            first = words.Count;

        var matchers = Matchers(words[..first]);
        bool? inApp = null;
        var action = FrameAction.None;
        foreach (var word in words[first..])
        {
            if (word is "+app" or "-app")
                inApp = word == "+app";
            else
                action = word switch
                {
                    "+group" => FrameAction.Counts,
                    "-group" => FrameAction.LeftOut,
                    "fold" => FrameAction.Fold,
                    _ => throw new FormatException($"'{word}' stands behind an action; matchers come first, and actions are +app, -app, +group, -group, fold"),
                };
        }

        if (inApp is null && action == FrameAction.None)
            throw new FormatException("it does nothing; end it with +app, -app, +group, -group, fold, or -> and a fingerprint");

        if (matchers.Exists(m => m.IsOfFrame))
            return new(number, line, matchers, inApp, action, null, null);

        if (action != FrameAction.Fold || inApp is not null)
            throw new FormatException("it says what to do with frames and not with which; add function:, module:, path:, package: or app:");

        if (!matchers.Exists(m => m.Field == MatchField.Type))
            throw new FormatException("it folds frames or exceptions and names neither; add function:, module: or type:");

        return new(number, line, matchers, null, action, null, null);
    }

    private static GroupingRule Fingerprint(int number, string line, List<string> left, List<string> right)
    {
        var title = right.FindIndex(word => word.StartsWith("title=", StringComparison.Ordinal));
        var parts = title < 0 ? right : right[..title];
        if (title >= 0 && title < right.Count - 1)
            throw new FormatException("the title comes last: -> name title=\"Name\"");

        if (parts.Count is 0 or > MaxParts)
            throw new FormatException($"a fingerprint has 1 to {MaxParts} parts, such as -> db-timeout, {{{{ default }}}}");

        if (left.Find(IsAction) is { } action)
            throw new FormatException($"'{action}' is about frames; write it on a line of its own");

        var text = title < 0 ? null : right[title]["title=".Length..];
        if (text is { Length: 0 or > MaxTitle })
            throw new FormatException($"a title has 1 to {MaxTitle} characters");

        foreach (var part in text is null ? parts : [.. parts, text])
        {
            if (!Fingerprints.IsDefault(part) && Fingerprints.HasDefault(part))
                throw new FormatException("{{ default }} is a part of its own: -> {{ default }}, more");

            if (Fingerprints.UnknownVariable(part) is { } unknown)
                throw new FormatException($"there is no variable '{unknown}'; there are default, type, value, message, function, module, path, package, transaction, level, logger, tags.NAME");
        }

        return new(number, line, Matchers(left), null, FrameAction.None, parts, text);
    }

    private static List<Matcher> Matchers(List<string> words)
    {
        if (words.Count == 0)
            throw new FormatException("it says nothing of which events it is for; begin it with a matcher such as type:*Timeout*");

        return words.ConvertAll(Matcher.Read);
    }

    private static bool IsAction(string word) => word is "+app" or "-app" or "+group" or "-group" or "fold";
}

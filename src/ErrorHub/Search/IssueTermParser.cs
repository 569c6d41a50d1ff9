using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ErrorHub.Issues;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Search;

/// <summary>What each key means and which values it takes.</summary>
internal static class IssueTermParser
{
    private static readonly Dictionary<string, IssueState> States = new(StringComparer.OrdinalIgnoreCase)
    {
        ["unresolved"] = IssueState.Unresolved,
        ["resolved"] = IssueState.Resolved,
        ["archived"] = IssueState.Archived,
        ["ignored"] = IssueState.Archived,
        ["for_review"] = IssueState.ForReview,
        ["new"] = IssueState.New,
        ["ongoing"] = IssueState.Ongoing,
        ["regressed"] = IssueState.Regressed,
        ["escalating"] = IssueState.Escalating,
        ["assigned"] = IssueState.Assigned,
        ["unassigned"] = IssueState.Unassigned,
    };

    private static readonly Dictionary<string, SentryLevel> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["debug"] = SentryLevel.Debug,
        ["info"] = SentryLevel.Info,
        ["warning"] = SentryLevel.Warning,
        ["error"] = SentryLevel.Error,
        ["fatal"] = SentryLevel.Fatal,
    };

    private static readonly Dictionary<string, IssueColumn> Columns = new(StringComparer.OrdinalIgnoreCase)
    {
        ["title"] = IssueColumn.Title,
        ["message"] = IssueColumn.Value,
        ["culprit"] = IssueColumn.Culprit,
        ["platform"] = IssueColumn.Platform,
        ["logger"] = IssueColumn.Logger,
        ["error.type"] = IssueColumn.Type,
        ["error.value"] = IssueColumn.Value,
    };

    public static bool TryParse(
        QueryToken token, [NotNullWhen(true)] out IssueTerm? term, [NotNullWhen(false)] out IssueQueryError? error)
    {
        string? problem = null;
        term = token.Key is null ? Word(token.Values[0]) : Keyed(token.Key, token.Values, out problem);
        term = term is null ? null : term with { Negated = term.Negated ^ token.Negated };
        error = term is null ? new IssueQueryError(token.Values[0].Position, problem!) : null;
        return term is not null;
    }

    // Words are looked for anywhere, so a star at their ends says nothing more.
    private static IssueTerm.Text Word(QueryWord word) =>
        new(new TextPattern(word.Quoted ? word.Text : word.Text.Trim('*'), OpenStart: true, OpenEnd: true));

    private static IssueTerm? Keyed(string key, IReadOnlyList<QueryWord> values, out string? problem)
    {
        problem = null;
        if (Columns.TryGetValue(key, out var column))
            return new IssueTerm.Column(column, [.. values.Select(TextPattern.Of)]);

        if (key.Equals("level", StringComparison.OrdinalIgnoreCase))
            return Level(values, out problem);

        if (key.Equals("project", StringComparison.OrdinalIgnoreCase))
            return new IssueTerm.Project([.. values.Select(value => value.Text)]);

        if (SingleValued(key) is { } read)
        {
            if (values.Count == 1)
                return read(values[0].Text, out problem);

            problem = $"{key}: takes one value.";
            return null;
        }

        return Tag(key, values);
    }

    private delegate IssueTerm? ReadValue(string value, out string? problem);

    private static ReadValue? SingleValued(string key) => key.ToLowerInvariant() switch
    {
        "is" => Is,
        "has" => Has,
        "assigned" => Assigned,
        "issue" => ShortId,
        "lastseen" => (string value, out string? problem) => Seen(first: false, value, out problem),
        "firstseen" or "age" => (string value, out string? problem) => Seen(first: true, value, out problem),
        "timesseen" => TimesSeen,
        "error.handled" => (string value, out string? problem) => Handled(value, negated: false, out problem),
        "error.unhandled" => (string value, out string? problem) => Handled(value, negated: true, out problem),
        _ => null,
    };

    private static IssueTerm.Is? Is(string value, out string? problem)
    {
        problem = $"is:{value} is not known. Write is: with one of {string.Join(", ", States.Keys)}.";
        return States.TryGetValue(value, out var state) ? new IssueTerm.Is(state) : null;
    }

    private static IssueTerm.Tag Has(string value, out string? problem)
    {
        problem = null;
        return new IssueTerm.Tag(value, []);
    }

    private static IssueTerm.Level? Level(IReadOnlyList<QueryWord> values, out string? problem)
    {
        problem = null;
        var levels = new List<SentryLevel>();
        foreach (var value in values)
        {
            if (!Levels.TryGetValue(value.Text, out var level))
            {
                problem = $"level:{value.Text} is not known. Write level: with one of {string.Join(", ", Levels.Keys)}.";
                return null;
            }

            levels.Add(level);
        }

        return new IssueTerm.Level(levels);
    }

    private static IssueTerm.Assigned? Assigned(string value, out string? problem)
    {
        problem = $"assigned:{value} is not known. Write assigned:me, assigned:none or an e-mail address.";
        return value switch
        {
            "me" => new IssueTerm.Assigned(Assignee.Me, null),
            "none" or "" => new IssueTerm.Assigned(Assignee.Nobody, null),
            _ when value.Contains('@', StringComparison.Ordinal) => new IssueTerm.Assigned(Assignee.Email, value),
            _ => null,
        };
    }

    private static IssueTerm.ShortId? ShortId(string value, out string? problem)
    {
        problem = $"issue:{value} is not known. Write a short id such as issue:SHOP-12.";
        return IssueShortId.TryParse(value, out var slug, out var number) ? new IssueTerm.ShortId(slug, number) : null;
    }

    private static IssueTerm.Seen? Seen(bool first, string value, out string? problem)
    {
        problem = "Write a distance such as -24h (within) or +7d (before that), or a day such as >2026-01-31.";
        return TimeBoundParser.TryParse(value, out var bound) ? new IssueTerm.Seen(first, bound) : null;
    }

    private static IssueTerm.TimesSeen? TimesSeen(string value, out string? problem)
    {
        problem = "Write a number such as timesSeen:>100.";
        var (comparison, rest) = ReadComparison(value);
        return long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new IssueTerm.TimesSeen(comparison, count)
            : null;
    }

    private static IssueTerm.Handled? Handled(string value, bool negated, out string? problem)
    {
        problem = "Write true or false.";
        return value.ToLowerInvariant() switch
        {
            "true" or "1" or "yes" => new IssueTerm.Handled(!negated),
            "false" or "0" or "no" => new IssueTerm.Handled(negated),
            _ => null,
        };
    }

    // key:* asks for any value, key:"" for none.
    private static IssueTerm.Tag Tag(string key, IReadOnlyList<QueryWord> values)
    {
        if (values is [{ Text: "" }])
            return new IssueTerm.Tag(key, []) { Negated = true };

        var patterns = values.Select(TextPattern.Of).ToList();
        return new IssueTerm.Tag(key, patterns.Exists(pattern => pattern.IsAnything) ? [] : patterns);
    }

    internal static (Comparison Comparison, string Operand) ReadComparison(string value) => value switch
    {
        ['>', '=', .. var rest] => (Comparison.GreaterOrEqual, rest),
        ['<', '=', .. var rest] => (Comparison.LessOrEqual, rest),
        ['>', .. var rest] => (Comparison.Greater, rest),
        ['<', .. var rest] => (Comparison.Less, rest),
        _ => (Comparison.Equal, value),
    };
}

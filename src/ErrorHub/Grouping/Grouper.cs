using ErrorHub.Grouping.Rules;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping;

/// <summary>
/// Decides which issue an event belongs to. Identity is the type of the root cause and the first frame of the app; without app
/// frames the top ones that mean something; without frames the message with its variable parts taken out. docs/grouping.md tells more.
/// </summary>
/// <remarks>
/// "Type and top app frame" splits far fewer bugs than "all app frames" and merges few (docs/grouping.md has the figures).
/// Line numbers, absolute paths and raw messages are no part of it: they change while the bug stays.
/// </remarks>
public static class Grouper
{
    /// <summary>Version of this algorithm and its rules; any change that gives another hash needs another number.</summary>
    public const short Version = 2;

    /// <summary>The identity of a normalised event. Pure: equal events give equal results in every process.</summary>
    /// <param name="e">The event.</param>
    /// <param name="rules">The project's own rules; null for none.</param>
    public static GroupingResult GroupingOf(SentryEvent e, GroupingRules? rules = null)
    {
        var marks = MarksOf(e, rules);
        var identity = Identity.Of(e, marks);
        List<string> why = new(identity.Components.Count + 1);
        foreach (var component in identity.Components)
            why.Add($"{component.Kind}: {component.Value}");

        if (marks.Fingerprint is { } rule)
            why.Add($"rule: {rule.Text}");

        return new GroupingResult(
            new IssueHash(ComponentHash.Of("identity", Version, identity.Components), Version), identity.Variant, why,
            marks.Fingerprint?.Title is { } title ? Fingerprints.Fill(title, e) : null);
    }

    /// <summary>All hashes of a normalised event.</summary>
    /// <inheritdoc cref="GroupingOf" path="/param"/>
    public static GroupingHashes HashesOf(SentryEvent e, GroupingRules? rules = null) => HashesOf(Identity.Of(e, MarksOf(e, rules)));

    /// <summary>How an event reached its fault, computed when people or a split ask.</summary>
    /// <inheritdoc cref="GroupingOf" path="/param"/>
    public static CallPath CallPathOf(SentryEvent e, GroupingRules? rules = null)
    {
        var strict = Identity.Of(e, MarksOf(e, rules)).Strict();
        return new CallPath(new IssueHash(ComponentHash.Of("strict", Version, strict), Version), strict.ConvertAll(part => part.Value));
    }

    /// <summary>How an event is grouped, part by part: for people, computed when they ask.</summary>
    /// <inheritdoc cref="GroupingOf" path="/param"/>
    public static GroupingExplanation Explain(SentryEvent e, GroupingRules? rules = null)
    {
        var marks = MarksOf(e, rules);
        var identity = Identity.Of(e, marks);
        return new GroupingExplanation(HashesOf(identity), identity.Variant, Explanation.Of(e, identity, marks));
    }

    private static RuleMarks MarksOf(SentryEvent e, GroupingRules? rules) => rules?.MarksOf(e) ?? RuleMarks.None;

    private static GroupingHashes HashesOf(Identity identity) => new(
        new IssueHash(ComponentHash.Of("identity", Version, identity.Components), Version),
        new IssueHash(ComponentHash.Of("strict", Version, identity.Strict()), Version),
        new IssueHash(ComponentHash.Of("family", Version, identity.Family()), Version));
}

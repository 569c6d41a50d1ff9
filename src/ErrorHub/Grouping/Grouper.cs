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
    public static GroupingResult GroupingOf(SentryEvent e)
    {
        var identity = Identity.Of(e);
        var why = new string[identity.Components.Count];
        for (var i = 0; i < why.Length; i++)
            why[i] = $"{identity.Components[i].Kind}: {identity.Components[i].Value}";

        return new GroupingResult(new IssueHash(ComponentHash.Of("identity", Version, identity.Components), Version), identity.Variant, why);
    }

    /// <summary>All hashes of a normalised event.</summary>
    public static GroupingHashes HashesOf(SentryEvent e) => HashesOf(Identity.Of(e));

    /// <summary>How an event reached its fault, computed when people or a split ask.</summary>
    public static CallPath CallPathOf(SentryEvent e)
    {
        var strict = Identity.Of(e).Strict();
        return new CallPath(new IssueHash(ComponentHash.Of("strict", Version, strict), Version), strict.ConvertAll(part => part.Value));
    }

    /// <summary>How an event is grouped, part by part: for people, computed when they ask.</summary>
    public static GroupingExplanation Explain(SentryEvent e)
    {
        var identity = Identity.Of(e);
        return new GroupingExplanation(HashesOf(identity), identity.Variant, Explanation.Of(e, identity));
    }

    private static GroupingHashes HashesOf(Identity identity) => new(
        new IssueHash(ComponentHash.Of("identity", Version, identity.Components), Version),
        new IssueHash(ComponentHash.Of("strict", Version, identity.Strict()), Version),
        new IssueHash(ComponentHash.Of("family", Version, identity.Family()), Version));
}

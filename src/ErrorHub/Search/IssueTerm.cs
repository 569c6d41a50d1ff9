using ErrorHub.Protocol.Events;

namespace ErrorHub.Search;

/// <summary>One condition of a query, its values already understood.</summary>
internal abstract record IssueTerm
{
    /// <summary>True when it must not hold.</summary>
    public bool Negated { get; init; }

    /// <summary>A word in title, value or culprit.</summary>
    public sealed record Text(TextPattern Pattern) : IssueTerm;

    /// <summary><c>is:</c>.</summary>
    public sealed record Is(IssueState State) : IssueTerm;

    /// <summary><c>level:</c>.</summary>
    public sealed record Level(IReadOnlyList<SentryLevel> Levels) : IssueTerm;

    /// <summary><c>assigned:</c>; null for nobody.</summary>
    public sealed record Assigned(Assignee Who, string? Email) : IssueTerm;

    /// <summary><c>firstSeen:</c> and <c>lastSeen:</c>.</summary>
    public sealed record Seen(bool First, TimeBound Bound) : IssueTerm;

    /// <summary><c>timesSeen:</c>.</summary>
    public sealed record TimesSeen(Comparison Comparison, long Count) : IssueTerm;

    /// <summary><c>error.handled:</c>.</summary>
    public sealed record Handled(bool Value) : IssueTerm;

    /// <summary>A column of the issue that holds text: <c>platform:</c>, <c>error.type:</c>, <c>logger:</c> …</summary>
    public sealed record Column(IssueColumn Name, IReadOnlyList<TextPattern> Patterns) : IssueTerm;

    /// <summary><c>project:</c>, by slug.</summary>
    public sealed record Project(IReadOnlyList<string> Slugs) : IssueTerm;

    /// <summary><c>issue:</c>, by short id.</summary>
    public sealed record ShortId(string ProjectSlug, long Number) : IssueTerm;

    /// <summary>A tag with one of these values; without patterns, the tag with any value.</summary>
    public sealed record Tag(string Key, IReadOnlyList<TextPattern> Patterns) : IssueTerm;
}

/// <summary>What <c>is:</c> can ask for.</summary>
internal enum IssueState
{
    Unresolved,
    Resolved,
    Archived,

    /// <summary>New or regressed: nobody has looked yet.</summary>
    ForReview,
    New,
    Ongoing,
    Regressed,
    Escalating,
    Assigned,
    Unassigned,
}

/// <summary>What <c>assigned:</c> can ask for.</summary>
internal enum Assignee
{
    Me,
    Nobody,
    Email,
}

/// <summary>Columns that terms compare as text.</summary>
internal enum IssueColumn
{
    Title,
    Type,
    Value,
    Culprit,
    Platform,
    Logger,
}

/// <summary>How a number is compared.</summary>
internal enum Comparison
{
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
}

/// <summary>A range of time: a bound is a moment, or a distance back from now. From is included, Until is not.</summary>
internal sealed record TimeBound
{
    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? Until { get; init; }

    public TimeSpan? FromAgo { get; init; }

    public TimeSpan? UntilAgo { get; init; }

    /// <summary>The range as moments.</summary>
    public (DateTimeOffset? From, DateTimeOffset? Until) At(DateTimeOffset now) =>
        (FromAgo is { } from ? now - from : From, UntilAgo is { } until ? now - until : Until);
}

using ErrorHub.Grouping.Frames;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping.Rules;

/// <summary>What a rule does to a frame.</summary>
internal enum FrameAction : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It counts, whatever other rules say.</summary>
    Counts,

    /// <summary>It does not count.</summary>
    LeftOut,

    /// <summary>It throws for its caller: at the top of a stack it does not count.</summary>
    Fold,
}

/// <summary>One line of a project's rules.</summary>
/// <param name="Line">The line, from 1.</param>
/// <param name="Text">As it was written.</param>
/// <param name="Matchers">All must match.</param>
/// <param name="InApp">What it makes of frames; null for nothing.</param>
/// <param name="Action">Likewise. <see cref="FrameAction.Fold"/> without a matcher of frames folds exceptions.</param>
/// <param name="Fingerprint">What takes the place of the event's identity; null for nothing.</param>
/// <param name="Title">Title of the event; null for its own.</param>
internal sealed record GroupingRule(
    int Line, string Text, IReadOnlyList<Matcher> Matchers, bool? InApp, FrameAction Action, IReadOnlyList<string>? Fingerprint, string? Title)
{
    private readonly Matcher[] _ofEvent = [.. Matchers.Where(m => !m.IsOfFrame && !m.IsOfException)];
    private readonly Matcher[] _ofException = [.. Matchers.Where(m => m.IsOfException)];
    private readonly Matcher[] _ofFrame = [.. Matchers.Where(m => m.IsOfFrame)];

    /// <summary>True when it is about frames.</summary>
    internal bool IsOfFrames => Fingerprint is null && _ofFrame.Length > 0;

    /// <summary>Whether the event as a whole, and one of its exceptions, are what the rule is about.</summary>
    internal bool MatchesEvent(SentryEvent e) =>
        Array.TrueForAll(_ofEvent, m => m.Matches(e)) && (_ofException.Length == 0 || e.Exceptions.Exists(MatchesException));

    internal bool MatchesException(SentryException exception) => Array.TrueForAll(_ofException, m => m.Matches(exception));

    internal bool MatchesFrame(SentryStackFrame frame, FrameName name, bool? inApp) => Array.TrueForAll(_ofFrame, m => m.Matches(frame, name, inApp));
}

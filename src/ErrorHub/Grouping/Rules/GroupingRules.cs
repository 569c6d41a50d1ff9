using ErrorHub.Grouping.Frames;
using ErrorHub.Protocol.Events;
using ErrorHub.Stacks;

namespace ErrorHub.Grouping.Rules;

/// <summary>
/// A project's own rules of grouping: which frames are its own or count, which exceptions only wrap others, and what makes certain events
/// one issue. Matched in time linear in the event. docs/grouping.md has the language.
/// </summary>
public sealed class GroupingRules
{
    /// <summary>Most characters of a project's rules.</summary>
    public const int MaxText = 20_000;

    // More than any stack that a person reads; hostile events have tens of thousands.
    private const int MaxFrames = 2_000;

    /// <summary>No rules.</summary>
    public static readonly GroupingRules None = new("", []);

    private readonly GroupingRule[] _frames, _folds, _fingerprints;

    private GroupingRules(string text, List<GroupingRule> rules)
    {
        Text = text;
        _frames = [.. rules.Where(r => r.IsOfFrames)];
        _fingerprints = [.. rules.Where(r => r.Fingerprint is not null)];
        _folds = [.. rules.Where(r => r is { IsOfFrames: false, Fingerprint: null })];
    }

    /// <summary>As they were written.</summary>
    public string Text { get; }

    private bool IsEmpty => _frames.Length == 0 && _folds.Length == 0 && _fingerprints.Length == 0;

    /// <summary>Reads rules.</summary>
    /// <param name="text">A rule a line; null or blank for none.</param>
    /// <param name="problems">What is wrong with them, by line; empty when nothing is.</param>
    /// <returns>The rules; <see cref="None"/> when something is wrong.</returns>
    public static GroupingRules Read(string? text, out IReadOnlyList<RuleProblem> problems)
    {
        problems = [];
        if (string.IsNullOrWhiteSpace(text))
            return None;

        if (text.Length > MaxText)
        {
            problems = [new(1, $"the rules have more than {MaxText:N0} characters.")];
            return None;
        }

        var (rules, wrong) = RuleParser.Read(text);
        problems = wrong;
        return wrong.Count > 0 ? None : new(text, rules);
    }

    /// <summary>Shows an event as these rules see it: sets <c>in_app</c> of the frames they judge.</summary>
    public void MarkFrames(SentryEvent e)
    {
        if (_frames.Length == 0)
            return;

        var marks = MarksOf(e);
        foreach (var frame in FramesOf(e).Take(MaxFrames))
            if (marks.Of(frame).InApp is { } inApp)
                frame.InApp = inApp;
    }

    /// <summary>What these rules say of an event.</summary>
    internal RuleMarks MarksOf(SentryEvent e)
    {
        if (IsEmpty)
            return RuleMarks.None;

        var marks = new RuleMarks();
        foreach (var rule in _folds)
            if (rule.MatchesEvent(e))
                foreach (var exception in e.Exceptions)
                    if (rule.MatchesException(exception))
                        marks.Fold(exception, rule.Line);

        // Names are read once, and only when a rule asks for them.
        var named = new Lazy<List<(SentryStackFrame Frame, FrameName Name)>>(
            () => [.. FramesOf(e).Take(MaxFrames).Select(frame => (frame, NameOf(frame, e.Platform)))]);
        if (Array.FindAll(_frames, rule => rule.MatchesEvent(e)) is { Length: > 0 } rules)
            foreach (var (frame, name) in named.Value)
                Mark(frame, name, rules, marks);

        marks.Fingerprint = Array.Find(_fingerprints, rule => rule.MatchesEvent(e) && (!rule.Matchers.Any(m => m.IsOfFrame)
            || named.Value.Exists(f => rule.MatchesFrame(f.Frame, f.Name, marks.Of(f.Frame).InApp ?? f.Frame.InApp))));
        return marks;
    }

    // The last rule wins, as in a style sheet.
    private static void Mark(SentryStackFrame frame, FrameName name, GroupingRule[] rules, RuleMarks marks)
    {
        var mark = default(FrameMark);
        foreach (var rule in rules)
            if (rule.MatchesFrame(frame, name, mark.InApp ?? frame.InApp))
                mark = new(rule.InApp ?? mark.InApp, rule.Action == FrameAction.None ? mark.Action : rule.Action, rule.Line);

        if (mark.Line > 0)
            marks.Set(frame, mark);
    }

    private static FrameName NameOf(SentryStackFrame frame, string platform) => FrameName.Of(frame, FrameKinds.Of(frame.Platform ?? platform));

    private static IEnumerable<SentryStackFrame> FramesOf(SentryEvent e)
    {
        foreach (var exception in e.Exceptions)
            foreach (var frame in exception.StackTrace?.Frames ?? [])
                yield return frame;

        foreach (var frame in e.StackTrace?.Frames ?? [])
            yield return frame;

        foreach (var thread in e.Threads)
            foreach (var frame in thread.StackTrace?.Frames ?? [])
                yield return frame;
    }
}

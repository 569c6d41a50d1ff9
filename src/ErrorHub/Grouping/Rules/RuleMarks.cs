using ErrorHub.Protocol.Events;

namespace ErrorHub.Grouping.Rules;

/// <summary>What a project's rules say of a frame.</summary>
/// <param name="InApp">Whether it is the app's; null for nothing.</param>
/// <param name="Action">Whether it counts.</param>
/// <param name="Line">The rule that said so last.</param>
internal readonly record struct FrameMark(bool? InApp, FrameAction Action, int Line);

/// <summary>What a project's rules say of one event. The event itself stays as it was sent, so that other rules can be tried on it.</summary>
internal sealed class RuleMarks
{
    /// <summary>Rules that say nothing.</summary>
    internal static readonly RuleMarks None = new();

    private readonly Dictionary<SentryStackFrame, FrameMark> _frames = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<SentryException, int> _folded = new(ReferenceEqualityComparer.Instance);

    /// <summary>The rule that gives the fingerprint; null for none.</summary>
    internal GroupingRule? Fingerprint { get; set; }

    internal FrameMark Of(SentryStackFrame frame) => _frames.GetValueOrDefault(frame);

    /// <summary>The line of the rule that folds an exception; null when none does.</summary>
    internal int? FoldedBy(SentryException exception) => _folded.TryGetValue(exception, out var line) ? line : null;

    /// <summary>The exceptions that count of these: those not folded, or all when every one of them is.</summary>
    internal List<SentryException> Unfolded(List<SentryException> exceptions) =>
        _folded.Count > 0 && exceptions.FindAll(x => !_folded.ContainsKey(x)) is { Count: > 0 } left ? left : exceptions;

    internal void Set(SentryStackFrame frame, FrameMark mark) => _frames[frame] = mark;

    internal void Fold(SentryException exception, int line) => _folded.TryAdd(exception, line);
}

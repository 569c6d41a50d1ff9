using ErrorHub.Protocol.Events;

namespace ErrorHub.Web.Events;

/// <summary>Frames that are shown together.</summary>
/// <param name="Frames">The frames, crash site first.</param>
/// <param name="IsFolded">True for other people's code, shown as one line that says how many.</param>
internal sealed record FrameRun(IReadOnlyList<SentryStackFrame> Frames, bool IsFolded)
{
    /// <summary>
    /// The stack with the crash site first, neighbouring frames of frameworks folded. When no frame is the app's own there is
    /// nothing to bring out by folding, and all are shown.
    /// </summary>
    public static IReadOnlyList<FrameRun> Of(SentryStackTrace stack)
    {
        if (!stack.Frames.Any(IsOwn))
            return stack.Frames.Count == 0 ? [] : [new FrameRun([.. Enumerable.Reverse(stack.Frames)], false)];

        var runs = new List<FrameRun>();
        var run = new List<SentryStackFrame>();
        foreach (var frame in Enumerable.Reverse(stack.Frames))
        {
            if (run.Count > 0 && IsOwn(run[0]) != IsOwn(frame))
            {
                runs.Add(new FrameRun(run, !IsOwn(run[0])));
                run = [];
            }

            run.Add(frame);
        }

        runs.Add(new FrameRun(run, !IsOwn(run[0])));
        return runs;
    }

    // Null means that the SDK did not say, which is not "yes" (protocol.md 7.2).
    private static bool IsOwn(SentryStackFrame frame) => frame.InApp == true;
}

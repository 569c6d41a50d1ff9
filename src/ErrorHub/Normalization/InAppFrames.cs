using ErrorHub.Protocol.Events;
using ErrorHub.Stacks;

namespace ErrorHub.Normalization;

/// <summary>
/// Marks frames of runtimes and well-known frameworks as not the app's, where the SDK did not say. It never marks one as the
/// app's: that only the SDK knows, and unknown is a state of its own.
/// </summary>
internal static class InAppFrames
{
    internal static void Mark(SentryEvent e)
    {
        foreach (var exception in e.Exceptions)
            Mark(exception.StackTrace, e.Platform);

        Mark(e.StackTrace, e.Platform);
        foreach (var thread in e.Threads)
            Mark(thread.StackTrace, e.Platform);
    }

    private static void Mark(SentryStackTrace? stack, string platform)
    {
        foreach (var frame in stack?.Frames ?? [])
            if (frame.InApp is null && StackRules.For(FrameKinds.Of(frame.Platform ?? platform)).IsLibrary(frame))
                frame.InApp = false;
    }
}

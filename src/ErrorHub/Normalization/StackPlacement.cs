using ErrorHub.Protocol.Events;

namespace ErrorHub.Normalization;

/// <summary>Puts each stack where it belongs: on the exception that was thrown there, or on the event for a message.</summary>
internal static class StackPlacement
{
    internal static void Apply(SentryEvent e)
    {
        DropCarriers(e);
        if (e.Exceptions is not [{ StackTrace: null } only])
            return;

        if (e.StackTrace is { } legacy)
        {
            (only.StackTrace, e.StackTrace) = (legacy, null);
        }
        else if (e.Threads.Where(t => t is { Crashed: true, StackTrace: not null }).Take(2).ToList() is [{ } crashed])
        {
            (only.StackTrace, crashed.StackTrace) = (crashed.StackTrace, null);
            only.ThreadId ??= crashed.Id;
        }
    }

    /// <summary>
    /// @sentry/node and @sentry/browser 11 attach an exception without type and value to every captureMessage, only to carry a
    /// stack. Beside a message it is none.
    /// </summary>
    private static void DropCarriers(SentryEvent e)
    {
        if (e.Message?.Text is not { Length: > 0 } || e.Exceptions.Count == 0 || !e.Exceptions.TrueForAll(IsCarrier))
            return;

        e.StackTrace ??= e.Exceptions[^1].StackTrace;
        e.Exceptions = [];
    }

    private static bool IsCarrier(SentryException exception) =>
        string.IsNullOrEmpty(exception.Type) && string.IsNullOrEmpty(exception.Value);
}

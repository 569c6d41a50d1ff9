using ErrorHub.Protocol.Events;

namespace ErrorHub.Normalization;

/// <summary>Makes the event that a native crash report stands for when no event comes with it (protocol.md section 5).</summary>
public static class CrashReportEvent
{
    /// <summary>The event.</summary>
    /// <param name="kind">Sentry's kind of the report: <c>event.minidump</c> or <c>event.applecrashreport</c>.</param>
    /// <param name="sent">What the crash reporter says of the app, such as its release; null when nothing. It is changed and returned.</param>
    public static SentryEvent Of(string? kind, SentryEvent? sent = null)
    {
        var e = sent ?? new SentryEvent();
        e.Platform = "native";
        e.Level = SentryLevel.Fatal;
        if (e.Exceptions.Count == 0)
        {
            // Not synthetic: until somebody opens the report, the kind is all there is to title it by.
            e.Exceptions.Add(new SentryException
            {
                Type = kind == "event.applecrashreport" ? "AppleCrashReport" : "Minidump",
                Mechanism = new Mechanism { Type = kind == "event.applecrashreport" ? "applecrashreport" : "minidump", Handled = false },
            });
        }

        return e;
    }
}

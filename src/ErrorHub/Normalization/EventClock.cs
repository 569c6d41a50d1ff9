using ErrorHub.Protocol.Events;

namespace ErrorHub.Normalization;

/// <summary>Brings the sender's clock in line with ours (protocol.md section 7.5).</summary>
internal static class EventClock
{
    // Relay's threshold: below it the network and a queue in the app explain the difference.
    private static readonly TimeSpan SmallestDrift = TimeSpan.FromMinutes(55);
    private static readonly TimeSpan Future = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Past = TimeSpan.FromDays(30);

    internal static void Correct(SentryEvent e, DateTimeOffset receivedAt, DateTimeOffset? sentAt)
    {
        var received = ToMicroseconds(receivedAt);
        e.Received = received;
        if (e.Timestamp is null)
        {
            e.Timestamp = received;
            return;
        }

        // A stored-and-resent event is old but honest: its sent_at is fresh, so it is left alone here.
        if (sentAt is { } sent && (received - sent).Duration() >= SmallestDrift)
        {
            Shift(e, received - ToMicroseconds(sent));
            e.Errors.Add(new EventError("clock_drift", "timestamp", null));
        }

        var age = received - e.Timestamp.Value;
        if (age < -Future || age > Past)
        {
            e.Errors.Add(new EventError(age > Past ? "past_timestamp" : "future_timestamp", "timestamp", Timestamps.Format(e.Timestamp.Value)));
            Shift(e, age);
        }
    }

    private static void Shift(SentryEvent e, TimeSpan by)
    {
        e.Timestamp = Shifted(e.Timestamp, by);
        foreach (var breadcrumb in e.Breadcrumbs)
            breadcrumb.Timestamp = Shifted(breadcrumb.Timestamp, by);
    }

    // A hostile clock may lie anywhere between the years 1 and 9999.
    private static DateTimeOffset? Shifted(DateTimeOffset? time, TimeSpan by) => time is { } t
        ? new DateTimeOffset(Math.Clamp(t.UtcTicks + by.Ticks, DateTimeOffset.MinValue.Ticks, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero)
        : null;

    private static DateTimeOffset ToMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}

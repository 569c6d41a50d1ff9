namespace ErrorHub.Demo;

/// <summary>Turns ages in days into times.</summary>
/// <param name="now">The present.</param>
/// <param name="scale">How long a day is, as a part of a day: less than 1 when events are kept for less than 30 days.</param>
internal sealed class DemoTime(DateTimeOffset now, double scale)
{
    public DateTimeOffset Now => now;

    public DateTimeOffset DaysAgo(double days) => ToMicroseconds(now - (TimeSpan.FromDays(days) * scale));

    // The databases keep no more, and a time must come back from them as it went in.
    public static DateTimeOffset ToMicroseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}

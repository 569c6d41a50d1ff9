namespace ErrorHub.Demo;

/// <summary>When the faults of a phase happen: more by day than by night, less at the weekend, and never evenly.</summary>
internal static class DemoRhythm
{
    private const double WeekendShare = 0.6;
    private const double WeekdayShare = (7 - (2 * WeekendShare)) / 5;

    // Share of an hour (UTC) in a day of customers in Europe and on the east coast of America; the mean is 1.
    private static readonly double[] Hours =
    [
        0.34, 0.24, 0.19, 0.19, 0.24, 0.39, 0.58, 0.87, 1.16, 1.35, 1.45, 1.45,
        1.35, 1.40, 1.45, 1.40, 1.35, 1.35, 1.45, 1.55, 1.55, 1.26, 0.87, 0.57,
    ];

    /// <summary>Times in no order.</summary>
    public static IEnumerable<DateTimeOffset> TimesOf(DemoPhase phase, DemoTime time, Random random)
    {
        var end = time.DaysAgo(phase.To);
        for (var from = time.DaysAgo(phase.From); from < end;)
        {
            // Up to the full hour: the share changes there.
            var nextHour = new DateTimeOffset(from.UtcTicks - (from.UtcTicks % TimeSpan.TicksPerHour) + TimeSpan.TicksPerHour, TimeSpan.Zero);
            var to = nextHour < end ? nextHour : end;
            var expected = phase.PerDay * (to - from).TotalDays * ShareOf(from, phase);
            for (var events = Poisson(expected, random); events > 0; events--)
                yield return DemoTime.ToMicroseconds(from + ((to - from) * random.NextDouble()));

            from = to;
        }
    }

    private static double ShareOf(DateTimeOffset at, DemoPhase phase) => phase switch
    {
        { Hour: { } hour } => at.Hour == hour ? 24 : 0,
        { Flat: true } => 1,
        _ => Hours[at.Hour] * (at.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? WeekendShare : WeekdayShare),
    };

    /// <summary>How often something happens that happens <paramref name="expected"/> times on average (Knuth's method).</summary>
    private static int Poisson(double expected, Random random)
    {
        var count = 0;
        // In parts: the exponential of a large number is too small for a double.
        for (; expected > 0; expected -= 100)
        {
            var limit = Math.Exp(-Math.Min(expected, 100));
            for (var product = random.NextDouble(); product > limit; product *= random.NextDouble())
                count++;
        }

        return count;
    }
}

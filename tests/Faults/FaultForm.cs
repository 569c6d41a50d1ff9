namespace ErrorHub.Faults;

/// <summary>How long the faults last: seconds in the ordinary run, minutes under <c>tests/run --faults</c>.</summary>
internal static class FaultForm
{
    /// <summary>True under <c>tests/run --faults</c>.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("ERRORHUB_FAULTS") == "long";

    /// <summary>One of two values by the form of the run.</summary>
    public static T Pick<T>(T @short, T @long) => IsLong ? @long : @short;

    /// <summary>Seconds by the form of the run.</summary>
    public static TimeSpan Seconds(double @short, double @long) => TimeSpan.FromSeconds(Pick(@short, @long));

    /// <summary>The databases of a fault that is much the same on both: one in the ordinary run, both in the long one.</summary>
    public static TheoryData<Database> OneOrBoth { get; } = IsLong ? [Database.Sqlite, Database.PostgreSql] : [Database.PostgreSql];

    /// <summary>Lets the fault, or the load, go on for a time.</summary>
    public static async Task LastAsync(TimeSpan time)
    {
        using var clock = new PeriodicTimer(time);
        await clock.WaitForNextTickAsync(TestContext.Current.CancellationToken);
    }
}

using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Normalization;

/// <summary>The sender's clock against ours (protocol.md section 7.5).</summary>
public sealed class EventClockTests
{
    private static readonly DateTimeOffset Received = Normalized.ReceivedAt;

    [Fact]
    public void Apply_ClockThreeHoursAhead_ShiftsTheEventAndItsBreadcrumbs()
    {
        var e = At(Received.AddHours(3).AddSeconds(-2), sentAt: Received.AddHours(3));

        Assert.Equal(Received.AddSeconds(-2), e.Timestamp);
        Assert.Equal(Received.AddSeconds(-12), Assert.Single(e.Breadcrumbs).Timestamp);
        Assert.Equal("clock_drift", Assert.Single(e.Errors).Type);
    }

    [Fact]
    public void Apply_ClockBehind_ShiftsForward()
    {
        var e = At(Received.AddDays(-400), sentAt: Received.AddDays(-400).AddSeconds(1));

        Assert.Equal(Received.AddSeconds(-1), e.Timestamp);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    [InlineData(54.9)]
    public void Apply_DriftBelow55Minutes_ChangesNothing(double minutes)
    {
        var e = At(Received.AddMinutes(-20), sentAt: Received.AddMinutes(minutes));

        Assert.Equal(Received.AddMinutes(-20), e.Timestamp);
        Assert.Empty(e.Errors);
    }

    [Fact]
    public void Apply_StoredAndResentEvent_KeepsItsTime()
    {
        var e = At(Received.AddDays(-2), sentAt: Received);

        Assert.Equal(Received.AddDays(-2), e.Timestamp);
        Assert.Empty(e.Errors);
    }

    [Theory]
    [InlineData(86_400, "future_timestamp")]
    [InlineData(61, "future_timestamp")]
    [InlineData(-31 * 86_400, "past_timestamp")]
    public void Apply_TimeOutOfRange_IsTheTimeReceived(int seconds, string error)
    {
        var e = At(Received.AddSeconds(seconds), sentAt: null);

        Assert.Equal(Received, e.Timestamp);
        Assert.Equal(Received.AddSeconds(-10), Assert.Single(e.Breadcrumbs).Timestamp);
        Assert.Equal(error, Assert.Single(e.Errors).Type);
    }

    [Theory]
    [InlineData(59)]
    [InlineData(-29 * 86_400)]
    public void Apply_TimeInRange_Stays(int seconds)
    {
        var e = At(Received.AddSeconds(seconds), sentAt: null);

        Assert.Equal(Received.AddSeconds(seconds), e.Timestamp);
        Assert.Empty(e.Errors);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"timestamp":"invalid"}""")]
    public void Apply_NoReadableTime_IsTheTimeReceived(string json)
    {
        var e = Normalized.Event(json);

        Assert.Equal((Received, Received), (e.Timestamp!.Value, e.Received!.Value));
    }

    [Fact]
    public void Apply_TimesAtTheEdgeOfTheCalendar_DoNotOverflow()
    {
        var e = Normalized.Event(
            """{"timestamp":"9999-12-31T23:59:59Z","breadcrumbs":[{"timestamp":"0001-01-01T00:00:00Z"}]}""",
            Normalized.Context with { SentAt = DateTimeOffset.MaxValue });

        Assert.Equal(Received, e.Timestamp!.Value, TimeSpan.FromSeconds(2));
        Assert.Equal(DateTimeOffset.MinValue, Assert.Single(e.Breadcrumbs).Timestamp);
    }

    [Fact]
    public void Apply_TicksBelowAMicrosecond_AreNotKept() =>
        Assert.Equal(Received, Normalized.Event("{}", Normalized.Context with { ReceivedAt = Received.AddTicks(9) }).Received);

    private static SentryEvent At(DateTimeOffset time, DateTimeOffset? sentAt) => Normalized.Event(
        $$"""{"timestamp":"{{Timestamps.Format(time)}}","breadcrumbs":[{"timestamp":"{{Timestamps.Format(time.AddSeconds(-10))}}"}]}""",
        Normalized.Context with { SentAt = sentAt });
}

using System.Text.Json;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Protocol.Events;

public sealed class TimestampsTests
{
    private static readonly DateTimeOffset Expected = new(2026, 7, 1, 10, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("\"2026-07-01T10:00:00\"")]
    [InlineData("\"2026-07-01T10:00:00Z\"")]
    [InlineData("\"2026-07-01 10:00:00z\"")]
    [InlineData("\"2026-07-01t10:00:00.000000000z\"")]
    [InlineData("\"2026-07-01T11:00:00+01:00\"")]
    [InlineData("\"2026-07-01T10:00:00+0000\"")]
    [InlineData("\"2026-07-01T06:30:00-03:30\"")]
    [InlineData("\"2026-07-01 10:00:00 +00:00\"")]
    [InlineData("1782900000")]
    [InlineData("1782900000.0")]
    [InlineData("\"1782900000\"")]
    [InlineData("1782900000000")]
    [InlineData("1782900000000000")]
    [InlineData("1782900000000000000")]
    public void TryRead_FormsInUse_AreOneTime(string json)
    {
        Assert.True(TryRead(json, out var time));
        Assert.Equal(Expected, time);
        Assert.Equal(TimeSpan.Zero, time.Offset);
    }

    [Theory]
    [InlineData("\"2026-07-01T10:00:00.123456789Z\"")]
    [InlineData("1782900000.123456")]
    public void TryRead_Fractions_AreKeptToTheMicrosecond(string json)
    {
        Assert.True(TryRead(json, out var time));
        Assert.Equal(Expected.AddMicroseconds(123_456), time);
        Assert.True(Timestamps.TryParse(Timestamps.Format(time), out var again));
        Assert.Equal(time, again);
    }

    [Theory]
    [InlineData("\"invalid\"")]
    [InlineData("\"\"")]
    [InlineData("\"2026-13-01T10:00:00Z\"")]
    [InlineData("\"NaN\"")]
    [InlineData("false")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("1e300")]
    [InlineData("-1e300")]
    [InlineData("1e400")]
    [InlineData("\"0001-01-01T00:00:00+14:00\"")]
    public void TryRead_NoTime_IsFalse(string json) => Assert.False(TryRead(json, out _));

    private static bool TryRead(string json, out DateTimeOffset time)
    {
        using var document = JsonDocument.Parse(json);
        return Timestamps.TryRead(document.RootElement, out time);
    }
}

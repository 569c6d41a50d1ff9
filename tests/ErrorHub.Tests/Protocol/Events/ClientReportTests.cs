using System.Text;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Protocol.Events;

public sealed class ClientReportTests
{
    [Theory]
    [InlineData("1700000000.5")]
    [InlineData("\"2023-11-14T22:13:20.5Z\"")]
    public void TryParse_TimeAsNumberOrText_CountsAreRead(string timestamp)
    {
        var json = $$"""
            {"timestamp":{{timestamp}},"discarded_events":[{"reason":"queue_overflow","category":"error","quantity":23},
            {"category":"error","quantity":-1},{"quantity":1},"x"]}
            """;

        Assert.True(ClientReport.TryParse(Encoding.UTF8.GetBytes(json), out var report));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_500), report.Timestamp);
        Assert.Equal([new ClientDiscard("queue_overflow", "error", 23)], report.Discarded);
    }

    [Fact]
    public void TryParse_NoArrays_IsAnEmptyReport()
    {
        Assert.True(ClientReport.TryParse("{}"u8.ToArray(), out var report));
        Assert.Empty(report.Discarded);
        Assert.False(ClientReport.TryParse("[]"u8.ToArray(), out _));
    }
}

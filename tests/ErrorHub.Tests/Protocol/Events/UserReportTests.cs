using System.Text;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Protocol.Events;

public sealed class UserReportTests
{
    [Theory]
    [InlineData("""{"event_id":"9EC79C33-EC99-42AB-8353-589FCB2E04DC","name":"Ann","email":null,"comments":" It broke "}""", true)]
    [InlineData("""{"comments":42}""", false)]
    [InlineData("""{"comments":"\ud83d"}""", true)]
    [InlineData("[]", false)]
    [InlineData("{\"comments\":\"x", false)]
    public void TryParseReport_WhatSdksSend_IsReadWhenThereAreWords(string json, bool read) =>
        Assert.Equal(read, UserReport.TryParseReport(Encoding.UTF8.GetBytes(json), out _));

    [Fact]
    public void TryParseReport_LongWords_AreCut()
    {
        Assert.True(UserReport.TryParseReport(
            Encoding.UTF8.GetBytes($$"""{"name":"{{new string('n', 500)}}","comments":"{{new string('c', 5_000)}}"}"""), out var report));

        Assert.Equal((128, UserReport.MaxComments), (report.Name.Length, report.Comments.Length));
    }

    [Theory]
    [InlineData("""{"contexts":{"feedback":{"message":"m","contact_email":"a@b","associated_event_id":"x"}}}""", true)]
    [InlineData("""{"contexts":{"feedback":["message"]}}""", false)]
    [InlineData("""{"contexts":null}""", false)]
    public void TryParseFeedback_ContextOfAnyShape_IsReadWhenThereAreWords(string json, bool read) =>
        Assert.Equal(read, UserReport.TryParseFeedback(Encoding.UTF8.GetBytes(json), out _));
}

using System.Net;
using ErrorHub.Ingest;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Items that are no events: rows 46 and 47 of protocol.md section 12.</summary>
public sealed class ItemTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    [Theory]
    [InlineData("transaction", "transaction")]
    [InlineData("check_in", "monitor")]
    [InlineData("log", "log_item")]
    [InlineData("otel_log", "log_item")]
    [InlineData("trace_metric", "trace_metric")]
    [InlineData("span", "span")]
    [InlineData("profile", "profile")]
    [InlineData("profile_chunk", "profile_chunk")]
    [InlineData("replay_event", "replay")]
    [InlineData("replay_recording", "replay")]
    [InlineData("replay_video", "replay")]
    [InlineData("statsd", "metric_bucket")]
    [InlineData("metric_buckets", "metric_bucket")]
    [InlineData("foo_bar", "default")]
    public async Task Row46_KindsThatAreNotKept_TakenAndCountedOnce(string type, string category)
    {
        var id = Sdk.NewId();
        var before = await _sdk.CountedAsync(Outcome.Filtered, "unsupported", category);

        (await _sdk.PostAsync(Sdk.Envelope, $$"""{"event_id":"{{id}}"}""" + "\n" + $$"""{"type":"{{type}}"}""" + "\n{}", Sdk.Auth)).IsTaken(id);

        await _sdk.IsNotStoredAsync(id);
        Assert.Equal(before + 1, await _sdk.CountedAsync(Outcome.Filtered, "unsupported", category));
    }

    [Theory]
    [InlineData("""{"discarded_events":[{"reason":"queue_overflow","category":"error","quantity":23}]}""")]
    [InlineData("""{"timestamp":1764000000.5,"discarded_events":[{"reason":"queue_overflow","category":"error","quantity":23}]}""")]
    [InlineData("""{"timestamp":"2026-11-25T03:00:00Z","discarded_events":[{"reason":"queue_overflow","category":"error","quantity":23}],"rate_limited_events":[]}""")]
    public async Task Row47_ClientReport_ItsCountsAreRecorded(string report)
    {
        var before = await _sdk.CountedAsync(Outcome.ClientDiscard, "queue_overflow", "error");

        var answer = await _sdk.PostAsync(Sdk.Envelope, "{}\n{\"type\":\"client_report\"}\n" + report, Sdk.Auth);

        Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Body));
        Assert.Equal(before + 23, await _sdk.CountedAsync(Outcome.ClientDiscard, "queue_overflow", "error"));
    }
}

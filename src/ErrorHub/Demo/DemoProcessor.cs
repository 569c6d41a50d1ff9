using System.Buffers;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Ingest;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using ErrorHub.Retention;
using ErrorHub.Scrubbing;
using Microsoft.Extensions.Options;

namespace ErrorHub.Demo;

/// <summary>Takes an event through the pure part of its way, as if it had come in at a time of our choice.</summary>
internal sealed class DemoProcessor(UserHasher users, IOptions<RetentionOptions> retention)
{
    private readonly ArrayBufferWriter<byte> _json = new(32 * 1024);

    public ProcessedEvent Process(long projectId, SentryEvent e, DateTimeOffset receivedAt)
    {
        EventNormalizer.Apply(e, new NormalizationContext(receivedAt, receivedAt, null, null, null));
        var userHash = users.HashOf(e.User?.Identity);
        EventScrubber.Scrub(e);
        _json.ResetWrittenCount();
        EventJson.Write(e, _json);
        return new ProcessedEvent
        {
            Id = Guid.CreateVersion7(receivedAt),
            ProjectId = projectId,
            EventId = e.EventId!.Value,
            ReceivedAt = receivedAt,
            Timestamp = e.Timestamp!.Value,
            RetentionDays = retention.Value.Days,
            Grouping = Grouper.GroupingOf(e),
            Heading = EventHeading.Of(e),
            Level = e.Level,
            Platform = e.Platform,
            Category = e.Exceptions.Count > 0 ? "error" : "default",
            Logger = e.Logger,
            Environment = e.Environment ?? "",
            Release = e.Release ?? "",
            UserHash = userHash,
            TraceId = e.TraceId,
            Handled = e.Handled,
            Tags = DerivedTags.Of(e),
            Body = PayloadCodec.Compress(_json.WrittenSpan),
            Codec = PayloadCodecKind.Zstd,
            BodyBytes = _json.WrittenCount,
        };
    }
}

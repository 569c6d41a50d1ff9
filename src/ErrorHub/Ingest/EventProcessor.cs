using System.Buffers;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Normalization;
using ErrorHub.Privacy;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.Retention;
using ErrorHub.Scrubbing;
using Microsoft.Extensions.Options;

namespace ErrorHub.Ingest;

/// <summary>Where an event comes from: what the request knows that the event does not say itself.</summary>
/// <param name="ProjectId">Project of the key.</param>
/// <param name="RetentionDays">Days the project keeps events; null for the installation's setting.</param>
/// <param name="EventId">The id of the envelope's header, which wins over that of the payload; null when it has none.</param>
/// <param name="Context">What normalising needs.</param>
/// <param name="Scrubbing">The project's rules.</param>
/// <param name="Splits">Call paths of the project that are issues of their own, see <see cref="CallPaths"/>; null for none.</param>
/// <param name="Rules">The project's own rules of grouping; null for none.</param>
public sealed record EventSource(
    long ProjectId, short? RetentionDays, SentryId? EventId, NormalizationContext Context, ScrubbingPolicy Scrubbing,
    string? Splits = null, GroupingRules? Rules = null);

/// <summary>An event ready for the database, or why there is none. Exactly one of the two says something.</summary>
/// <param name="Event">The event; null when it was discarded.</param>
/// <param name="Outcome">What became of it otherwise.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Processing(ProcessedEvent? Event, Outcome Outcome, DiscardReason Reason);

/// <summary>The pure part of an event's way: no I/O, nothing remembered, safe to call from any number of threads.</summary>
public sealed class EventProcessor(UserHasher users, IOptions<IngestOptions> ingest, IOptions<RetentionOptions> retention)
{
    private const int KeptBufferBytes = 1024 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _json;

    /// <summary>Reads, normalises, scrubs, groups and compresses an event.</summary>
    /// <param name="json">Its JSON as sent; nothing of it is kept.</param>
    /// <param name="source">Where it comes from.</param>
    public Processing Process(ReadOnlyMemory<byte> json, EventSource source)
    {
        if (!EventJson.TryParse(json, out var e))
            return Discard(Outcome.Invalid, DiscardReason.InvalidJson);

        // The old store endpoint, and envelopes of some agents, carry transactions as events.
        if (e.Type == "transaction")
            return Discard(Outcome.Filtered, DiscardReason.Unsupported);

        return Process(e, source);
    }

    /// <summary>Likewise with an event that is read already, which it changes.</summary>
    internal Processing Process(SentryEvent e, EventSource source)
    {
        EventNormalizer.Apply(e, source.Context);
        var id = source.EventId ?? e.EventId ?? SentryId.NewId();
        e.EventId = id;
        // Who it was is counted by a hash, and gone with the next line, before anything else looks at the event.
        var userHash = users.HashOf(e.User?.Identity);
        // What a sender says that we removed is not ours.
        e.Receipt = null;
        e = EventScrubber.Scrub(e, source.Scrubbing);
        var grouping = CallPaths.Divide(Grouper.GroupingOf(e, source.Rules), e, source.Splits, source.Rules);

        var buffer = _json ??= new ArrayBufferWriter<byte>(32 * 1024);
        buffer.ResetWrittenCount();
        EventJson.Write(e, buffer);
        if (buffer.WrittenCount > ingest.Value.MaxEventBytes)
            return Discard(Outcome.Invalid, DiscardReason.TooLarge);

        var body = PayloadCodec.Compress(buffer.WrittenSpan);
        var bodyBytes = buffer.WrittenCount;
        if (buffer.Capacity > KeptBufferBytes)
            _json = null;

        var receivedAt = source.Context.ReceivedAt;
        return new Processing(new ProcessedEvent
        {
            Id = Guid.CreateVersion7(receivedAt),
            ProjectId = source.ProjectId,
            EventId = id,
            ReceivedAt = receivedAt,
            Timestamp = Microseconds(e.Timestamp ?? receivedAt),
            RetentionDays = source.RetentionDays ?? retention.Value.Days,
            Grouping = grouping,
            Heading = EventHeading.Of(e, grouping.Title),
            Level = e.Level,
            Platform = e.Platform,
            Category = e.Exceptions.Count > 0 ? DataCategory.Error : DataCategory.Default,
            Logger = e.Logger,
            Environment = e.Environment ?? "",
            Release = e.Release ?? "",
            UserHash = userHash,
            TraceId = e.TraceId,
            Handled = e.Handled,
            Tags = DerivedTags.Of(e),
            Policy = e.Receipt?.Policy ?? "",
            Removals = RemovalCount.Of(e.Receipt),
            Body = body,
            Codec = PayloadCodec.Kind,
            BodyBytes = bodyBytes,
        }, Outcome.Accepted, DiscardReason.None);
    }

    /// <summary>A time as both databases keep it.</summary>
    public static DateTimeOffset Microseconds(DateTimeOffset time) =>
        new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);

    private static Processing Discard(Outcome outcome, DiscardReason reason) => new(null, outcome, reason);
}

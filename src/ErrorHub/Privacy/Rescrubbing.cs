using System.Buffers;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Ingest;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;

namespace ErrorHub.Privacy;

/// <summary>Scrubs again what was scrubbed by other rules. It only ever takes out more, and what identifies a fault stays as it is.</summary>
internal static class Rescrubbing
{
    /// <summary>Nobody waits for it, and a machine that stands still must not cost stored events their fields.</summary>
    internal static readonly TimeSpan Budget = TimeSpan.FromSeconds(10);

    /// <summary>The event without what the rules take out of it; null when they are the ones it was scrubbed by, or find nothing more.</summary>
    public static SentryEvent? Scrub(SentryEvent e, ScrubbingPolicy policy)
    {
        var before = e.Receipt;
        if (before?.Policy == policy.Version)
            return null;

        var scrubbed = EventScrubber.Scrub(e, Budget, policy);
        // A receipt takes the name of the rules when they add to it.
        var isChanged = scrubbed.Receipt is { } after && after.Policy == policy.Version && (before is not null || after.Removals.Count > 0);
        return isChanged ? scrubbed : null;
    }

    /// <summary>Likewise an event that is on its way into the database.</summary>
    /// <param name="processed">The event.</param>
    /// <param name="policy">How it is scrubbed.</param>
    /// <param name="rules">The project's own rules of grouping, which may give titles.</param>
    public static ProcessedEvent Scrub(ProcessedEvent processed, ScrubbingPolicy policy, GroupingRules rules)
    {
        if (processed.Policy == policy.Version || EventBodies.Read(processed.Body.Span, processed.Codec, processed.BodyBytes) is not { } stored)
            return processed;

        if (Scrub(stored, policy) is not { } e)
            return processed;

        var (body, bytes) = BodyOf(e);
        var texts = TextsOf(e, rules);
        return processed with
        {
            Grouping = processed.Grouping with { Why = texts.Why },
            Heading = texts.Heading,
            Logger = texts.Logger,
            Environment = e.Environment ?? "",
            Release = e.Release ?? "",
            Tags = DerivedTags.Of(e),
            Removals = RemovalCount.Of(e.Receipt),
            Policy = policy.Version,
            Body = body,
            Codec = PayloadCodec.Kind,
            BodyBytes = bytes,
        };
    }

    /// <summary>What an event makes its issue show.</summary>
    public static IssueTexts TextsOf(SentryEvent e, GroupingRules rules)
    {
        var grouping = Grouper.GroupingOf(e, rules);
        return new IssueTexts(EventHeading.Of(e, grouping.Title), e.Logger, grouping.Why);
    }

    /// <summary>The event as it is stored, and its bytes before compression.</summary>
    public static (byte[] Body, int Bytes) BodyOf(SentryEvent e)
    {
        var json = new ArrayBufferWriter<byte>();
        EventJson.Write(e, json);
        return (PayloadCodec.Compress(json.WrittenSpan), json.WrittenCount);
    }

    /// <summary>What lists show of an issue whose newest event is not stored any more: its texts as if they stood in an event.</summary>
    public static IssueTexts Scrub(IssueTexts texts, ScrubbingPolicy policy)
    {
        var e = EventScrubber.Scrub(
            new SentryEvent
            {
                Message = new SentryMessage { Formatted = texts.Heading.Title },
                Transaction = texts.Heading.Culprit,
                Logger = texts.Logger,
                Fingerprint = [.. texts.Why],
                Exceptions =
                [
                    new SentryException
                    {
                        Type = texts.Heading.Type,
                        Value = texts.Heading.Value,
                        StackTrace = new SentryStackTrace { Frames = [new SentryStackFrame { Filename = texts.Heading.Filename, Function = texts.Heading.Function }] },
                    },
                ],
            },
            Budget, policy);
        var exception = e.Exceptions.FirstOrDefault();
        var frame = exception?.StackTrace?.Frames.FirstOrDefault();
        return new IssueTexts(
            new EventHeading(exception?.Type, exception?.Value, e.Message?.Formatted ?? TextScrubber.Filtered, e.Transaction ?? "", frame?.Filename, frame?.Function),
            e.Logger, e.Fingerprint ?? []);
    }

    /// <summary>A title by these rules, for people.</summary>
    public static string ScrubTitle(string title, ScrubbingPolicy policy) =>
        EventScrubber.Scrub(new SentryEvent { Message = new SentryMessage { Formatted = title } }, Budget, policy).Message?.Formatted ?? TextScrubber.Filtered;

    /// <summary>The value that a tag has by these rules.</summary>
    public static string ScrubTag(string key, string value, ScrubbingPolicy policy) =>
        EventScrubber.Scrub(new SentryEvent { Tags = [new(key, value)] }, Budget, policy).Tags is [var tag, ..] ? tag.Value : TextScrubber.Filtered;
}

/// <summary>The texts of an issue.</summary>
/// <param name="Heading">What lists show.</param>
/// <param name="Logger">Logger; null when none.</param>
/// <param name="Why">Why its events were grouped.</param>
internal sealed record IssueTexts(EventHeading Heading, string? Logger, IReadOnlyList<string> Why);

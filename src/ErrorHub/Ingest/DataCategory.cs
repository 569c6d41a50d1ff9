using ErrorHub.Protocol.Envelopes;

namespace ErrorHub.Ingest;

/// <summary>Sentry's data categories: what statistics count items under.</summary>
public static class DataCategory
{
    /// <summary>Events with an exception.</summary>
    public const string Error = "error";

    /// <summary>Events without one, and whatever has no name of its own.</summary>
    public const string Default = "default";

    /// <summary>Performance transactions.</summary>
    public const string Transaction = "transaction";

    /// <summary>Attachments, counted in bytes.</summary>
    public const string Attachment = "attachment";

    /// <summary>Reports of what users saw.</summary>
    public const string Feedback = "feedback";

    /// <summary>The category of an item type (protocol.md section 5).</summary>
    public static string Of(string itemType) => itemType switch
    {
        "event" or "unreal_report" => Error,
        "transaction" => Transaction,
        "attachment" => Attachment,
        "feedback" or "user_report" => Feedback,
        "session" or "sessions" => "session",
        "check_in" => "monitor",
        "security" or "raw_security" => "security",
        "log" or "otel_log" => "log_item",
        "trace_metric" => "trace_metric",
        "span" or "otel_span" or "otel_traces_data" => "span",
        "profile" => "profile",
        "profile_chunk" => "profile_chunk",
        "profile_chunk_ui" => "profile_chunk_ui",
        "replay_event" or "replay_recording" or "replay_video" => "replay",
        "statsd" or "metric_buckets" or "metric_meta" => "metric_bucket",
        _ => Default,
    };

    /// <summary>How much an item counts: bytes of an attachment, records of a container, else one.</summary>
    public static long QuantityOf(EnvelopeItem item) => item.Header switch
    {
        { Type: "attachment" } => Math.Max(1, item.TooLarge ? item.Header.Length ?? 1 : item.Payload.Length),
        { ItemCount: { } count and > 0 } => count,
        _ => 1,
    };
}

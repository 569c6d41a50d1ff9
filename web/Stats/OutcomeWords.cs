using ErrorHub.Ingest;

namespace ErrorHub.Web.Stats;

/// <summary>Outcomes, reasons and categories for people. What an SDK reports itself keeps its own word.</summary>
internal static class OutcomeWords
{
    public static string NameOf(Outcome outcome) => outcome switch
    {
        Outcome.Accepted => "Kept",
        Outcome.Filtered => "Left out",
        Outcome.RateLimited => "Over a limit",
        Outcome.Invalid => "Unreadable",
        Outcome.ClientDiscard => "Dropped by the app",
        _ => outcome.ToString(),
    };

    /// <summary>What the reason means and what to do; null for one that only the sender's SDK knows.</summary>
    public static string? ExplanationOf(Outcome outcome, string reason) => (outcome, reason) switch
    {
        (Outcome.Accepted, "spike") => "Counted; of a storm of one issue only some bodies are kept.",
        (Outcome.Accepted, _) => "Stored and counted.",
        (_, "duplicate") => "Sent twice with one event id; the first is kept.",
        (_, "unsupported") => "A kind of item that ErrorHub does not keep, such as a transaction or a replay.",
        (_, "invalid_json") => "The event was not a JSON object.",
        (_, "invalid_envelope") => "The envelope's framing was broken, or said not what its items belong to.",
        (_, "invalid_compression") => "The body could not be unpacked.",
        (_, "too_large") => "Larger than ErrorHub:Ingest or ErrorHub:Attachments allows.",
        (_, "key_quota") => "The key's own rate limit; see the project's settings.",
        (_, "project_quota") => "The project's quota; see its settings.",
        (_, "org_quota") => "The quota of the installation: ErrorHub:Quota.",
        (_, "storm") => "One of many of its kind while the database was away and the spool filled; other faults were kept.",
        (_, "unavailable") => "Neither the database nor the disk could take it.",
        (_, "dead_letter") => "The database refused it for what is in it; see the dead letters.",
        (Outcome.ClientDiscard, "sample_rate") => "The app's SDK samples: sampleRate is below 1.",
        (Outcome.ClientDiscard, "before_send") => "The app's beforeSend callback left it out.",
        (Outcome.ClientDiscard, "event_processor") => "A filter in the app left it out.",
        (Outcome.ClientDiscard, "ratelimit_backoff") => "The SDK held back after being told of a limit.",
        (Outcome.ClientDiscard, "queue_overflow" or "cache_overflow" or "buffer_overflow") => "The SDK's own queue was full.",
        (Outcome.ClientDiscard, "network_error" or "send_error") => "The SDK could not reach this server.",
        _ => null,
    };

    /// <summary>Colour of a row: what is lost is not what was left out on purpose.</summary>
    public static string ChipOf(Outcome outcome) => outcome switch
    {
        Outcome.Accepted => "good",
        Outcome.Invalid => "bad",
        Outcome.RateLimited => "warn",
        _ => "outline",
    };
}

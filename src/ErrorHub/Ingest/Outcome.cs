namespace ErrorHub.Ingest;

/// <summary>What became of one received item. Every item ends in exactly one, and each is counted.</summary>
public enum Outcome : short
{
    /// <summary>Stored.</summary>
    Accepted = 0,

    /// <summary>Left out on purpose: a duplicate, or a kind of item ErrorHub does not keep.</summary>
    Filtered = 1,

    /// <summary>Over a limit that someone set.</summary>
    RateLimited = 2,

    /// <summary>Could not be read or was too large.</summary>
    Invalid = 3,

    /// <summary>The client says it dropped this itself (client reports).</summary>
    ClientDiscard = 5,
}

/// <summary>Why an item was not stored; the text form is what statistics, metrics and answers show.</summary>
public enum DiscardReason
{
    /// <summary>Nothing was discarded.</summary>
    None,

    /// <summary>Counted with everything it tells, its body not kept: its issue storms.</summary>
    Spike,

    /// <summary>An event with this id is already stored in the project.</summary>
    Duplicate,

    /// <summary>The event's payload is not a JSON object.</summary>
    InvalidJson,

    /// <summary>The envelope's framing is broken.</summary>
    InvalidEnvelope,

    /// <summary>The body could not be decompressed.</summary>
    InvalidCompression,

    /// <summary>A size limit was passed.</summary>
    TooLarge,

    /// <summary>An item type that ErrorHub does not keep (yet).</summary>
    Unsupported,

    /// <summary>The key's own rate limit.</summary>
    KeyQuota,

    /// <summary>The project's quota.</summary>
    ProjectQuota,

    /// <summary>The installation's quota.</summary>
    InstallationQuota,

    /// <summary>One of many of its fingerprint while the spool fills; not stored, so that what is new finds room.</summary>
    Storm,

    /// <summary>Neither the database nor the spool could take it; nothing is stored and its sender was told.</summary>
    Unavailable,

    /// <summary>The database refuses it for good; it is kept among the dead letters.</summary>
    DeadLetter,
}

/// <summary>Text forms of the outcomes.</summary>
public static class OutcomeNames
{
    /// <summary>Snake-case name, as in Sentry's statistics API: <c>accepted</c>, <c>rate_limited</c> …</summary>
    public static string ToName(this Outcome outcome) => outcome switch
    {
        Outcome.Accepted => "accepted",
        Outcome.Filtered => "filtered",
        Outcome.RateLimited => "rate_limited",
        Outcome.Invalid => "invalid",
        Outcome.ClientDiscard => "client_discard",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    /// <summary>Snake-case name; empty for <see cref="DiscardReason.None"/>.</summary>
    public static string ToName(this DiscardReason reason) => reason switch
    {
        DiscardReason.None => "",
        DiscardReason.Spike => "spike",
        DiscardReason.Duplicate => "duplicate",
        DiscardReason.InvalidJson => "invalid_json",
        DiscardReason.InvalidEnvelope => "invalid_envelope",
        DiscardReason.InvalidCompression => "invalid_compression",
        DiscardReason.TooLarge => "too_large",
        DiscardReason.Unsupported => "unsupported",
        DiscardReason.KeyQuota => "key_quota",
        DiscardReason.ProjectQuota => "project_quota",
        DiscardReason.InstallationQuota => "org_quota",
        DiscardReason.Storm => "storm",
        DiscardReason.Unavailable => "unavailable",
        DiscardReason.DeadLetter => "dead_letter",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, null),
    };
}

/// <summary>How many items of a category met an outcome; added to the hour's row of <see cref="Stats.OutcomeHour"/>.</summary>
/// <param name="ProjectId">The project; never 0: what has no project is counted only in the metrics.</param>
/// <param name="At">When it was received; rounded down to the hour when stored.</param>
/// <param name="Outcome">What became of them.</param>
/// <param name="Reason">Why, snake case; empty for accepted. Client reports bring reasons of their own.</param>
/// <param name="Category">Sentry's data category: <c>error</c>, <c>default</c>, <c>transaction</c>, <c>session</c> …</param>
/// <param name="Quantity">How many.</param>
public readonly record struct OutcomeCount(
    long ProjectId, DateTimeOffset At, Outcome Outcome, string Reason, string Category, long Quantity);

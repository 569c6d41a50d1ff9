namespace ErrorHub.Protocol.Envelopes;

/// <summary>Sizes an envelope may have; the defaults are those of protocol.md section 4.1.</summary>
public sealed record EnvelopeLimits
{
    /// <summary>The defaults.</summary>
    public static EnvelopeLimits Default { get; } = new();

    /// <summary>Body as received.</summary>
    public int MaxCompressedBytes { get; init; } = 40 * 1_024 * 1_024;

    /// <summary>Body after decompression.</summary>
    public int MaxEnvelopeBytes { get; init; } = 200 * 1_024 * 1_024;

    /// <summary>First line.</summary>
    public int MaxHeaderBytes { get; init; } = 64 * 1_024;

    /// <summary>Line before an item.</summary>
    public int MaxItemHeaderBytes { get; init; } = 16 * 1_024;

    /// <summary>Items in one envelope.</summary>
    public int MaxItems { get; init; } = 1_000;

    /// <summary>An event as stored, after trimming, and the body of the store endpoint.</summary>
    public int MaxEventBytes { get; init; } = 1_024 * 1_024;

    /// <summary>An event as received; trimming may still bring it under <see cref="MaxEventBytes"/>.</summary>
    public int MaxUntrimmedEventBytes { get; init; } = 2 * 1_024 * 1_024;

    /// <summary>One attachment.</summary>
    public int MaxAttachmentBytes { get; init; } = 20 * 1_024 * 1_024;

    /// <summary>All attachments of an envelope together.</summary>
    public int MaxAttachmentsBytes { get; init; } = 100 * 1_024 * 1_024;

    /// <summary>Attachments in one envelope.</summary>
    public int MaxAttachments { get; init; } = 30;

    /// <summary>One item of release health.</summary>
    public int MaxSessionBytes { get; init; } = 10 * 1_024 * 1_024;

    /// <summary>A client report, a check-in or a user's report.</summary>
    public int MaxReportBytes { get; init; } = 100 * 1_024;

    /// <summary>The limit of one item of this type; types that are only counted have none of their own.</summary>
    internal int MaxBytesOf(string type) => type switch
    {
        "event" or "transaction" or "feedback" or "security" or "raw_security" => MaxUntrimmedEventBytes,
        "attachment" => MaxAttachmentBytes,
        "session" or "sessions" => MaxSessionBytes,
        "client_report" or "check_in" or "user_report" => MaxReportBytes,
        _ => int.MaxValue,
    };
}

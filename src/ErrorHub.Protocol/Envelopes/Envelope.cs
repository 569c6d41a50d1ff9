using ErrorHub.Protocol.Events;

namespace ErrorHub.Protocol.Envelopes;

/// <summary>A request body of the envelope endpoint, split. Payloads are slices of that body.</summary>
/// <param name="Header">Its first line.</param>
/// <param name="Items">Its items in order, those of unknown type included.</param>
public sealed record Envelope(EnvelopeHeader Header, IReadOnlyList<EnvelopeItem> Items)
{
    /// <summary>What was wrong and survived, such as a last item that was cut short; null when nothing was.</summary>
    public string? Note { get; init; }
}

/// <summary>One item.</summary>
/// <param name="Header">The line before its payload.</param>
/// <param name="Payload">Its bytes.</param>
public sealed record EnvelopeItem(ItemHeader Header, ReadOnlyMemory<byte> Payload)
{
    /// <summary>True when the item was over its own limit: <see cref="Payload"/> is empty, the rest of the envelope counts.</summary>
    public bool TooLarge { get; init; }
}

/// <summary>The first line of an envelope. Fields that cannot be read are null; they never fail the envelope.</summary>
public sealed record EnvelopeHeader
{
    /// <summary>The event's id, which wins over the one in the payload.</summary>
    public SentryId? EventId { get; init; }

    /// <summary>The DSN as sent; read it with <see cref="Protocol.Dsn.TryParse"/>.</summary>
    public string? Dsn { get; init; }

    /// <summary>When the envelope was sent by the sender's clock, for clock drift.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The sending SDK.</summary>
    public SentrySdk? Sdk { get; init; }
}

/// <summary>The line before an item's payload.</summary>
public sealed record ItemHeader
{
    /// <summary>Such as <c>event</c>; empty when absent or no text, which means unknown.</summary>
    public string Type { get; init; } = "";

    /// <summary>Bytes of the payload; null when it ends at the next line feed.</summary>
    public long? Length { get; init; }

    /// <summary>Name of an attachment, as sent: for display only, never a path.</summary>
    public string? Filename { get; init; }

    /// <summary>Media type of the payload.</summary>
    public string? ContentType { get; init; }

    /// <summary>Kind of attachment, such as <c>event.minidump</c>.</summary>
    public string? AttachmentType { get; init; }

    /// <summary>How many records a container such as <c>log</c> holds.</summary>
    public int? ItemCount { get; init; }

    /// <summary>True for the items of which an envelope carries at most one.</summary>
    public bool IsEvent => Type is "event" or "transaction" or "feedback";
}

/// <summary>Why a body could not be read.</summary>
/// <param name="TooLarge">True for 413, else 400.</param>
/// <param name="Detail">One sentence for the developer of the sender.</param>
/// <param name="Cause">What exactly, when known.</param>
public sealed record EnvelopeError(bool TooLarge, string Detail, string? Cause);

using ErrorHub.Protocol.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Events;

/// <summary>
/// One stored event: the columns that lists need, and the compressed body. Written by the providers' event writers, never by EF.
/// On PostgreSQL the table is partitioned by retention class, then by day.
/// </summary>
public sealed class StoredEvent
{
    /// <summary>Project; first in every key.</summary>
    public required long ProjectId { get; init; }

    /// <summary>When the server received it: the partition key.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Our key (uuidv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>Days it is kept: the class a partition holds, so that dropping one removes exactly one class.</summary>
    public required short RetentionDays { get; init; }

    /// <summary>The SDK's id; <see cref="EventKey"/> makes it unique.</summary>
    public required Guid EventId { get; init; }

    /// <summary>
    /// What identifies its fault, 16 bytes; <see cref="Issues.IssueFingerprint"/> leads from here to the issue, so that merging issues
    /// touches no event.
    /// </summary>
    public required byte[] Hash { get; init; }

    /// <summary>When it happened.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Level.</summary>
    public required SentryLevel Level { get; init; }

    /// <summary>Platform.</summary>
    public required string Platform { get; init; }

    /// <summary>Title of this event: type and value, or message.</summary>
    public required string Title { get; init; }

    /// <summary>Environment; empty when the sender gave none.</summary>
    public required string Environment { get; init; }

    /// <summary>Release; empty when the sender gave none.</summary>
    public required string Release { get; init; }

    /// <summary>See <see cref="Ingest.ProcessedEvent.UserHash"/>.</summary>
    public byte[]? UserHash { get; init; }

    /// <summary>Trace, 32 hex digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>How <see cref="Body"/> is compressed.</summary>
    public required PayloadCodecKind Codec { get; init; }

    /// <summary>The normalised JSON, compressed.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Bytes of the JSON before compression.</summary>
    public required int BodyBytes { get; init; }
}

/// <summary>
/// The one place where an SDK's event id is unique: partitions cannot promise that over days. It is also the way from an event
/// id to its partition.
/// </summary>
public sealed class EventKey
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The SDK's id.</summary>
    public required Guid EventId { get; init; }

    /// <summary>Leads to the partition.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Our key of the event.</summary>
    public required Guid Id { get; init; }

    /// <summary>Retention class of the event, so that keys and events go together.</summary>
    public required short RetentionDays { get; init; }
}

internal sealed class StoredEventConfiguration : IEntityTypeConfiguration<StoredEvent>, IEntityTypeConfiguration<EventKey>
{
    public void Configure(EntityTypeBuilder<StoredEvent> builder)
    {
        builder.ToTable("events");
        builder.HasKey(e => new { e.ProjectId, e.ReceivedAt, e.Id, e.RetentionDays });
        // The events of an issue, one hash at a time, newest first. Not with Id, which breaks ties: it made an entry a third larger, and few tie.
        builder.HasIndex(e => new { e.ProjectId, e.Hash, e.ReceivedAt });
        builder.Property(e => e.Hash).HasMaxLength(16);
        builder.Property(e => e.Title).HasMaxLength(512);
        builder.Property(e => e.Platform).HasMaxLength(64);
        builder.Property(e => e.Environment).HasMaxLength(64);
        builder.Property(e => e.Release).HasMaxLength(200);
        builder.Property(e => e.TraceId).HasMaxLength(32);
        builder.Property(e => e.UserHash).HasMaxLength(16);
    }

    public void Configure(EntityTypeBuilder<EventKey> builder)
    {
        builder.ToTable("event_keys");
        builder.HasKey(k => new { k.ProjectId, k.EventId });
    }
}

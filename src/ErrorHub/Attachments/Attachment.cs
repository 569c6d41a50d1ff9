using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Attachments;

/// <summary>
/// A file that came with an event, or before it: linked by the event's id alone, whichever arrives first. Its bytes lie in
/// <see cref="AttachmentFiles"/>; they are there before this row is, and go after it.
/// </summary>
public sealed class Attachment
{
    /// <summary>Project; first in every key.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Our key (uuidv7), and the file's name on disk.</summary>
    public required Guid Id { get; init; }

    /// <summary>The SDK's id of the event it belongs to.</summary>
    public required Guid EventId { get; init; }

    /// <summary>The name the sender gave it, cleaned: for people, never a path.</summary>
    public required string Filename { get; set; }

    /// <summary>The media type the sender gave it; null when none. Downloads do not use it.</summary>
    public string? ContentType { get; init; }

    /// <summary>Sentry's kind, such as <c>event.attachment</c> or <c>event.minidump</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Size of the file.</summary>
    public required long Bytes { get; set; }

    /// <summary>SHA-256 of the bytes: an SDK that sends again what it sent leaves one row.</summary>
    public required byte[] Sha256 { get; set; }

    /// <summary>When it was received.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Days it is kept: those of its project's events.</summary>
    public required short RetentionDays { get; init; }
}

internal sealed class AttachmentConfiguration : IEntityTypeConfiguration<Attachment>
{
    public void Configure(EntityTypeBuilder<Attachment> builder)
    {
        builder.ToTable("attachments");
        builder.HasKey(a => new { a.ProjectId, a.Id });
        builder.HasIndex(a => new { a.ProjectId, a.EventId, a.Sha256, a.Filename }).IsUnique();
        builder.Property(a => a.Filename).HasMaxLength(AttachmentText.MaxFilename);
        builder.Property(a => a.ContentType).HasMaxLength(AttachmentText.MaxContentType);
        builder.Property(a => a.Kind).HasMaxLength(32);
        builder.Property(a => a.Sha256).HasMaxLength(32);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Feedback;

/// <summary>What a user wrote about an event or about the app. Linked by the event's id alone, whichever arrives first.</summary>
public sealed class UserFeedback
{
    /// <summary>Project; first in every key.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Our key (uuidv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>
    /// What the sender knows it by: the feedback's own id, of a user report the event's. The same one sent again overwrites.
    /// </summary>
    public required Guid FeedbackId { get; init; }

    /// <summary>The SDK's id of the event it is about; null when it is about the app.</summary>
    public Guid? EventId { get; set; }

    /// <summary>Name of the user; empty when not given.</summary>
    public required string Name { get; set; }

    /// <summary>The user's address; empty when not given.</summary>
    public required string Email { get; set; }

    /// <summary>What the user wrote.</summary>
    public required string Comments { get; set; }

    /// <summary>Where in the app; empty when not given.</summary>
    public required string Url { get; set; }

    /// <summary>When it was received, the first time.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Days it is kept: those of its project's events.</summary>
    public required short RetentionDays { get; init; }
}

internal sealed class UserFeedbackConfiguration : IEntityTypeConfiguration<UserFeedback>
{
    public void Configure(EntityTypeBuilder<UserFeedback> builder)
    {
        builder.ToTable("user_feedback");
        builder.HasKey(f => new { f.ProjectId, f.Id });
        builder.HasIndex(f => new { f.ProjectId, f.FeedbackId }).IsUnique();
        builder.HasIndex(f => new { f.ProjectId, f.EventId });
        builder.Property(f => f.Name).HasMaxLength(128);
        builder.Property(f => f.Email).HasMaxLength(254);
        builder.Property(f => f.Comments).HasMaxLength(4_096);
        builder.Property(f => f.Url).HasMaxLength(2_048);
    }
}

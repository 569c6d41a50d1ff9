using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.DeadLetters;

/// <summary>An acknowledged event that the database refuses for good: kept whole, with the reason, until someone replays or discards it.</summary>
public sealed class DeadLetter
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Our key of the event.</summary>
    public required Guid Id { get; init; }

    /// <summary>The SDK's id.</summary>
    public required Guid EventId { get; init; }

    /// <summary>When the server received it.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>When it was refused last.</summary>
    public required DateTimeOffset FailedAt { get; set; }

    /// <summary>When it is removed: it is kept as long as the event would have been.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Why it was refused, for people; no value of the event.</summary>
    public required string Reason { get; set; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Sentry's data category, for the statistics.</summary>
    public required string Category { get; init; }

    /// <summary>The event in the form of <see cref="Ingest.ProcessedEventFormat"/>.</summary>
    public required byte[] Record { get; init; }
}

internal sealed class DeadLetterConfiguration : IEntityTypeConfiguration<DeadLetter>
{
    public void Configure(EntityTypeBuilder<DeadLetter> builder)
    {
        builder.ToTable("dead_letters");
        builder.HasKey(d => new { d.ProjectId, d.Id });
        builder.Property(d => d.Reason).HasMaxLength(200);
        builder.Property(d => d.Title).HasMaxLength(512);
        builder.Property(d => d.Category).HasMaxLength(32);
    }
}

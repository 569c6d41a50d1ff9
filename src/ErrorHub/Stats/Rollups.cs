using ErrorHub.Ingest;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Stats;

/// <summary>Events of an issue in one hour, by environment and release. Only ever added to, so that batches and shards merge.</summary>
public sealed class IssueHour
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Issue.</summary>
    public required Guid IssueId { get; init; }

    /// <summary>Start of the hour, UTC.</summary>
    public required DateTimeOffset Hour { get; init; }

    /// <summary>Environment; empty when none.</summary>
    public required string Environment { get; init; }

    /// <summary>Release; empty when none.</summary>
    public required string Release { get; init; }

    /// <summary>Events counted.</summary>
    public required long Events { get; set; }
}

/// <summary>Items of a project in one hour by what became of them.</summary>
public sealed class OutcomeHour
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Start of the hour, UTC.</summary>
    public required DateTimeOffset Hour { get; init; }

    /// <summary>What became of them.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>Why, snake case; empty for accepted.</summary>
    public required string Reason { get; init; }

    /// <summary>Sentry's data category.</summary>
    public required string Category { get; init; }

    /// <summary>How many.</summary>
    public required long Quantity { get; set; }
}

internal sealed class RollupConfiguration : IEntityTypeConfiguration<IssueHour>, IEntityTypeConfiguration<OutcomeHour>
{
    public void Configure(EntityTypeBuilder<IssueHour> builder)
    {
        builder.ToTable("issue_hours");
        builder.HasKey(h => new { h.ProjectId, h.IssueId, h.Hour, h.Environment, h.Release });
        builder.Property(h => h.Environment).HasMaxLength(64);
        builder.Property(h => h.Release).HasMaxLength(200);
    }

    public void Configure(EntityTypeBuilder<OutcomeHour> builder)
    {
        builder.ToTable("outcome_hours");
        builder.HasKey(h => new { h.ProjectId, h.Hour, h.Outcome, h.Reason, h.Category });
        builder.Property(h => h.Reason).HasMaxLength(64);
        builder.Property(h => h.Category).HasMaxLength(32);
    }
}

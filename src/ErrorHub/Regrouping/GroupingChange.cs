using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Regrouping;

/// <summary>How far a change of rules has come. The numbers are in the database.</summary>
public enum GroupingChangeState : short
{
    /// <summary>Tried on stored events; nothing is different yet.</summary>
    Tried = 0,

    /// <summary>Being applied, or interrupted at it: applying again goes on.</summary>
    Applying = 1,

    /// <summary>In force.</summary>
    Applied = 2,

    /// <summary>Being taken back, or interrupted at it.</summary>
    Undoing = 3,

    /// <summary>Taken back.</summary>
    Undone = 4,
}

/// <summary>A change of a project's grouping rules: what it does to the issues there are, and what has been done of it.</summary>
public sealed class GroupingChange
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Our key (uuidv7): when it was tried.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was tried.</summary>
    public required DateTimeOffset TriedAt { get; init; }

    /// <summary>Who tried it, for people.</summary>
    public required string TriedBy { get; init; }

    /// <summary>The rules before; null for none.</summary>
    public string? Before { get; init; }

    /// <summary>The rules after; null for none.</summary>
    public string? After { get; init; }

    /// <summary>What it does, as JSON: <see cref="RegroupingPlan"/>.</summary>
    public required string Plan { get; init; }

    /// <summary>What has been done of it, as JSON: <see cref="RegroupingDone"/>; null for nothing.</summary>
    public string? Done { get; set; }

    /// <summary>How far it is.</summary>
    public GroupingChangeState State { get; set; }

    /// <summary>When it got there.</summary>
    public required DateTimeOffset StateChangedAt { get; set; }
}

internal sealed class GroupingChangeConfiguration : IEntityTypeConfiguration<GroupingChange>
{
    public void Configure(EntityTypeBuilder<GroupingChange> builder)
    {
        builder.ToTable("grouping_changes");
        builder.HasKey(c => new { c.ProjectId, c.Id });
        builder.Property(c => c.TriedBy).HasMaxLength(256);
        // Two who apply the same change at once: the second learns it with its first step.
        builder.Property(c => c.StateChangedAt).IsConcurrencyToken();
    }
}

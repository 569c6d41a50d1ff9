using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Similarity;

/// <summary>The stack that stands for a hash when issues are compared: one event of a fault says as much as all of them.</summary>
public sealed class IssueStack
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The hash, 16 bytes; where it leads is <see cref="Issues.IssueFingerprint"/>'s to say.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>See <see cref="StackPath.ToBytes"/>; empty for a fault without a stack.</summary>
    public required byte[] Frames { get; init; }
}

internal sealed class IssueStackConfiguration : IEntityTypeConfiguration<IssueStack>
{
    public void Configure(EntityTypeBuilder<IssueStack> builder)
    {
        builder.ToTable("issue_stacks");
        builder.HasKey(s => new { s.ProjectId, s.Hash });
        builder.Property(s => s.Hash).HasMaxLength(16);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Issues;

/// <summary>A call path whose events were split off an issue: from then on their strict hash identifies them.</summary>
public sealed class CallPathSplit
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The identity of the events, 16 bytes; see <see cref="Grouping.GroupingHashes.Identity"/>.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Their strict hash, 16 bytes, which takes its place; see <see cref="Grouping.GroupingHashes.Strict"/>.</summary>
    public required byte[] Strict { get; init; }
}

internal sealed class CallPathSplitConfiguration : IEntityTypeConfiguration<CallPathSplit>
{
    public void Configure(EntityTypeBuilder<CallPathSplit> builder)
    {
        builder.ToTable("call_path_splits");
        builder.HasKey(s => new { s.ProjectId, s.Hash, s.Strict });
        builder.Property(s => s.Hash).HasMaxLength(16);
        builder.Property(s => s.Strict).HasMaxLength(16);
    }
}

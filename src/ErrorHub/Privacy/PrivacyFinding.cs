using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Privacy;

/// <summary>A kind of place in a project's stored events in which something looks like a leak. What it is is not kept.</summary>
public sealed class PrivacyFinding
{
    /// <summary>Most of a project; more would say nothing that these do not.</summary>
    public const int MaxPerProject = 200;

    /// <summary>One that was not seen for so long is forgotten.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The detector: <see cref="LeakDetector.Rule"/>.</summary>
    public required string Rule { get; init; }

    /// <summary>The place, as in <see cref="RemovalCount.Path"/>.</summary>
    public required string Path { get; init; }

    /// <summary>Sampled events that had it.</summary>
    public required long Events { get; set; }

    /// <summary>Receive time of the first of them.</summary>
    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>Receive time of the newest of them.</summary>
    public required DateTimeOffset LastSeen { get; set; }

    /// <summary>When somebody said that it is none; null while nobody did. It is not opened again.</summary>
    public DateTimeOffset? DismissedAt { get; set; }
}

internal sealed class PrivacyFindingConfiguration : IEntityTypeConfiguration<PrivacyFinding>
{
    internal const int MaxPath = 256;

    public void Configure(EntityTypeBuilder<PrivacyFinding> builder)
    {
        builder.ToTable("privacy_findings");
        builder.HasKey(f => new { f.ProjectId, f.Rule, f.Path });
        builder.Property(f => f.Rule).HasMaxLength(32);
        builder.Property(f => f.Path).HasMaxLength(MaxPath);
    }
}

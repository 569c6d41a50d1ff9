using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Releases;

/// <summary>A release of a project, known from its events.</summary>
public sealed class Release
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>As the SDK sends it.</summary>
    public required string Version { get; init; }

    /// <summary>Receive time of its first event.</summary>
    public required DateTimeOffset FirstSeen { get; set; }

    /// <summary>Receive time of its newest event.</summary>
    public required DateTimeOffset LastSeen { get; set; }
}

/// <summary>An environment of a project, known from its events.</summary>
public sealed class ReleaseEnvironment
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>As the SDK sends it.</summary>
    public required string Name { get; init; }

    /// <summary>Receive time of its first event.</summary>
    public required DateTimeOffset FirstSeen { get; set; }

    /// <summary>Receive time of its newest event.</summary>
    public required DateTimeOffset LastSeen { get; set; }
}

internal sealed class ReleaseConfiguration : IEntityTypeConfiguration<Release>, IEntityTypeConfiguration<ReleaseEnvironment>
{
    public void Configure(EntityTypeBuilder<Release> builder)
    {
        builder.ToTable("releases");
        builder.HasKey(r => new { r.ProjectId, r.Version });
        builder.Property(r => r.Version).HasMaxLength(200);
    }

    public void Configure(EntityTypeBuilder<ReleaseEnvironment> builder)
    {
        builder.ToTable("environments");
        builder.HasKey(e => new { e.ProjectId, e.Name });
        builder.Property(e => e.Name).HasMaxLength(64);
    }
}

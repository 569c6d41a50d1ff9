using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.SourceMaps;

/// <summary>An uploaded archive of scripts and their source maps. Its bytes lie in <see cref="ArtifactFiles"/>, before the row and after it.</summary>
public sealed class ArtifactBundle
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Our key (uuidv7), and the file's name on disk.</summary>
    public required Guid Id { get; init; }

    /// <summary>SHA-1 of the bytes in hex: the name sentry-cli knows it by.</summary>
    public required string Checksum { get; init; }

    /// <summary>The release it was uploaded for; empty when it goes by debug ids alone.</summary>
    public required string Version { get; init; }

    /// <summary>Distribution of the release; empty when none.</summary>
    public required string Dist { get; init; }

    /// <summary>Size of the file.</summary>
    public required long Bytes { get; init; }

    /// <summary>When it was uploaded.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

internal sealed class ArtifactBundleConfiguration : IEntityTypeConfiguration<ArtifactBundle>
{
    public void Configure(EntityTypeBuilder<ArtifactBundle> builder)
    {
        builder.ToTable("artifact_bundles");
        builder.HasKey(b => new { b.ProjectId, b.Id });
        builder.HasIndex(b => new { b.ProjectId, b.Checksum, b.Version, b.Dist }).IsUnique();
        builder.Property(b => b.Checksum).HasMaxLength(40);
        builder.Property(b => b.Version).HasMaxLength(200);
        builder.Property(b => b.Dist).HasMaxLength(64);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Releases;

/// <summary>What a build pipeline says of a release, beside what its events say (<see cref="Release"/>); either may come first.</summary>
public sealed class ReleaseDetails
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>As the SDK sends it.</summary>
    public required string Version { get; init; }

    /// <summary>When the pipeline made it known.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it went out; null before it is finalised.</summary>
    public DateTimeOffset? ReleasedAt { get; set; }

    /// <summary>Where to read about it; null when not said.</summary>
    public string? Url { get; set; }
}

/// <summary>A commit of a release.</summary>
public sealed class ReleaseCommit
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The release.</summary>
    public required string Version { get; init; }

    /// <summary>Place in the list as sent: 0 is the newest.</summary>
    public required int Position { get; init; }

    /// <summary>The commit's hash.</summary>
    public required string CommitId { get; init; }

    /// <summary>Its message.</summary>
    public required string Message { get; init; }

    /// <summary>Who wrote it.</summary>
    public required string AuthorName { get; init; }

    /// <summary>The author's address.</summary>
    public required string AuthorEmail { get; init; }

    /// <summary>Repository; empty when not said.</summary>
    public required string Repository { get; init; }

    /// <summary>When it was written; null when not said.</summary>
    public DateTimeOffset? At { get; init; }
}

/// <summary>That a release went to an environment.</summary>
public sealed class ReleaseDeploy
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Our key (uuidv7); the same in each project of the deploy.</summary>
    public required Guid Id { get; init; }

    /// <summary>The release.</summary>
    public required string Version { get; init; }

    /// <summary>Where to.</summary>
    public required string Environment { get; init; }

    /// <summary>What the pipeline calls it.</summary>
    public string? Name { get; init; }

    /// <summary>Where to read about it.</summary>
    public string? Url { get; init; }

    /// <summary>When it began; null when not said.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it was done.</summary>
    public required DateTimeOffset FinishedAt { get; init; }
}

internal sealed class ReleaseDetailsConfiguration
    : IEntityTypeConfiguration<ReleaseDetails>, IEntityTypeConfiguration<ReleaseCommit>, IEntityTypeConfiguration<ReleaseDeploy>
{
    public void Configure(EntityTypeBuilder<ReleaseDetails> builder)
    {
        builder.ToTable("release_details");
        builder.HasKey(r => new { r.ProjectId, r.Version });
        builder.Property(r => r.Version).HasMaxLength(200);
        builder.Property(r => r.Url).HasMaxLength(2_048);
    }

    public void Configure(EntityTypeBuilder<ReleaseCommit> builder)
    {
        builder.ToTable("release_commits");
        builder.HasKey(c => new { c.ProjectId, c.Version, c.Position });
        builder.Property(c => c.Version).HasMaxLength(200);
        builder.Property(c => c.CommitId).HasMaxLength(64);
        builder.Property(c => c.Message).HasMaxLength(4_096);
        builder.Property(c => c.AuthorName).HasMaxLength(200);
        builder.Property(c => c.AuthorEmail).HasMaxLength(254);
        builder.Property(c => c.Repository).HasMaxLength(200);
    }

    public void Configure(EntityTypeBuilder<ReleaseDeploy> builder)
    {
        builder.ToTable("release_deploys");
        builder.HasKey(d => new { d.ProjectId, d.Id });
        builder.HasIndex(d => new { d.ProjectId, d.Version });
        builder.Property(d => d.Version).HasMaxLength(200);
        builder.Property(d => d.Environment).HasMaxLength(64);
        builder.Property(d => d.Name).HasMaxLength(200);
        builder.Property(d => d.Url).HasMaxLength(2_048);
    }
}

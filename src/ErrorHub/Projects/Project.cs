using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Projects;

/// <summary>One app or service that sends events.</summary>
public sealed class Project
{
    /// <summary>Decimal number in the DSN; given once, never reused.</summary>
    public long Id { get; init; }

    /// <summary>Name in addresses: lower case letters, digits, dashes; unique.</summary>
    public required string Slug { get; set; }

    /// <summary>Name for people.</summary>
    public required string Name { get; set; }

    /// <summary>Platform chosen for the onboarding page; null when none was.</summary>
    public string? Platform { get; set; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Receive time of its first event; null until one arrives.</summary>
    public DateTimeOffset? FirstEventAt { get; set; }

    /// <summary>Days events are kept; null for the installation's setting.</summary>
    public short? RetentionDays { get; set; }

    /// <summary>Window of the project's quota in seconds; null when it has none.</summary>
    public int? QuotaWindowSeconds { get; set; }

    /// <summary>Events the quota allows in the window; null when it has none.</summary>
    public int? QuotaCount { get; set; }

    /// <summary>The settings of scrubbing as JSON (<see cref="Scrubbing.ScrubbingSettings"/>); null for the default.</summary>
    public string? Scrubbing { get; set; }

    /// <summary>The project's own rules of grouping, a rule a line (<see cref="Grouping.Rules.GroupingRules"/>); null for none.</summary>
    public string? GroupingRules { get; set; }

    /// <summary>The number the next issue gets. A writer reserves a block with one update.</summary>
    public long NextIssueNumber { get; set; } = 1;

    /// <summary>Set while the project is being deleted; its keys are refused from then on.</summary>
    public DateTimeOffset? DeletedAt { get; set; }
}

/// <summary>One DSN of a project. Public by design: it can only send.</summary>
public sealed class ProjectKey
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Our key (uuidv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>32 lower-case hex digits: the user part of the DSN. Unique over all projects.</summary>
    public required string PublicKey { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; set; }

    /// <summary>False when events with it are refused.</summary>
    public required bool IsActive { get; set; }

    /// <summary>Window of the rate limit in seconds; null when there is no limit.</summary>
    public int? RateLimitWindowSeconds { get; set; }

    /// <summary>Events allowed in the window; null when there is no limit.</summary>
    public int? RateLimitCount { get; set; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>A random public key.</summary>
    public static string NewPublicKey() => RandomNumberGenerator.GetHexString(32, lowercase: true);

    /// <summary>True for 32 lower-case hex digits.</summary>
    public static bool IsPublicKey(string text) => text.Length == 32 && text.All(char.IsAsciiHexDigitLower);

    internal static string? NameProblem(string name) =>
        name.Trim().Length is 0 or > 64 ? "The name of a key must have 1 to 64 characters." : null;
}

/// <summary>A member's access to a project; owners need none.</summary>
public sealed class ProjectMember
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }
}

internal sealed class ProjectConfiguration :
    IEntityTypeConfiguration<Project>, IEntityTypeConfiguration<ProjectKey>, IEntityTypeConfiguration<ProjectMember>
{
    public void Configure(EntityTypeBuilder<Project> builder)
    {
        builder.ToTable("projects");
        builder.HasKey(p => p.Id);
        builder.Property(p => p.Id).ValueGeneratedNever();
        builder.HasIndex(p => p.Slug).IsUnique();
        builder.Property(p => p.Slug).HasMaxLength(64);
        builder.Property(p => p.Name).HasMaxLength(128);
        builder.Property(p => p.Platform).HasMaxLength(64);
    }

    public void Configure(EntityTypeBuilder<ProjectKey> builder)
    {
        builder.ToTable("project_keys");
        builder.HasKey(k => new { k.ProjectId, k.Id });
        // The edge finds a project by this alone, so it is unique over all projects (keys are of the control plane).
        builder.HasIndex(k => k.PublicKey).IsUnique();
        builder.Property(k => k.PublicKey).HasMaxLength(32);
        builder.Property(k => k.Name).HasMaxLength(64);
    }

    public void Configure(EntityTypeBuilder<ProjectMember> builder)
    {
        builder.ToTable("project_members");
        builder.HasKey(m => new { m.ProjectId, m.UserId });
        builder.HasIndex(m => m.UserId);
    }
}

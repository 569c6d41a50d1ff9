using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Privacy;

/// <summary>What a rule removed from one kind of place in a project's events of one day. Only ever added to, so that batches and processes merge.</summary>
public sealed class RemovalDay
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Start of the day, UTC.</summary>
    public required DateTimeOffset Day { get; init; }

    /// <summary>The rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The place; <see cref="RemovalCount.OtherPaths"/> for all that are no <see cref="RemovalPath"/>.</summary>
    public required string Path { get; init; }

    /// <summary>How often.</summary>
    public required long Removals { get; set; }
}

/// <summary>
/// A place from which a rule removed something: the bound of <see cref="RemovalDay"/>, since keys of events become paths and a sender may
/// invent one for each event.
/// </summary>
public sealed class RemovalPath
{
    /// <summary>Most of a project, all rules together. Two processes that meet the last ones at once may find room for a few more.</summary>
    public const int MaxPerProject = 500;

    /// <summary>Most that a batch may bring to a project, new or known: what is looked up for each of them is work, too.</summary>
    internal const int MaxPerBatch = 100;

    /// <summary>A place from which nothing was removed for so long is forgotten, and is new when it comes back.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The rule.</summary>
    public required string Rule { get; init; }

    /// <summary>The place.</summary>
    public required string Path { get; init; }

    /// <summary>Start of the day, UTC, on which an event had something there for the first time.</summary>
    public required DateTimeOffset FirstSeen { get; init; }
}

internal sealed class RemovalConfiguration : IEntityTypeConfiguration<RemovalDay>, IEntityTypeConfiguration<RemovalPath>
{
    internal const int MaxRule = 64;

    // A receipt's path, and two brackets for each step of one digit.
    internal const int MaxPath = 256;

    public void Configure(EntityTypeBuilder<RemovalDay> builder)
    {
        builder.ToTable("removal_days");
        builder.HasKey(r => new { r.ProjectId, r.Day, r.Rule, r.Path });
        builder.Property(r => r.Rule).HasMaxLength(MaxRule);
        builder.Property(r => r.Path).HasMaxLength(MaxPath);
    }

    public void Configure(EntityTypeBuilder<RemovalPath> builder)
    {
        builder.ToTable("removal_paths");
        builder.HasKey(r => new { r.ProjectId, r.Rule, r.Path });
        builder.Property(r => r.Rule).HasMaxLength(MaxRule);
        builder.Property(r => r.Path).HasMaxLength(MaxPath);
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Tags;

/// <summary>How often a tag's value was seen in an issue.</summary>
public sealed class IssueTag
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Issue.</summary>
    public required Guid IssueId { get; init; }

    /// <summary>The tag, such as <c>browser</c>; at most 200 characters.</summary>
    public required string Key { get; init; }

    /// <summary>Its value, at most 200 characters.</summary>
    public required string Value { get; init; }

    /// <summary>Events counted.</summary>
    public required long Events { get; set; }

    /// <summary>Receive time of the first.</summary>
    public required DateTimeOffset FirstSeen { get; set; }

    /// <summary>Receive time of the newest.</summary>
    public required DateTimeOffset LastSeen { get; set; }
}

internal sealed class IssueTagConfiguration : IEntityTypeConfiguration<IssueTag>
{
    public void Configure(EntityTypeBuilder<IssueTag> builder)
    {
        builder.ToTable("issue_tags");
        builder.HasKey(t => new { t.ProjectId, t.IssueId, t.Key, t.Value });
        // The search box: issues of a project that carry tag = value.
        builder.HasIndex(t => new { t.ProjectId, t.Key, t.Value });
        builder.Property(t => t.Key).HasMaxLength(200);
        builder.Property(t => t.Value).HasMaxLength(200);
    }
}

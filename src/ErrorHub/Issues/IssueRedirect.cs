using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Issues;

/// <summary>
/// Where an issue went that was merged into another: its id and its number lead there for ever, in one step, however often that one
/// was merged on. Its history stays under its own id, and is its own again when it is unmerged.
/// </summary>
public sealed class IssueRedirect
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The issue that was merged away.</summary>
    public required Guid IssueId { get; init; }

    /// <summary>Its number.</summary>
    public required long Number { get; init; }

    /// <summary>The issue that it is part of.</summary>
    public required Guid TargetId { get; set; }
}

internal sealed class IssueRedirectConfiguration : IEntityTypeConfiguration<IssueRedirect>
{
    public void Configure(EntityTypeBuilder<IssueRedirect> builder)
    {
        builder.ToTable("issue_redirects");
        builder.HasKey(r => new { r.ProjectId, r.IssueId });
        builder.HasIndex(r => new { r.ProjectId, r.Number }).IsUnique();
        builder.HasIndex(r => new { r.ProjectId, r.TargetId });
    }
}

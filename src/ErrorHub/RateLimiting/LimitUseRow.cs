using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.RateLimiting;

/// <summary>What all processes together have taken of a limit in its newest window. Of the control plane, like the limits themselves.</summary>
public sealed class LimitUseRow
{
    /// <summary><c>key:</c> and the public key, <c>project:</c> and the project's number, or <c>installation</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Start of the window, seconds since 1970.</summary>
    public required long WindowStart { get; init; }

    /// <summary>Events taken.</summary>
    public required long Taken { get; init; }
}

internal sealed class LimitUseConfiguration : IEntityTypeConfiguration<LimitUseRow>
{
    public void Configure(EntityTypeBuilder<LimitUseRow> builder)
    {
        builder.ToTable("limit_uses");
        builder.HasKey(u => u.Name);
        builder.Property(u => u.Name).HasMaxLength(64);
    }
}

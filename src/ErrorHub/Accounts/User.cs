using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Accounts;

/// <summary>What a person may do. The numbers are in the database.</summary>
public enum UserRole : short
{
    /// <summary>Sees and triages the projects they are a member of.</summary>
    Member = 0,

    /// <summary>Sees everything, manages projects, keys and people.</summary>
    Owner = 1,
}

/// <summary>A person who can log in. The e-mail address is the user name.</summary>
public sealed class User : IdentityUser<Guid>
{
    /// <summary>Name for people.</summary>
    public required string Name { get; set; }

    /// <summary>What they may do.</summary>
    public required UserRole Role { get; set; }

    /// <summary>When the account was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set when the account was switched off; it then cannot log in and its tokens are refused.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}

/// <summary>A bearer token for the web API. Only its hash is stored; the token is shown once.</summary>
public sealed class ApiToken
{
    /// <summary>Our key (uuidv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose it is; it can do what they can.</summary>
    public required Guid UserId { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the token's UTF-8 bytes, 32 bytes: the token has 256 random bits, so no slow hash is needed.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Last four characters, to tell tokens apart.</summary>
    public required string LastFour { get; init; }

    /// <summary>Space-separated scopes as in Sentry: <c>event:read event:write project:read project:write org:read</c>.</summary>
    public required string Scopes { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops working; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Last use, to the minute; null when never used.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>When it was withdrawn; null while it works.</summary>
    public DateTimeOffset? RevokedAt { get; set; }
}

/// <summary>A one-time link: the set-up of the first owner, or an invitation. Only the hash of its secret is stored.</summary>
public sealed class OneTimeLink
{
    /// <summary>SHA-256 of the secret in the link.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Whom it lets choose a password; null for the set-up link.</summary>
    public Guid? UserId { get; init; }

    /// <summary>When it stops working.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class AccountConfiguration :
    IEntityTypeConfiguration<User>, IEntityTypeConfiguration<ApiToken>, IEntityTypeConfiguration<OneTimeLink>
{
    public void Configure(EntityTypeBuilder<User> builder)
    {
        builder.ToTable("users");
        builder.Property(u => u.Name).HasMaxLength(128);
    }

    public void Configure(EntityTypeBuilder<ApiToken> builder)
    {
        builder.ToTable("api_tokens");
        builder.HasKey(t => t.Id);
        builder.HasIndex(t => t.Hash).IsUnique();
        builder.HasIndex(t => t.UserId);
        builder.Property(t => t.Name).HasMaxLength(64);
        builder.Property(t => t.Hash).HasMaxLength(32);
        builder.Property(t => t.LastFour).HasMaxLength(4);
        builder.Property(t => t.Scopes).HasMaxLength(512);
    }

    public void Configure(EntityTypeBuilder<OneTimeLink> builder)
    {
        builder.ToTable("one_time_links");
        builder.HasKey(l => l.Hash);
        builder.Property(l => l.Hash).HasMaxLength(32);
    }
}

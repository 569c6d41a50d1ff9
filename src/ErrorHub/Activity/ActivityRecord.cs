using ErrorHub.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Activity;

/// <summary>One change by a person or a token: who, when, what, from where. Written in the transaction of the change.</summary>
public sealed class ActivityRecord
{
    /// <summary>Our key (uuidv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The person; null for the program itself.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The API token; null in the browser.</summary>
    public Guid? TokenId { get; init; }

    /// <summary>Name as it was then.</summary>
    public required string ActorName { get; init; }

    /// <summary>From where.</summary>
    public string? IpAddress { get; init; }

    /// <summary>What, as noun.verb: <c>issue.resolved</c>, <c>key.created</c>, <c>user.login_failed</c>.</summary>
    public required string Action { get; init; }

    /// <summary>On what: the id or slug.</summary>
    public required string Target { get; init; }

    /// <summary>The project; null for what belongs to none.</summary>
    public long? ProjectId { get; init; }

    /// <summary>What else is worth knowing, for people. Never a secret, never event text.</summary>
    public string? Detail { get; init; }

    /// <summary>A record of a change made now.</summary>
    public static ActivityRecord Of(
        Actor actor, DateTimeOffset at, string action, string target, long? projectId = null, string? detail = null) => new()
        {
            Id = Guid.CreateVersion7(at),
            At = at,
            UserId = actor.UserId,
            TokenId = actor.TokenId,
            ActorName = actor.Name,
            IpAddress = actor.IpAddress,
            Action = action,
            Target = target,
            ProjectId = projectId,
            Detail = detail,
        };
}

internal sealed class ActivityConfiguration : IEntityTypeConfiguration<ActivityRecord>
{
    public void Configure(EntityTypeBuilder<ActivityRecord> builder)
    {
        builder.ToTable("activity");
        builder.HasKey(a => a.Id);
        builder.HasIndex(a => new { a.ProjectId, a.Id });
        builder.Property(a => a.ActorName).HasMaxLength(256);
        builder.Property(a => a.IpAddress).HasMaxLength(64);
        builder.Property(a => a.Action).HasMaxLength(64);
        builder.Property(a => a.Target).HasMaxLength(256);
        builder.Property(a => a.Detail).HasMaxLength(1024);
    }
}

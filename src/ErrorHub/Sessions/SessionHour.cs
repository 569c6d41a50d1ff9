using ErrorHub.Protocol.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Sessions;

/// <summary>
/// Sessions of a release in one environment that began in one hour, each counted once and by how it stands now: the counts but the
/// total do not overlap, and what is left of the total went well.
/// </summary>
public sealed class SessionHour
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Start of the hour, UTC.</summary>
    public required DateTimeOffset Hour { get; init; }

    /// <summary>Release.</summary>
    public required string Release { get; init; }

    /// <summary>Environment; empty when none.</summary>
    public required string Environment { get; init; }

    /// <summary>All that began.</summary>
    public required long Total { get; set; }

    /// <summary>Ended well.</summary>
    public required long Exited { get; set; }

    /// <summary>With handled errors.</summary>
    public required long Errored { get; set; }

    /// <summary>Killed from outside, or hung.</summary>
    public required long Abnormal { get; set; }

    /// <summary>With an error that nobody handled.</summary>
    public required long Unhandled { get; set; }

    /// <summary>Crashed.</summary>
    public required long Crashed { get; set; }
}

/// <summary>
/// What one session was last counted as, so that it is counted once however often its SDK speaks of it. Kept for days only: a session
/// that speaks again after that is not heard.
/// </summary>
public sealed class SessionState
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>The SDK's id of the session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>The hour it is counted in.</summary>
    public required DateTimeOffset Hour { get; init; }

    /// <summary>The release it is counted under.</summary>
    public required string Release { get; init; }

    /// <summary>The environment it is counted under.</summary>
    public required string Environment { get; init; }

    /// <summary>How it stood last.</summary>
    public required SessionStatus Status { get; set; }

    /// <summary>True when its SDK said that it is over; what comes later is a repeat.</summary>
    public required bool IsOver { get; set; }

    /// <summary>Grows with each change: two processes that change the same session must not both count it.</summary>
    public required int Version { get; set; }
}

internal sealed class SessionConfiguration : IEntityTypeConfiguration<SessionHour>, IEntityTypeConfiguration<SessionState>
{
    public void Configure(EntityTypeBuilder<SessionHour> builder)
    {
        builder.ToTable("session_hours");
        builder.HasKey(h => new { h.ProjectId, h.Hour, h.Release, h.Environment });
        builder.Property(h => h.Release).HasMaxLength(200);
        builder.Property(h => h.Environment).HasMaxLength(64);
    }

    public void Configure(EntityTypeBuilder<SessionState> builder)
    {
        builder.ToTable("session_states");
        builder.HasKey(s => new { s.ProjectId, s.SessionId });
        // Old ones go by the hour.
        builder.HasIndex(s => new { s.ProjectId, s.Hour });
        builder.Property(s => s.Release).HasMaxLength(200);
        builder.Property(s => s.Environment).HasMaxLength(64);
        builder.Property(s => s.Status).HasConversion<short>();
        builder.Property(s => s.Version).IsConcurrencyToken();
    }
}

using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Privacy;

/// <summary>What a run over a project's stored events is at. The numbers are in the database.</summary>
public enum RescrubPhase : short
{
    /// <summary>Events received before it was started.</summary>
    Events = 0,

    /// <summary>Events that were on their way then.</summary>
    Late = 1,

    /// <summary>What issues show and are found by.</summary>
    Issues = 2,

    /// <summary>Done.</summary>
    Done = 3,
}

/// <summary>Scrubs a project's stored events again, by the rules in force. All it knows is here, so that it goes on after any end of the program.</summary>
public sealed class RescrubRun
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Our key (uuidv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>Name and version of the rules.</summary>
    public required string Policy { get; set; }

    /// <summary>When it was started, or began anew because the rules changed meanwhile.</summary>
    public required DateTimeOffset StartedAt { get; set; }

    /// <summary>Who started it, for people.</summary>
    public required string StartedBy { get; init; }

    /// <summary>When it was done; null while it is not.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Receive time of the oldest stored event when it was started.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>What it is at.</summary>
    public required RescrubPhase Phase { get; set; }

    /// <summary>Receive time of the last event that was looked at.</summary>
    public required DateTimeOffset CursorAt { get; set; }

    /// <summary>Our key of it; among issues that of the last issue.</summary>
    public required Guid CursorId { get; set; }

    /// <summary>Events looked at.</summary>
    public long EventsSeen { get; set; }

    /// <summary>Events from which something was taken.</summary>
    public long EventsChanged { get; set; }

    /// <summary>Events whose stored bytes are damaged, which stay as they are.</summary>
    public long EventsUnreadable { get; set; }

    /// <summary>Issues whose title, tags or other texts were changed.</summary>
    public long IssuesChanged { get; set; }

    /// <summary>Which call works on it.</summary>
    public Guid LeaseHolder { get; set; }

    /// <summary>Until when nobody else may: a process that dies holds it up no longer.</summary>
    public required DateTimeOffset LeaseUntil { get; set; }

    /// <summary>How far it is through the events received before, from 0 to 1.</summary>
    public double Share => Phase > RescrubPhase.Events || StartedAt <= From ? 1 : Math.Clamp((CursorAt - From) / (StartedAt - From), 0, 1);
}

internal sealed class RescrubConfiguration : IEntityTypeConfiguration<RescrubRun>
{
    public void Configure(EntityTypeBuilder<RescrubRun> builder)
    {
        builder.ToTable("rescrub_runs");
        builder.HasKey(r => new { r.ProjectId, r.Id });
        builder.Ignore(r => r.Share);
        builder.Property(r => r.Policy).HasMaxLength(64);
        builder.Property(r => r.StartedBy).HasMaxLength(256);
    }
}

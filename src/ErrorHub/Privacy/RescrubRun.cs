using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Privacy;

/// <summary>What a run over a project's stored events is at. The numbers are in the database.</summary>
public enum RescrubPhase : short
{
    /// <summary>Events, once those that were on their way when it was started are stored.</summary>
    Events = 0,

    /// <summary>What came beside events, and dead letters.</summary>
    Beside = 1,

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

    /// <summary>How long it waits after its start, until whatever was scrubbed by other rules is stored or dead, or is scrubbed again when it is.</summary>
    /// <remarks>
    /// Rules are remembered for five seconds, a batch waits for one, a note of what is to be counted for half of one. What leaves the spool
    /// or the dead letters has asked for the rules of the day (<see cref="LateScrubbing"/>) less than half a minute before it is stored.
    /// The rest is for clocks that differ.
    /// </remarks>
    public static readonly TimeSpan Wait = TimeSpan.FromMinutes(1);

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

    /// <summary>Receive time of the first event that was looked at.</summary>
    public DateTimeOffset From { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>What it is at.</summary>
    public RescrubPhase Phase { get; set; }

    /// <summary>Receive time of the last event that was looked at.</summary>
    public DateTimeOffset CursorAt { get; set; } = DateTimeOffset.UnixEpoch;

    /// <summary>Our key of it; in other phases that of what was looked at last.</summary>
    public Guid CursorId { get; set; }

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

    /// <summary>When it looks at the first event: all that were received before are stored, and those after were scrubbed by its rules.</summary>
    public DateTimeOffset BeginsAt => StartedAt + Wait;

    /// <summary>How far it is through the events, from 0 to 1.</summary>
    public double Share => Phase > RescrubPhase.Events ? 1 : CursorId == Guid.Empty ? 0 : Math.Clamp((CursorAt - From) / (BeginsAt - From), 0, 1);

    /// <summary>Begins anew by other rules.</summary>
    public void Restart(string policy, DateTimeOffset now)
    {
        (Policy, StartedAt, Phase) = (policy, now, RescrubPhase.Events);
        (From, CursorAt, CursorId) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, Guid.Empty);
    }
}

internal sealed class RescrubConfiguration : IEntityTypeConfiguration<RescrubRun>
{
    public void Configure(EntityTypeBuilder<RescrubRun> builder)
    {
        builder.ToTable("rescrub_runs");
        builder.HasKey(r => new { r.ProjectId, r.Id });
        builder.Ignore(r => r.BeginsAt);
        builder.Ignore(r => r.Share);
        builder.Property(r => r.Policy).HasMaxLength(64);
        builder.Property(r => r.StartedBy).HasMaxLength(256);
    }
}

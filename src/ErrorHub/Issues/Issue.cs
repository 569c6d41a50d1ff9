using ErrorHub.Accounts;
using ErrorHub.Protocol.Events;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace ErrorHub.Issues;

/// <summary>What a person decided about an issue. The numbers are in the database.</summary>
public enum IssueStatus : short
{
    /// <summary>Needs someone.</summary>
    Unresolved = 0,

    /// <summary>Fixed; the next event brings it back as regressed.</summary>
    Resolved = 1,

    /// <summary>Known and left alone; new events do not bring it back. Sentry's API says <c>ignored</c>.</summary>
    Archived = 2,
}

/// <summary>Why an issue is in its state. The numbers are in the database.</summary>
public enum IssueSubstatus : short
{
    /// <summary>First seen less than a week ago and not yet triaged.</summary>
    New = 0,

    /// <summary>Seen before.</summary>
    Ongoing = 1,

    /// <summary>Was resolved and came back.</summary>
    Regressed = 2,

    /// <summary>Its rate is above what is usual for it.</summary>
    Escalating = 3,

    /// <summary>Archived until someone reopens it.</summary>
    ArchivedForever = 4,
}

/// <summary>All events of one fault in one project.</summary>
public sealed class Issue
{
    /// <summary>Project; first in every key.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Our key (uuidv7).</summary>
    public required Guid Id { get; init; }

    /// <summary>Running number in the project: 12 in <c>SHOP-12</c>.</summary>
    public required long Number { get; init; }

    /// <summary>See <see cref="Normalization.EventHeading.Title"/>.</summary>
    public required string Title { get; set => field = Cut(value, 256); }

    /// <summary>See <see cref="Normalization.EventHeading.Culprit"/>.</summary>
    public required string Culprit { get; set => field = Cut(value, 200); }

    /// <summary>See <see cref="Normalization.EventHeading.Type"/>.</summary>
    public string? Type { get; set; }

    /// <summary>See <see cref="Normalization.EventHeading.Value"/>.</summary>
    public string? Value { get; set; }

    /// <summary>See <see cref="Normalization.EventHeading.Filename"/>.</summary>
    public string? Filename { get; set; }

    /// <summary>See <see cref="Normalization.EventHeading.Function"/>.</summary>
    public string? Function { get; set; }

    /// <summary>Level of the newest event.</summary>
    public required SentryLevel Level { get; set; }

    /// <summary>Platform of the newest event.</summary>
    public required string Platform { get; set; }

    /// <summary>Logger of the newest event.</summary>
    public string? Logger { get; set; }

    /// <summary>False when the newest event would have crashed the app; null when unknown.</summary>
    public bool? Handled { get; set; }

    /// <summary>State.</summary>
    public required IssueStatus Status { get; set; }

    /// <summary>Why it is in that state.</summary>
    public required IssueSubstatus Substatus { get; set; }

    /// <summary>When <see cref="Status"/> last changed.</summary>
    public required DateTimeOffset StatusChangedAt { get; set; }

    /// <summary>How often it came back after being resolved.</summary>
    public int Regressions { get; set; }

    /// <summary>Who looks after it; null when nobody does.</summary>
    public Guid? AssigneeId { get; set; }

    /// <summary>Receive time of the first event.</summary>
    public required DateTimeOffset FirstSeen { get; set; }

    /// <summary>Receive time of the newest event.</summary>
    public required DateTimeOffset LastSeen { get; set; }

    /// <summary>
    /// <see cref="LastSeen"/> in whole minutes since 1970, see <see cref="MinuteOf"/>: what lists are indexed by. An index over the
    /// time itself would have to be written anew with every batch, and PostgreSQL then writes all the other indexes of the row too.
    /// </summary>
    public int LastSeenMinute { get; set; }

    /// <summary>Events counted, stored or not.</summary>
    public required long EventCount { get; set; }

    /// <summary>Those of them whose bodies were kept when they came; see <see cref="Storage.SpikeGuard"/>.</summary>
    public required long KeptCount { get; set; }

    /// <summary>Distinct users affected: exact up to <see cref="Stats.UserSketch.MaxExactUsers"/>, an estimate beyond.</summary>
    public required long UserCount { get; set; }

    /// <summary>Release of the first event; empty when none.</summary>
    public required string FirstRelease { get; set; }

    /// <summary>Release of the newest event; empty when none.</summary>
    public required string LastRelease { get; set; }

    /// <summary>Environment of the newest event; empty when none.</summary>
    public required string LastEnvironment { get; set; }

    /// <summary>Version of the grouping algorithm that made it.</summary>
    public required short GroupingVersion { get; set; }

    /// <summary>See <see cref="Grouping.GroupingResult.Variant"/>.</summary>
    public required string GroupingVariant { get; set; }

    /// <summary>See <see cref="Grouping.GroupingResult.Why"/>, one part a line.</summary>
    public required string GroupingWhy { get; set; }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    /// <summary>The <see cref="LastSeenMinute"/> of a time.</summary>
    public static int MinuteOf(DateTimeOffset time) => (int)(time.ToUnixTimeSeconds() / 60);
}

/// <summary>From a hash to its issue; many hashes may lead to one.</summary>
public sealed class IssueFingerprint
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>16 bytes; see <see cref="Grouping.IssueHash"/>.</summary>
    public required byte[] Hash { get; init; }

    /// <summary>Version of the algorithm that made it.</summary>
    public required short Version { get; init; }

    /// <summary>The issue.</summary>
    public required Guid IssueId { get; set; }

    /// <summary>The issue that the hash led to before it was first merged into another; null when it never was.</summary>
    public Guid? MergedFrom { get; set; }
}

/// <summary>What happened to an issue. The numbers are in the database.</summary>
public enum IssueTransitionKind : short
{
    /// <summary>Its first event arrived.</summary>
    Created = 0,

    /// <summary>Someone resolved it.</summary>
    Resolved = 1,

    /// <summary>An event arrived after it was resolved.</summary>
    Regressed = 2,

    /// <summary>Someone archived it.</summary>
    Archived = 3,

    /// <summary>Someone reopened it.</summary>
    Reopened = 4,

    /// <summary>Someone assigned it, or took the assignment away.</summary>
    Assigned = 5,

    /// <summary>Someone merged another issue into it: <see cref="IssueTransition.OtherNumber"/>.</summary>
    Merged = 6,

    /// <summary>Someone took hashes out of it; they are another issue: <see cref="IssueTransition.OtherNumber"/>.</summary>
    Parted = 7,

    /// <summary>Someone made it of hashes of another issue: <see cref="IssueTransition.OtherNumber"/>.</summary>
    PartedFrom = 8,
}

/// <summary>One step in an issue's history, written in the transaction that made it; the alerts' outbox reads the same rows.</summary>
public sealed class IssueTransition
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Our key (uuidv7): the order of the history, and the alerts' cursor.</summary>
    public required Guid Id { get; init; }

    /// <summary>The issue.</summary>
    public required Guid IssueId { get; init; }

    /// <summary>What happened.</summary>
    public required IssueTransitionKind Kind { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The person; null when an event did it.</summary>
    public Guid? UserId { get; init; }

    /// <summary>The event; null when a person did it.</summary>
    public Guid? EventId { get; init; }

    /// <summary>Release of that event; null when none.</summary>
    public string? Release { get; init; }

    /// <summary>Number of the other issue of a merge or its undoing; else null.</summary>
    public long? OtherNumber { get; init; }

    /// <summary>A step that a person or a token takes.</summary>
    internal static IssueTransition By(Actor actor, Issue issue, IssueTransitionKind kind, DateTimeOffset at, long? otherNumber = null) => new()
    {
        ProjectId = issue.ProjectId,
        Id = Guid.CreateVersion7(at),
        IssueId = issue.Id,
        Kind = kind,
        At = at,
        UserId = actor.UserId,
        OtherNumber = otherNumber,
    };
}

/// <summary>The users an issue affected, for the exact count.</summary>
public sealed class IssueUser
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Issue.</summary>
    public required Guid IssueId { get; init; }

    /// <summary>See <see cref="Ingest.ProcessedEvent.UserHash"/>.</summary>
    public required byte[] UserHash { get; init; }
}

/// <summary>The users of an issue that has too many for <see cref="IssueUser"/> rows.</summary>
public sealed class IssueUserSketch
{
    /// <summary>Project.</summary>
    public required long ProjectId { get; init; }

    /// <summary>Issue.</summary>
    public required Guid IssueId { get; init; }

    /// <summary>See <see cref="Stats.UserSketch.Bytes"/>.</summary>
    public required byte[] Sketch { get; set; }
}

internal sealed class IssueConfiguration :
    IEntityTypeConfiguration<Issue>, IEntityTypeConfiguration<IssueFingerprint>, IEntityTypeConfiguration<IssueTransition>,
    IEntityTypeConfiguration<IssueUser>, IEntityTypeConfiguration<IssueUserSketch>
{
    public void Configure(EntityTypeBuilder<Issue> builder)
    {
        builder.ToTable("issues");
        builder.HasKey(i => new { i.ProjectId, i.Id });
        builder.HasIndex(i => new { i.ProjectId, i.Number }).IsUnique();
        // The list's default order, but for the rows of one minute, which are sorted. Rows move in it at most once a minute.
        builder.HasIndex(i => new { i.ProjectId, i.LastSeenMinute });
        builder.Property(i => i.Title).HasMaxLength(256);
        builder.Property(i => i.Culprit).HasMaxLength(200);
        builder.Property(i => i.Platform).HasMaxLength(64);
        builder.Property(i => i.FirstRelease).HasMaxLength(200);
        builder.Property(i => i.LastRelease).HasMaxLength(200);
        builder.Property(i => i.LastEnvironment).HasMaxLength(64);
        builder.Property(i => i.GroupingVariant).HasMaxLength(32);
    }

    public void Configure(EntityTypeBuilder<IssueFingerprint> builder)
    {
        builder.ToTable("issue_fingerprints");
        builder.HasKey(f => new { f.ProjectId, f.Hash });
        builder.HasIndex(f => new { f.ProjectId, f.IssueId });
        builder.Property(f => f.Hash).HasMaxLength(16);
    }

    public void Configure(EntityTypeBuilder<IssueTransition> builder)
    {
        builder.ToTable("issue_transitions");
        builder.HasKey(t => new { t.ProjectId, t.Id });
        builder.HasIndex(t => new { t.ProjectId, t.IssueId, t.Id });
        builder.Property(t => t.Release).HasMaxLength(200);
    }

    public void Configure(EntityTypeBuilder<IssueUser> builder)
    {
        builder.ToTable("issue_users");
        builder.HasKey(u => new { u.ProjectId, u.IssueId, u.UserHash });
        builder.Property(u => u.UserHash).HasMaxLength(16);
    }

    public void Configure(EntityTypeBuilder<IssueUserSketch> builder)
    {
        builder.ToTable("issue_user_sketches");
        builder.HasKey(s => new { s.ProjectId, s.IssueId });
    }
}

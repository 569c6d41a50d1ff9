using ErrorHub.Ingest;
using ErrorHub.Issues;

namespace ErrorHub.Storage;

/// <summary>What a batch changes about one issue.</summary>
/// <param name="issue">The issue before the batch.</param>
/// <param name="first">The batch's first event of it.</param>
internal sealed class IssueChange(KnownIssue issue, ProcessedEvent first)
{
    public KnownIssue Issue => issue;

    /// <summary>Events of the batch.</summary>
    public long Events { get; private set; }

    /// <summary>Those of them whose bodies are kept.</summary>
    public long Kept { get; private set; }

    /// <summary>Users the issue did not know; the writer sets it from what the database inserted.</summary>
    public long NewUsers { get; set; }

    /// <summary>The event received first.</summary>
    public ProcessedEvent Oldest { get; private set; } = first;

    /// <summary>The event received last: the issue shows its heading, unless the database already has one of a newer event.</summary>
    public ProcessedEvent Newest { get; private set; } = first;

    /// <summary>The step in the issue's history that the batch makes; null when it makes none.</summary>
    public IssueTransition? Transition { get; private set; }

    public bool Regressed => Transition?.Kind == IssueTransitionKind.Regressed;

    /// <summary>Counts an event and says what it made of the issue.</summary>
    public IssueTransitionKind? Add(ProcessedEvent e, bool kept, DateTimeOffset now)
    {
        Events++;
        Kept += kept ? 1 : 0;
        if (e.ReceivedAt < Oldest.ReceivedAt)
            Oldest = e;

        if (e.ReceivedAt >= Newest.ReceivedAt)
            Newest = e;

        if (Transition is not null || KindOf(e) is not { } kind)
            return null;

        Transition = new IssueTransition
        {
            ProjectId = issue.ProjectId,
            // Of now, not of the event: an event from the spool must not slip in behind the alerts' cursor.
            Id = Guid.CreateVersion7(now),
            IssueId = issue.Id,
            Kind = kind,
            At = e.ReceivedAt,
            EventId = e.EventId.Value,
            Release = e.Release.Length > 0 ? e.Release : null,
        };
        return kind;
    }

    // An event that was received before the issue was resolved, and waited in a batch or the spool, is not a regression.
    private IssueTransitionKind? KindOf(ProcessedEvent e) => issue switch
    {
        { IsNew: true } => IssueTransitionKind.Created,
        { Status: IssueStatus.Resolved } when e.ReceivedAt > issue.StatusChangedAt => IssueTransitionKind.Regressed,
        _ => null,
    };
}

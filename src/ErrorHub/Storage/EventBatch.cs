using ErrorHub.Ingest;
using ErrorHub.Issues;

namespace ErrorHub.Storage;

/// <summary>A hash inside its project: what leads an event to its issue.</summary>
/// <param name="ProjectId">Project.</param>
/// <param name="Value">The hash, its 16 bytes as a number.</param>
internal readonly record struct FingerprintKey(long ProjectId, UInt128 Value) : IComparable<FingerprintKey>
{
    public byte[] Hash => Bytes16.Of(Value);

    public static FingerprintKey Of(ProcessedEvent e) => Of(e.ProjectId, e.Grouping.Hash.Value);

    public static FingerprintKey Of(long projectId, byte[] hash) => new(projectId, Bytes16.Number(hash));

    public int CompareTo(FingerprintKey other) =>
        ProjectId != other.ProjectId ? ProjectId.CompareTo(other.ProjectId) : Value.CompareTo(other.Value);
}

/// <summary>An issue as its row stood, locked, when the batch met it; or one that the batch is about to create.</summary>
/// <param name="ProjectId">Project.</param>
/// <param name="Id">Our key.</param>
/// <param name="Number">Its number when it is new; else 0, since nothing asks for it.</param>
/// <param name="Status">State before the batch.</param>
/// <param name="StatusChangedAt">Since when it is in that state.</param>
/// <param name="UserCount">Users it affected before the batch.</param>
internal sealed record KnownIssue(
    long ProjectId, Guid Id, long Number, IssueStatus Status, DateTimeOffset StatusChangedAt, long UserCount)
{
    public bool IsNew => Number > 0;

    public static KnownIssue New(long projectId, long number, DateTimeOffset now) =>
        new(projectId, Guid.CreateVersion7(now), number, IssueStatus.Unresolved, now, 0);
}

/// <summary>
/// One batch on its way into the database: which of its events are stored, what they belong to, and what they change. The part
/// of writing that both providers share; it does no I/O. Used once: a retry starts with a fresh one.
/// </summary>
internal sealed class EventBatch
{
    private readonly ProcessedEvent[] _events;
    private readonly bool[] _stored;
    private readonly bool[] _kept;
    private readonly bool[] _repeated;
    private readonly bool[] _orphaned;
    private readonly bool[] _gone;
    private readonly WriteResult[] _results;

    public EventBatch(IReadOnlyList<ProcessedEvent> events)
    {
        _events = [.. events.Select(StoredText.Fit)];
        _stored = new bool[_events.Length];
        _kept = new bool[_events.Length];
        _repeated = new bool[_events.Length];
        _orphaned = new bool[_events.Length];
        _gone = new bool[_events.Length];
        _results = new WriteResult[_events.Length];
        Candidates = [.. Enumerable.Range(0, _events.Length)
            .DistinctBy(i => (_events[i].ProjectId, _events[i].EventId))
            .OrderBy(i => _events[i].ProjectId).ThenBy(i => _events[i].EventId.Value)];
    }

    public IReadOnlyList<ProcessedEvent> Events => _events;

    /// <summary>
    /// Positions of the first event of each id, ordered by project and id: writers in two processes that hold the same ids wait
    /// for each other in the same order and cannot deadlock.
    /// </summary>
    public IReadOnlyList<int> Candidates { get; private set; }

    /// <summary>The results in the order of the events given; complete after <see cref="Fold"/> or <see cref="AnswerUncounted"/>.</summary>
    public IReadOnlyList<WriteResult> Results => _results;

    /// <summary>Events that are stored, in the order given.</summary>
    public IEnumerable<ProcessedEvent> Stored => StoredPositions.Select(i => _events[i]);

    /// <summary>Their positions.</summary>
    public IEnumerable<int> StoredPositions => Enumerable.Range(0, _events.Length).Where(i => _stored[i] && !_gone[i]);

    /// <summary>Positions of the events that are not stored.</summary>
    public IEnumerable<int> UnstoredPositions => Enumerable.Range(0, _events.Length).Where(i => !_stored[i]);

    /// <summary>Hashes of the candidates, each once, in the order every writer takes them.</summary>
    public IReadOnlyList<FingerprintKey> Fingerprints =>
        [.. Candidates.Select(i => FingerprintKey.Of(_events[i])).Distinct().Order()];

    /// <summary>Those of them that belong to stored events.</summary>
    public IReadOnlyList<FingerprintKey> StoredFingerprints =>
        [.. Stored.Select(FingerprintKey.Of).Distinct().Order()];

    /// <summary>True when the event at this position gets a row with its body, if it is stored.</summary>
    public bool IsKept(int position) => _kept[position];


    /// <summary>Leaves out the events of projects that are gone; nothing could show them, and nothing counts them.</summary>
    public void LeaveOutAllBut(IReadOnlySet<long> projects)
    {
        for (var i = 0; i < _events.Length; i++)
            _orphaned[i] = !projects.Contains(_events[i].ProjectId);

        Candidates = [.. Candidates.Where(i => !_orphaned[i])];
    }

    /// <summary>Notes that the database took the key of the event at this position.</summary>
    public void MarkStored(int position) => _stored[position] = true;

    /// <summary>Notes that the event at this position was stored, and deleted again with its issue before it was counted there.</summary>
    public void MarkGone(int position) => _gone[position] = true;

    /// <summary>Leaves out the event at this position: it is not stored, and neither is another one with its id.</summary>
    public void LeaveOut(int position) => _orphaned[position] = true;

    /// <summary>Notes that the event at this position gets a row.</summary>
    public void MarkKept(int position) => _kept[position] = true;

    /// <summary>Decides which of the events at these positions get a row with their body.</summary>
    /// <param name="positions">Events that are stored, as far as is known.</param>
    /// <param name="spikes">Thins out the storms of an issue.</param>
    /// <param name="issueOf">The issue of a hash.</param>
    public void ChooseKept(IEnumerable<int> positions, SpikeGuard spikes, Func<FingerprintKey, Guid> issueOf)
    {
        foreach (var i in positions)
            _kept[i] = spikes.Count(issueOf(FingerprintKey.Of(_events[i])), _events[i].ReceivedAt);
    }

    /// <summary>Notes the key of ours under which the database already has the event id of this position.</summary>
    public void MarkTaken(int position, Guid id) => _repeated[position] = id == _events[position].Id;

    /// <summary>What the stored events change, each row once. Which of them are kept is decided before.</summary>
    /// <param name="issues">The issue of each of <see cref="Fingerprints"/>.</param>
    /// <param name="outcomes">Outcomes to count besides the batch's own.</param>
    /// <param name="now">When the batch is written.</param>
    public BatchChanges Fold(
        IReadOnlyDictionary<FingerprintKey, KnownIssue> issues, IReadOnlyList<OutcomeCount> outcomes, DateTimeOffset now)
    {
        var changes = new BatchChanges(now);
        for (var i = 0; i < _events.Length; i++)
        {
            if (_orphaned[i])
                continue;

            if (_gone[i])
            {
                changes.AddOutcome(OutcomeOf(_events[i], Outcome.Accepted, DiscardReason.None));
            }
            else if (_stored[i])
            {
                var issue = issues[FingerprintKey.Of(_events[i])];
                _results[i] = new WriteResult(true, issue.Id, changes.AddEvent(_events[i], issue, _kept[i]));
                changes.AddOutcome(OutcomeOf(_events[i], Outcome.Accepted, _kept[i] ? DiscardReason.None : DiscardReason.Spike));
            }
            else if (_repeated[i])
            {
                _results[i] = new WriteResult(false, Guid.Empty, null, IsRepeat: true);
            }
            else
            {
                changes.AddOutcome(OutcomeOf(_events[i], Outcome.Filtered, DiscardReason.Duplicate));
            }
        }

        foreach (var outcome in outcomes)
            changes.AddOutcome(outcome);

        return changes;
    }

    /// <summary>The results of a batch that is counted later.</summary>
    /// <param name="issueOf">The issue of a hash.</param>
    public void AnswerUncounted(Func<FingerprintKey, Guid> issueOf)
    {
        for (var i = 0; i < _events.Length; i++)
            _results[i] = new WriteResult(
                _stored[i], _stored[i] ? issueOf(FingerprintKey.Of(_events[i])) : Guid.Empty, null, _repeated[i]);
    }

    private static OutcomeCount OutcomeOf(ProcessedEvent e, Outcome outcome, DiscardReason reason) =>
        new(e.ProjectId, e.ReceivedAt, outcome, reason.ToName(), e.Category, 1);
}

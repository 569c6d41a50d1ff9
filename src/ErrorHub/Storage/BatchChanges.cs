using ErrorHub.Ingest;
using ErrorHub.Issues;
using ErrorHub.Privacy;
using ErrorHub.Stats;

namespace ErrorHub.Storage;

/// <summary>A user of an issue.</summary>
/// <param name="ProjectId">Project.</param>
/// <param name="IssueId">Issue.</param>
/// <param name="Value">The user's hash, its 16 bytes as a number.</param>
internal readonly record struct IssueUserKey(long ProjectId, Guid IssueId, UInt128 Value)
{
    public byte[] UserHash => Bytes16.Of(Value);
}

internal readonly record struct IssueTagKey(long ProjectId, Guid IssueId, string Key, string Value);

internal readonly record struct IssueHourKey(long ProjectId, Guid IssueId, DateTimeOffset Hour, string Environment, string Release);

internal readonly record struct OutcomeHourKey(long ProjectId, DateTimeOffset Hour, Outcome Outcome, string Reason, string Category);

internal readonly record struct RemovalKey(long ProjectId, DateTimeOffset Day, string Rule, string Path);

internal readonly record struct NameKey(long ProjectId, string Name);

/// <summary>Events counted, and the receive times of the first and the newest of them.</summary>
internal readonly record struct Sightings(long Events, DateTimeOffset First, DateTimeOffset Newest)
{
    public Sightings With(DateTimeOffset at) => new(Events + 1, at < First ? at : First, at > Newest ? at : Newest);
}

/// <summary>
/// What a batch adds to the database, folded to one change per row however many events share it: a noisy issue costs one
/// update a batch (performance.md, finding 3). Every list is in the order of its key, the order all writers take locks in.
/// </summary>
internal sealed class BatchChanges(DateTimeOffset now)
{
    private readonly Dictionary<Guid, IssueChange> _issues = [];
    private readonly HashSet<IssueUserKey> _users = [];
    private readonly Dictionary<IssueTagKey, Sightings> _tags = [];
    private readonly Dictionary<IssueHourKey, long> _hours = [];
    private readonly Dictionary<OutcomeHourKey, long> _outcomes = [];
    private readonly Dictionary<RemovalKey, long> _removals = [];
    private readonly Dictionary<long, int> _removalPaths = [];
    private readonly Dictionary<NameKey, Sightings> _releases = [];
    private readonly Dictionary<NameKey, Sightings> _environments = [];

    public IReadOnlyList<IssueChange> Issues => [.. _issues.Values.OrderBy(i => i.Issue.ProjectId).ThenBy(i => i.Issue.Id)];

    public IReadOnlyList<IssueUserKey> Users =>
        [.. _users.OrderBy(u => u.ProjectId).ThenBy(u => u.IssueId).ThenBy(u => u.Value)];

    public IReadOnlyList<KeyValuePair<IssueTagKey, Sightings>> Tags =>
        [.. _tags.OrderBy(t => t.Key.ProjectId).ThenBy(t => t.Key.IssueId)
            .ThenBy(t => t.Key.Key, StringComparer.Ordinal).ThenBy(t => t.Key.Value, StringComparer.Ordinal)];

    public IReadOnlyList<KeyValuePair<IssueHourKey, long>> Hours =>
        [.. _hours.OrderBy(h => h.Key.ProjectId).ThenBy(h => h.Key.IssueId).ThenBy(h => h.Key.Hour)
            .ThenBy(h => h.Key.Environment, StringComparer.Ordinal).ThenBy(h => h.Key.Release, StringComparer.Ordinal)];

    public IReadOnlyList<KeyValuePair<OutcomeHourKey, long>> Outcomes =>
        [.. _outcomes.OrderBy(o => o.Key.ProjectId).ThenBy(o => o.Key.Hour).ThenBy(o => o.Key.Outcome)
            .ThenBy(o => o.Key.Reason, StringComparer.Ordinal).ThenBy(o => o.Key.Category, StringComparer.Ordinal)];

    public IReadOnlyList<KeyValuePair<RemovalKey, long>> Removals =>
        [.. _removals.OrderBy(r => r.Key.ProjectId).ThenBy(r => r.Key.Rule, StringComparer.Ordinal)
            .ThenBy(r => r.Key.Path, StringComparer.Ordinal).ThenBy(r => r.Key.Day)];

    public IReadOnlyList<KeyValuePair<NameKey, Sightings>> Releases => InOrder(_releases);

    public IReadOnlyList<KeyValuePair<NameKey, Sightings>> Environments => InOrder(_environments);

    public IReadOnlyList<IssueTransition> Transitions => [.. Issues.Select(i => i.Transition).OfType<IssueTransition>()];

    /// <summary>Counts an event.</summary>
    /// <param name="e">The event.</param>
    /// <param name="issue">Its issue.</param>
    /// <param name="kept">Whether its body is kept.</param>
    /// <returns>What the event made of its issue; null when nothing.</returns>
    public IssueTransitionKind? AddEvent(ProcessedEvent e, KnownIssue issue, bool kept)
    {
        if (!_issues.TryGetValue(issue.Id, out var change))
            _issues.Add(issue.Id, change = new IssueChange(issue, e));

        var (project, received) = (e.ProjectId, e.ReceivedAt);
        if (e.UserHash is { } user)
            _users.Add(new IssueUserKey(project, issue.Id, Bytes16.Number(user)));

        foreach (var (key, value) in e.Tags)
        {
            var fitting = StoredText.FitTag(key, value);
            Count(_tags, new IssueTagKey(project, issue.Id, fitting.Key, fitting.Value), received);
        }

        // By receive time: it is ours, so no sender's clock can write into a past or a future hour.
        var hour = new IssueHourKey(project, issue.Id, IssueCounts.HourOf(received), e.Environment, e.Release);
        _hours[hour] = _hours.GetValueOrDefault(hour) + 1;
        if (e.Release.Length > 0)
            Count(_releases, new NameKey(project, e.Release), received);

        if (e.Environment.Length > 0)
            Count(_environments, new NameKey(project, e.Environment), received);

        foreach (var removal in e.Removals)
            AddRemoval(e, removal);

        return change.Add(e, kept, now);
    }

    /// <summary>Counts an outcome.</summary>
    public void AddOutcome(OutcomeCount count)
    {
        var key = new OutcomeHourKey(
            count.ProjectId, IssueCounts.HourOf(count.At), count.Outcome, StoredText.Fit(count.Reason, 64), StoredText.Fit(count.Category, 32));
        _outcomes[key] = _outcomes.GetValueOrDefault(key) + count.Quantity;
    }

    private void AddRemoval(ProcessedEvent e, RemovalCount removal)
    {
        var key = new RemovalKey(
            e.ProjectId, IssueCounts.DayOf(e.ReceivedAt), StoredText.Fit(removal.Rule, RemovalConfiguration.MaxRule),
            StoredText.Fit(removal.Path, RemovalConfiguration.MaxPath));
        if (!_removals.ContainsKey(key))
        {
            var paths = _removalPaths.GetValueOrDefault(e.ProjectId);
            if (paths == RemovalPath.MaxPerBatch)
                key = key with { Path = RemovalCount.OtherPaths };
            else
                _removalPaths[e.ProjectId] = paths + 1;
        }

        _removals[key] = _removals.GetValueOrDefault(key) + removal.Count;
    }

    private static void Count<TKey>(Dictionary<TKey, Sightings> sightings, TKey key, DateTimeOffset at)
        where TKey : notnull =>
        sightings[key] = sightings.TryGetValue(key, out var seen) ? seen.With(at) : new Sightings(1, at, at);

    private static IReadOnlyList<KeyValuePair<NameKey, Sightings>> InOrder(Dictionary<NameKey, Sightings> names) =>
        [.. names.OrderBy(n => n.Key.ProjectId).ThenBy(n => n.Key.Name, StringComparer.Ordinal)];
}

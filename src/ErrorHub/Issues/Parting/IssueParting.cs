using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using ErrorHub.Stats;
using ErrorHub.Storage;
using ErrorHub.Tags;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Issues.Parting;

/// <summary>
/// Moves to a new issue what the leaving events of an old one have counted. Nothing is lost and nothing doubled: what the one gains, the
/// other gives. Within a transaction that holds the locks of the project and of the old issue.
/// </summary>
/// <remarks>
/// Of an hour from which not every body is kept, the new issue gets the share that its events have in those that are. What has expired
/// stays where it is, for nobody knows any more whose it was.
/// </remarks>
internal sealed class IssueParting(ErrorHubDbContext db, Issue old, IssueParts parts, GroupingRules rules)
{
    private readonly EventBodies _bodies = new(db, old.ProjectId);

    // Tags of the old issue that events carry on both sides.
    private readonly List<IssueTag> _shared = [];

    private EventTally Leaving => parts.Leaving;

    private EventTally Staying => parts.Staying;

    /// <summary>Makes the new issue, whose hashes the caller moves.</summary>
    public async Task<Issue> MakeAsync(Guid id, long number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (first, newest) = (Leaving.First!, Leaving.Newest!);
        var events = await MoveHoursAsync(id, cancellationToken);
        await MoveTagsAsync(id, events, cancellationToken);
        var issue = new Issue
        {
            ProjectId = old.ProjectId,
            Id = id,
            Number = number,
            Title = old.Title,
            Culprit = old.Culprit,
            Level = old.Level,
            Platform = old.Platform,
            // What was decided about the whole holds for its parts until someone decides anew.
            Status = old.Status,
            Substatus = old.Substatus,
            StatusChangedAt = now,
            AssigneeId = old.AssigneeId,
            FirstSeen = first.ReceivedAt,
            LastSeen = newest.ReceivedAt,
            LastSeenMinute = Issue.MinuteOf(newest.ReceivedAt),
            FirstRelease = first.Release,
            LastRelease = newest.Release,
            LastEnvironment = newest.Environment,
            EventCount = events,
            KeptCount = Math.Min(Leaving.Events, events),
            UserCount = Leaving.Users.Count,
            GroupingVersion = old.GroupingVersion,
            GroupingVariant = old.GroupingVariant,
            GroupingWhy = old.GroupingWhy,
        };
        if (await _bodies.ReadAsync(newest.ReceivedAt, newest.Id, cancellationToken) is { } body)
        {
            var grouping = Show(issue, body);
            (issue.GroupingVersion, issue.GroupingVariant, issue.GroupingWhy) =
                (grouping.Hash.Version, StoredText.FitVariant(grouping.Variant), StoredText.JoinLines(grouping.Why));
        }

        await MoveUsersAsync(id, cancellationToken);
        await ShrinkAsync(events, cancellationToken);
        db.Issues.Add(issue);
        return issue;
    }

    /// <returns>Events that the new issue has.</returns>
    private async Task<long> MoveHoursAsync(Guid id, CancellationToken cancellationToken)
    {
        var (first, last) = (IssueCounts.HourOf(Leaving.First!.ReceivedAt), Leaving.Newest!.ReceivedAt);
        var rows = await db.IssueHours
            .Where(h => h.ProjectId == old.ProjectId && h.IssueId == old.Id && h.Hour >= first && h.Hour <= last)
            .ToDictionaryAsync(h => new HourKey(h.Hour, h.Environment, h.Release), cancellationToken);
        var events = 0L;
        foreach (var (hour, leaving) in Leaving.Hours)
        {
            if (!rows.TryGetValue(hour, out var row))
                continue;

            var share = row.Events * leaving / (leaving + Staying.Hours.GetValueOrDefault(hour));
            if (share == 0)
                continue;

            row.Events -= share;
            events += share;
            if (row.Events == 0)
                db.IssueHours.Remove(row);

            db.IssueHours.Add(new IssueHour
            {
                ProjectId = old.ProjectId,
                IssueId = id,
                Hour = hour.Hour,
                Environment = hour.Environment,
                Release = hour.Release,
                Events = share,
            });
        }

        return events;
    }

    // Tags stand in the bodies alone.
    private async Task MoveTagsAsync(Guid id, long events, CancellationToken cancellationToken)
    {
        var seen = new Dictionary<(string Key, string Value), Sightings>();
        var read = 0;
        await foreach (var (at, _, e) in _bodies.ReadAsync(Leaving.Samples, cancellationToken))
        {
            read++;
            foreach (var (key, value) in DerivedTags.Of(e))
            {
                var tag = StoredText.FitTag(key, value);
                seen[tag] = seen.TryGetValue(tag, out var sightings) ? sightings.With(at) : new Sightings(1, at, at);
            }
        }

        var rows = await db.IssueTags.Where(t => t.ProjectId == old.ProjectId && t.IssueId == old.Id).ToListAsync(cancellationToken);
        foreach (var row in rows)
        {
            if (!seen.TryGetValue((row.Key, row.Value), out var sightings))
                continue;

            // Those whose bodies were not read carry what the others do.
            var share = Math.Min(row.Events, sightings.Events * events / read);
            if (share == 0)
                continue;

            row.Events -= share;
            if (row.Events == 0)
                db.IssueTags.Remove(row);
            else
                _shared.Add(row);

            db.IssueTags.Add(new IssueTag
            {
                ProjectId = old.ProjectId,
                IssueId = id,
                Key = row.Key,
                Value = row.Value,
                Events = share,
                FirstSeen = sightings.First,
                LastSeen = sightings.Newest,
            });
        }
    }

    private async Task MoveUsersAsync(Guid id, CancellationToken cancellationToken)
    {
        if (Leaving.Users.Count < UserSketch.MaxExactUsers)
        {
            foreach (var user in Leaving.Users)
                db.IssueUsers.Add(new IssueUser { ProjectId = old.ProjectId, IssueId = id, UserHash = Bytes16.Of(user) });
        }
        else
        {
            db.IssueUserSketches.Add(new IssueUserSketch { ProjectId = old.ProjectId, IssueId = id, Sketch = SketchOf(Leaving.Users).Bytes });
        }

        var users = db.IssueUsers.Where(u => u.ProjectId == old.ProjectId && u.IssueId == old.Id);
        foreach (var gone in Leaving.Users.Where(u => !Staying.Users.Contains(u)).Select(Bytes16.Of).Chunk(500))
            await users.Where(u => gone.Contains(u.UserHash)).ExecuteDeleteAsync(cancellationToken);

        var sketch = await db.IssueUserSketches.FirstOrDefaultAsync(s => s.ProjectId == old.ProjectId && s.IssueId == old.Id, cancellationToken);
        if (sketch is null)
        {
            old.UserCount = await users.LongCountAsync(cancellationToken);
        }
        else if (parts.Events == old.EventCount)
        {
            // Nobody can be taken out of a sketch, but while all events are there it can be made anew.
            sketch.Sketch = SketchOf(Staying.Users).Bytes;
            old.UserCount = Staying.Users.Count;
        }
    }

    private async Task ShrinkAsync(long events, CancellationToken cancellationToken)
    {
        old.EventCount -= events;
        old.KeptCount = Math.Max(0, old.KeptCount - Math.Min(Leaving.Events, events));
        if (Staying.First is not { } first || Staying.Newest is not { } newest)
            return;

        // What has expired was older than all that is stored. And no tag was seen before or after all that stay.
        if (Leaving.First!.ReceivedAt <= old.FirstSeen)
        {
            (old.FirstSeen, old.FirstRelease) = (first.ReceivedAt, first.Release);
            foreach (var tag in _shared.Where(t => t.FirstSeen < first.ReceivedAt))
                tag.FirstSeen = first.ReceivedAt;
        }

        if (Leaving.Newest!.ReceivedAt < old.LastSeen)
            return;

        (old.LastSeen, old.LastSeenMinute) = (newest.ReceivedAt, Issue.MinuteOf(newest.ReceivedAt));
        (old.LastRelease, old.LastEnvironment) = (newest.Release, newest.Environment);
        foreach (var tag in _shared.Where(t => t.LastSeen > newest.ReceivedAt))
            tag.LastSeen = newest.ReceivedAt;

        if (await _bodies.ReadAsync(newest.ReceivedAt, newest.Id, cancellationToken) is { } body)
            Show(old, body);
    }

    // Lists show of an issue what its newest event says.
    /// <returns>How the event is grouped.</returns>
    private GroupingResult Show(Issue issue, SentryEvent e)
    {
        var grouping = Grouper.GroupingOf(e, rules);
        var heading = StoredText.Fit(EventHeading.Of(e, grouping.Title));
        issue.Title = heading.Title;
        issue.Culprit = heading.Culprit;
        issue.Type = heading.Type;
        issue.Value = heading.Value;
        issue.Filename = heading.Filename;
        issue.Function = heading.Function;
        issue.Level = e.Level;
        issue.Platform = StoredText.FitPlatform(e.Platform);
        issue.Logger = StoredText.FitLogger(e.Logger);
        issue.Handled = e.Handled;
        return grouping;
    }

    private static UserSketch SketchOf(IReadOnlySet<UInt128> users)
    {
        var sketch = new UserSketch();
        foreach (var user in users)
            sketch.Add(Bytes16.Of(user));

        return sketch;
    }
}

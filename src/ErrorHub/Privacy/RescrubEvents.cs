using ErrorHub.Events;
using ErrorHub.Grouping.Rules;
using ErrorHub.Scrubbing;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>Stored events of a project, some at a time: what is to be written is worked out before the transaction that writes it.</summary>
/// <remarks>The hash stays, so that events stay in their issues, and so does the release, by which hours are counted.</remarks>
internal sealed class RescrubEvents(ErrorHubDbContext db, long projectId, ScrubbingPolicy policy, GroupingRules rules)
{
    private const int Step = 50;

    private readonly List<(DateTimeOffset ReceivedAt, Guid Id, byte[] Body, int Bytes, string Title)> _changes = [];

    /// <summary>Events looked at.</summary>
    public int Seen { get; private set; }

    /// <summary>Those that change.</summary>
    public int Changed => _changes.Count;

    /// <summary>Those that are damaged.</summary>
    public int Unreadable { get; private set; }

    /// <summary>When the first one was received; our epoch when there was none.</summary>
    public DateTimeOffset First { get; private set; } = DateTimeOffset.UnixEpoch;

    /// <summary>The last one; null when there was none.</summary>
    public (DateTimeOffset ReceivedAt, Guid Id)? Last { get; private set; }

    /// <summary>Reads the events behind a place that were received before a time, and scrubs them.</summary>
    public async Task<RescrubEvents> ReadAsync(DateTimeOffset at, Guid id, DateTimeOffset until, CancellationToken cancellationToken)
    {
        var rows = await db.Events.AsNoTracking()
            .Where(e => e.ProjectId == projectId && e.ReceivedAt >= at && e.ReceivedAt < until && (e.ReceivedAt > at || e.Id.CompareTo(id) > 0))
            .OrderBy(e => e.ReceivedAt).ThenBy(e => e.Id).Take(Step)
            .Select(e => new { e.ReceivedAt, e.Id, e.Body, e.Codec, e.BodyBytes })
            .ToListAsync(cancellationToken);
        First = rows is [var first, ..] ? first.ReceivedAt : First;
        foreach (var row in rows)
        {
            (Seen, Last) = (Seen + 1, (row.ReceivedAt, row.Id));
            if (EventBodies.Read(row.Body, row.Codec, row.BodyBytes) is not { } stored)
            {
                Unreadable++;
            }
            else if (Rescrubbing.Scrub(stored, policy) is { } e)
            {
                var (body, bytes) = Rescrubbing.BodyOf(e);
                _changes.Add((row.ReceivedAt, row.Id, body, bytes, StoredText.Fit(Rescrubbing.TextsOf(e, rules).Heading).Title));
            }
        }

        return this;
    }

    /// <summary>Writes those that change.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        foreach (var (at, id, body, bytes, title) in _changes)
        {
            await db.Events.Where(e => e.ProjectId == projectId && e.ReceivedAt == at && e.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(e => e.Body, body).SetProperty(e => e.Codec, PayloadCodec.Kind)
                    .SetProperty(e => e.BodyBytes, bytes).SetProperty(e => e.Title, title),
                cancellationToken);
        }
    }
}

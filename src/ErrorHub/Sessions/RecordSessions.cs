using ErrorHub.Activity;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;
using ErrorHub.Stats;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Sessions;

/// <summary>A report as it was received.</summary>
/// <param name="ProjectId">The project.</param>
/// <param name="ReceivedAt">When it was received.</param>
/// <param name="Report">What the SDK says.</param>
public sealed record ReceivedSessions(long ProjectId, DateTimeOffset ReceivedAt, SessionReport Report)
{
    /// <summary>A report, with the names of its release and environment as events have them.</summary>
    public static ReceivedSessions Of(long projectId, DateTimeOffset receivedAt, SessionReport report, ScrubbingPolicy policy) => new(
        projectId, receivedAt,
        report with
        {
            Release = TextScrubber.Scrub(report.Release, TextPlace.Name, policy.Rules, null),
            Environment = TextScrubber.Scrub(report.Environment, TextPlace.Prose, policy.Rules, null),
        });
}

/// <summary>Adds reports to the hours of their releases, in one transaction.</summary>
/// <param name="Reports">The reports, in the order they came.</param>
/// <remarks>Answers how many were counted; the others are repeats, or too old.</remarks>
public sealed record RecordSessions(IReadOnlyList<ReceivedSessions> Reports) : IRequest<int>, IUnattended;

internal sealed class RecordSessionsHandler(ErrorHubDbContext db) : IRequestHandler<RecordSessions, int>
{
    /// <summary>A session that began before this is not counted any more, and what is known of it is forgotten.</summary>
    internal static readonly TimeSpan Memory = TimeSpan.FromDays(5);

    // Another process may count the same session, or begin the same hour, between our look and our write; then we look again.
    private const int Tries = 5;

    private readonly Dictionary<(long ProjectId, Guid SessionId), SessionState> _states = [];
    private readonly SortedDictionary<HourKey, long[]> _added = [];

    public async Task<int> Handle(RecordSessions request, CancellationToken cancellationToken)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await CountAsync(request.Reports, cancellationToken);
            }
            catch (DbUpdateException) when (tried < Tries)
            {
                db.ChangeTracker.Clear();
                _states.Clear();
                _added.Clear();
            }
        }
    }

    private async Task<int> CountAsync(IReadOnlyList<ReceivedSessions> reports, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await ReadStatesAsync(reports, cancellationToken);
        var counted = reports.Count(report => report.Report.Update is { } update ? Count(report, update) : CountAggregates(report));
        await db.SaveChangesAsync(cancellationToken);
        foreach (var (key, counts) in _added)
            await AddAsync(key, counts, cancellationToken);

        await transaction.CommitAsync(cancellationToken);
        return counted;
    }

    private async Task ReadStatesAsync(IReadOnlyList<ReceivedSessions> reports, CancellationToken cancellationToken)
    {
        foreach (var ofProject in reports.Where(r => r.Report.Update is not null).GroupBy(r => r.ProjectId, r => r.Report.Update!.Id.Value))
        {
            foreach (var ids in ofProject.Distinct().Chunk(500))
            {
                var states = await db.SessionStates.Where(s => s.ProjectId == ofProject.Key && ids.Contains(s.SessionId)).ToListAsync(cancellationToken);
                foreach (var state in states)
                    _states[(state.ProjectId, state.SessionId)] = state;
            }
        }
    }

    /// <summary>Counts a session at its first word, and moves it to another count when it changes.</summary>
    private bool Count(ReceivedSessions received, SessionUpdate update)
    {
        if (!TryReadHour(update.Started, received.ReceivedAt, out var hour))
            return false;

        if (!_states.TryGetValue((received.ProjectId, update.Id.Value), out var state))
        {
            state = new SessionState
            {
                ProjectId = received.ProjectId,
                SessionId = update.Id.Value,
                Hour = hour,
                Release = StoredText.Fit(received.Report.Release, 200),
                Environment = StoredText.Fit(received.Report.Environment, 64),
                Status = update.Status,
                IsOver = update.IsOver,
                Version = 0,
            };
            _states.Add((state.ProjectId, state.SessionId), state);
            db.SessionStates.Add(state);
            Add(state, update.Status, 1);
            Counts(state)[0]++;
            return true;
        }

        // Words overtake each other: what is over stays over, and what went wrong is not undone.
        if (state.IsOver || (update.Status <= state.Status && !update.IsOver))
            return false;

        Add(state, state.Status, -1);
        state.Status = Worse(state.Status, update.Status);
        state.IsOver = update.IsOver;
        state.Version++;
        Add(state, state.Status, 1);
        return true;
    }

    private bool CountAggregates(ReceivedSessions received)
    {
        var counted = false;
        foreach (var aggregate in received.Report.Aggregates)
        {
            if (!TryReadHour(aggregate.Started, received.ReceivedAt, out var hour))
                continue;

            var counts = Counts(new HourKey(
                received.ProjectId, hour, StoredText.Fit(received.Report.Release, 200), StoredText.Fit(received.Report.Environment, 64)));
            foreach (var (status, count) in aggregate.Counts)
            {
                counts[0] += count;
                counts[(int)status] += count;
            }

            counted = true;
        }

        return counted;
    }

    // A handled error does not vanish because the session then ends.
    private static SessionStatus Worse(SessionStatus known, SessionStatus now) => known > now ? known : now;

    private void Add(SessionState state, SessionStatus status, int count)
    {
        // What goes on and is well is in the total alone.
        if (status != SessionStatus.Ok)
            Counts(state)[(int)status] += count;
    }

    private long[] Counts(SessionState state) => Counts(new HourKey(state.ProjectId, state.Hour, state.Release, state.Environment));

    /// <summary>What is added to an hour: the total, then by the number of each status.</summary>
    private long[] Counts(HourKey key)
    {
        if (!_added.TryGetValue(key, out var counts))
            _added[key] = counts = new long[(int)SessionStatus.Crashed + 1];

        return counts;
    }

    private async Task AddAsync(HourKey key, long[] added, CancellationToken cancellationToken)
    {
        if (Array.TrueForAll(added, count => count == 0))
            return;

        var (projectId, hour, release, environment) = key;
        var (total, exited, errored) = (added[0], added[(int)SessionStatus.Exited], added[(int)SessionStatus.Errored]);
        var (abnormal, unhandled, crashed) =
            (added[(int)SessionStatus.Abnormal], added[(int)SessionStatus.Unhandled], added[(int)SessionStatus.Crashed]);
        // In the database, not here: another process adds to the same hour.
        var known = await db.SessionHours
            .Where(h => h.ProjectId == projectId && h.Hour == hour && h.Release == release && h.Environment == environment)
            .ExecuteUpdateAsync(
                set => set.SetProperty(h => h.Total, h => h.Total + total)
                    .SetProperty(h => h.Exited, h => h.Exited + exited)
                    .SetProperty(h => h.Errored, h => h.Errored + errored)
                    .SetProperty(h => h.Abnormal, h => h.Abnormal + abnormal)
                    .SetProperty(h => h.Unhandled, h => h.Unhandled + unhandled)
                    .SetProperty(h => h.Crashed, h => h.Crashed + crashed),
                cancellationToken);
        if (known > 0)
            return;

        db.SessionHours.Add(new SessionHour
        {
            ProjectId = projectId,
            Hour = hour,
            Release = release,
            Environment = environment,
            Total = total,
            Exited = exited,
            Errored = errored,
            Abnormal = abnormal,
            Unhandled = unhandled,
            Crashed = crashed,
        });
        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The hour a session began in; false when that is too long ago. A clock that is ahead begins it now.</summary>
    private static bool TryReadHour(DateTimeOffset started, DateTimeOffset receivedAt, out DateTimeOffset hour)
    {
        hour = IssueCounts.HourOf(started > receivedAt ? receivedAt : started);
        return started > receivedAt - Memory;
    }

    // Every process adds to the hours in this order, so that two never wait for each other.
    private readonly record struct HourKey(long ProjectId, DateTimeOffset Hour, string Release, string Environment) : IComparable<HourKey>
    {
        public int CompareTo(HourKey other) =>
            ProjectId.CompareTo(other.ProjectId) is not 0 and var byProject ? byProject
            : Hour.CompareTo(other.Hour) is not 0 and var byHour ? byHour
            : string.CompareOrdinal(Release, other.Release) is not 0 and var byRelease ? byRelease
            : string.CompareOrdinal(Environment, other.Environment);
    }
}

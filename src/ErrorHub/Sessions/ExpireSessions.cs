using ErrorHub.Activity;
using ErrorHub.Retention;
using ErrorHub.Stats;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace ErrorHub.Sessions;

/// <summary>Forgets single sessions after five days, the most a project may have before that, and their counts with the other statistics.</summary>
public sealed record ExpireSessions : IRequest<int>, IUnattended;

internal sealed class ExpireSessionsHandler(ErrorHubDbContext db, IOptions<RetentionOptions> retention, TimeProvider time)
    : IRequestHandler<ExpireSessions, int>
{
    /// <summary>Sessions of one project that are remembered; of more the oldest hours go, whatever they still have to say.</summary>
    internal const int MaxStatesPerProject = 500_000;

    public async Task<int> Handle(ExpireSessions request, CancellationToken cancellationToken)
    {
        var (removed, now) = (0, time.GetUtcNow());
        var (forgotten, counted) = (IssueCounts.HourOf(now - RecordSessionsHandler.Memory), now.AddDays(-retention.Value.StatisticsDays));
        foreach (var projectId in await db.Projects.AsNoTracking().Select(p => p.Id).ToListAsync(cancellationToken))
        {
            var states = db.SessionStates.Where(s => s.ProjectId == projectId);
            removed += await ForgetAsync(states, forgotten, cancellationToken);
            for (var surplus = await states.CountAsync(cancellationToken) - MaxStatesPerProject; surplus > 0;)
            {
                var oldest = await states.MinAsync(s => s.Hour, cancellationToken);
                var gone = await ForgetAsync(states, oldest.AddHours(1), cancellationToken);
                (removed, surplus) = (removed + gone, surplus - gone);
            }

            removed += await db.SessionHours.Where(h => h.ProjectId == projectId && h.Hour < counted).ExecuteDeleteAsync(cancellationToken);
        }

        return removed;
    }

    // By the hour, so that the one writer of SQLite gets its turn in between.
    private static async Task<int> ForgetAsync(IQueryable<SessionState> states, DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var removed = 0; ;)
        {
            var oldest = await states.Where(s => s.Hour < before).OrderBy(s => s.Hour).Select(s => (DateTimeOffset?)s.Hour).FirstOrDefaultAsync(cancellationToken);
            if (oldest is null)
                return removed;

            removed += await states.Where(s => s.Hour == oldest).ExecuteDeleteAsync(cancellationToken);
        }
    }
}

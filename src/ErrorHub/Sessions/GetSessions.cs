using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Stats;
using ErrorHub.Storage;
using MediatR;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Sessions;

/// <summary>Sessions by project, release, environment and hour.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="ProjectIds">Only these projects; empty for all the caller sees.</param>
/// <param name="Environments">Only these environments; empty for all.</param>
/// <param name="Releases">Only these releases; empty for all.</param>
/// <param name="From">Start; rounded down to the hour.</param>
/// <param name="Until">End, not included.</param>
public sealed record GetSessions(
    AccessScope Scope, IReadOnlyList<long> ProjectIds, IReadOnlyList<string> Environments, IReadOnlyList<string> Releases, DateTimeOffset From,
    DateTimeOffset Until) : IRequest<SessionStats>;

/// <summary>The rows, oldest first.</summary>
/// <param name="Hours">The rows; none when there are too many.</param>
/// <param name="IsTooMuch">True when the period and the filter leave more rows than are read at once.</param>
public sealed record SessionStats(IReadOnlyList<SessionHour> Hours, bool IsTooMuch);

internal sealed class GetSessionsHandler(ErrorHubDbContext db) : IRequestHandler<GetSessions, SessionStats>
{
    private const int Most = 100_000;

    public async Task<SessionStats> Handle(GetSessions request, CancellationToken cancellationToken)
    {
        var visible = db.Projects.VisibleTo(request.Scope);
        if (request.ProjectIds is { Count: > 0 } only)
            visible = visible.Where(p => only.Contains(p.Id));

        var projectIds = await visible.Select(p => p.Id).ToArrayAsync(cancellationToken);
        var (from, until) = (IssueCounts.HourOf(request.From), request.Until);
        var hours = db.SessionHours.AsNoTracking().Where(h => projectIds.Contains(h.ProjectId) && h.Hour >= from && h.Hour < until);
        if (request.Environments is { Count: > 0 } environments)
            hours = hours.Where(h => environments.Contains(h.Environment));

        if (request.Releases is { Count: > 0 } releases)
            hours = hours.Where(h => releases.Contains(h.Release));

        var rows = await hours.OrderBy(h => h.Hour).Take(Most + 1).ToListAsync(cancellationToken);
        return rows.Count > Most ? new SessionStats([], true) : new SessionStats(rows, false);
    }
}

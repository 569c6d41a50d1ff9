using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Storage;
using MediatR;

namespace ErrorHub.Issues;

/// <summary>The call paths of an issue's newest events, the most frequent first; null when the caller sees no such issue.</summary>
/// <param name="Scope">What the caller may see.</param>
/// <param name="IssueId">The issue.</param>
public sealed record ListCallPaths(AccessScope Scope, Guid IssueId) : IRequest<CallPathList?>;

/// <summary>Call paths.</summary>
/// <param name="Paths">The paths.</param>
/// <param name="Events">How many of the newest events were looked at.</param>
public sealed record CallPathList(IReadOnlyList<CallPathRow> Paths, int Events);

/// <summary>A call path.</summary>
/// <param name="Path">The path.</param>
/// <param name="Events">Events that took it, of those that were looked at.</param>
/// <param name="LastSeen">When the newest was received.</param>
/// <param name="LatestEvent">The SDK's id of the newest.</param>
public sealed record CallPathRow(CallPath Path, int Events, DateTimeOffset LastSeen, SentryId LatestEvent);

internal sealed class ListCallPathsHandler(ErrorHubDbContext db) : IRequestHandler<ListCallPaths, CallPathList?>
{
    // Some 50 ms of reading bodies, and enough to see what there is.
    private const int MaxEvents = 1_000;

    public async Task<CallPathList?> Handle(ListCallPaths request, CancellationToken cancellationToken)
    {
        if (await IssueEvents.FindAsync(db, request.Scope, request.IssueId, cancellationToken) is not { } events)
            return null;

        // The places first: of an issue of many hashes there are as many of each.
        var places = await events.NewestAsync(
            all => all, MaxEvents, e => new EventPlace(e.ReceivedAt, e.Id, new SentryId(e.EventId)), cancellationToken);
        var idOf = places.ToDictionary(p => p.Id, p => p.EventId);
        var paths = new Dictionary<string, CallPathRow>();
        var rules = await db.Projects.GroupingRulesAsync(events.ProjectId, cancellationToken);
        await foreach (var (receivedAt, id, body) in new EventBodies(db, events.ProjectId).ReadAsync(places.Select(p => (p.ReceivedAt, p.Id)), cancellationToken))
        {
            var path = Grouper.CallPathOf(body, rules);
            var key = path.Hash.ToString();
            var row = paths.TryGetValue(key, out var seen) ? seen with { Events = seen.Events + 1 } : new CallPathRow(path, 1, receivedAt, idOf[id]);
            paths[key] = receivedAt > row.LastSeen ? row with { LastSeen = receivedAt, LatestEvent = idOf[id] } : row;
        }

        return new CallPathList([.. paths.Values.OrderByDescending(p => p.Events).ThenByDescending(p => p.LastSeen)], places.Count);
    }
}

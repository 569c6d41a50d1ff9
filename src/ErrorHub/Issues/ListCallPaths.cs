using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Issues.Parting;
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

        var rows = await events.NewestAsync(
            all => all, MaxEvents, e => new Row(e.ReceivedAt, e.Id, new SentryId(e.EventId), e.Body, e.Codec, e.BodyBytes), cancellationToken);
        var paths = new Dictionary<string, CallPathRow>();
        foreach (var row in rows)
        {
            if (EventBodies.Read(row.Body, row.Codec, row.BodyBytes) is not { } body)
                continue;

            var path = Grouper.CallPathOf(body);
            var key = path.Hash.ToString();
            // Newest first: the first of a path is its latest.
            paths[key] = paths.TryGetValue(key, out var seen)
                ? seen with { Events = seen.Events + 1 }
                : new CallPathRow(path, 1, row.ReceivedAt, row.EventId);
        }

        return new CallPathList([.. paths.Values.OrderByDescending(p => p.Events).ThenByDescending(p => p.LastSeen)], rows.Count);
    }

    private sealed record Row(DateTimeOffset ReceivedAt, Guid Id, SentryId EventId, byte[] Body, PayloadCodecKind Codec, int BodyBytes) : IEventPlace;
}

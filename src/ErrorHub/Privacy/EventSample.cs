using System.Runtime.CompilerServices;
using ErrorHub.Events;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Privacy;

/// <summary>Some stored events of a project, a few of each fault: a storm is one kind of event, however many it has.</summary>
internal sealed class EventSample(ErrorHubDbContext db, long projectId)
{
    private const int OfEachFault = 3;
    private const int MostPlaces = 20_000;
    private const int Step = 50;

    /// <summary>The JSON of events received since a time, newest first; those that are damaged are left out.</summary>
    public async IAsyncEnumerable<(DateTimeOffset ReceivedAt, byte[] Json)> ReadAsync(
        DateTimeOffset since, int most, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var events = db.Events.AsNoTracking().Where(e => e.ProjectId == projectId);
        var places = await events.Where(e => e.ReceivedAt >= since).OrderByDescending(e => e.ReceivedAt).Take(MostPlaces)
            .Select(e => new { e.ReceivedAt, e.Id, e.Hash }).ToListAsync(cancellationToken);
        var chosen = places.GroupBy(p => Bytes16.Number(p.Hash)).SelectMany(g => g.Take(OfEachFault)).OrderByDescending(p => p.ReceivedAt).Take(most);
        foreach (var step in chosen.Chunk(Step))
        {
            var (last, first, ids) = (step[0].ReceivedAt, step[^1].ReceivedAt, step.Select(p => p.Id).ToArray());
            var rows = await events.Where(e => e.ReceivedAt >= first && e.ReceivedAt <= last && ids.Contains(e.Id))
                .Select(e => new { e.ReceivedAt, e.Body, e.Codec, e.BodyBytes }).ToListAsync(cancellationToken);
            foreach (var row in rows)
                if (EventBodies.JsonOf(row.Body, row.Codec, row.BodyBytes) is { } json)
                    yield return (row.ReceivedAt, json);
        }
    }
}

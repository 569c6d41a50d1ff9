using System.Runtime.CompilerServices;
using ErrorHub.Protocol.Events;
using ErrorHub.Storage;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Events;

/// <summary>Reads bodies of stored events, where one that is damaged must not stop the others.</summary>
internal sealed class EventBodies(ErrorHubDbContext db, long projectId)
{
    private const int Step = 200;

    /// <summary>The event at a place; null when it is gone or damaged.</summary>
    public async Task<SentryEvent?> ReadAsync(DateTimeOffset receivedAt, Guid id, CancellationToken cancellationToken)
    {
        await foreach (var (_, _, e) in ReadAsync([(receivedAt, id)], cancellationToken))
            return e;

        return null;
    }

    /// <summary>The events at these places, in any order; those that are gone or damaged are left out.</summary>
    public async IAsyncEnumerable<(DateTimeOffset ReceivedAt, Guid Id, SentryEvent Event)> ReadAsync(
        IEnumerable<(DateTimeOffset ReceivedAt, Guid Id)> places,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var step in places.OrderBy(p => p.ReceivedAt).Chunk(Step))
        {
            var (first, last) = (step[0].ReceivedAt, step[^1].ReceivedAt);
            var ids = step.Select(p => p.Id).ToArray();
            var rows = await db.Events.AsNoTracking()
                .Where(e => e.ProjectId == projectId && e.ReceivedAt >= first && e.ReceivedAt <= last && ids.Contains(e.Id))
                .Select(e => new { e.ReceivedAt, e.Id, e.Body, e.Codec, e.BodyBytes })
                .ToListAsync(cancellationToken);
            foreach (var row in rows)
            {
                if (Read(row.Body, row.Codec, row.BodyBytes) is { } e)
                    yield return (row.ReceivedAt, row.Id, e);
            }
        }
    }

    /// <summary>The event of a stored body; null when it is damaged.</summary>
    public static SentryEvent? Read(ReadOnlySpan<byte> body, PayloadCodecKind codec, int bodyBytes) =>
        JsonOf(body, codec, bodyBytes) is { } json && EventJson.TryParse(json, out var e) ? e : null;

    /// <summary>The JSON of a stored body; null when it is damaged.</summary>
    public static byte[]? JsonOf(ReadOnlySpan<byte> body, PayloadCodecKind codec, int bodyBytes)
    {
        try
        {
            return PayloadCodec.Decompress(body, codec, bodyBytes);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}

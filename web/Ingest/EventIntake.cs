using System.Buffers;
using ErrorHub.Ingest;
using ErrorHub.Protocol.Events;
using ErrorHub.RateLimiting;

namespace ErrorHub.Web.Ingest;

/// <summary>What all endpoints do with an event: its key's limit, the pure part, the wait for the commit, the answer.</summary>
internal sealed class EventIntake(EventProcessor processor, EventBatcher batcher, IngestLimiter limiter, OutcomeCounter outcomes)
{
    /// <summary>Stores an event, or says why not.</summary>
    /// <param name="body">Holds <paramref name="json"/>; let go before the wait, so that a slow database does not hold up memory.</param>
    /// <param name="json">The event as sent.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="invalid">The answer for JSON that is no event.</param>
    /// <param name="cancellationToken">Ends the wait for the commit, not the write.</param>
    public async Task<IResult> TakeAsync(
        PooledBuffer body, ReadOnlyMemory<byte> json, Sender sender, EventSource source, IResult invalid, CancellationToken cancellationToken)
    {
        if (Refusal(sender) is { } refusal)
            return refusal;

        var processing = processor.Process(json, source);
        body.Dispose();
        return await StoreAsync(processing, sender, source, invalid, cancellationToken);
    }

    /// <summary>Stores an event that the server made of something else, or says why not.</summary>
    /// <param name="e">The event.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="cancellationToken">Ends the wait for the commit, not the write.</param>
    public async Task<IResult> TakeAsync(SentryEvent e, Sender sender, CancellationToken cancellationToken)
    {
        if (Refusal(sender) is { } refusal)
            return refusal;

        // What it is made of is a stranger's text. Read again, it keeps to the limits of an event as sent.
        var json = new ArrayBufferWriter<byte>(4 * 1024);
        EventJson.Write(e, json);
        var source = sender.Source();
        return await StoreAsync(processor.Process(json.WrittenMemory, source), sender, source, IngestError.TooLarge, cancellationToken);
    }

    private async Task<IResult> StoreAsync(
        Processing processing, Sender sender, EventSource source, IResult invalid, CancellationToken cancellationToken)
    {
        var (e, outcome, reason) = processing;
        if (e is null)
        {
            Count(sender, outcome, reason, reason == DiscardReason.Unsupported ? DataCategory.Transaction : DataCategory.Error);
            return reason switch
            {
                DiscardReason.Unsupported => new Taken(source.EventId),
                DiscardReason.TooLarge => IngestError.TooLarge,
                _ => invalid,
            };
        }

        // A duplicate is answered like the first one: its sender has nothing to do.
        if (await batcher.WriteAsync(e, cancellationToken) != WriteAnswer.Unavailable)
            return new Taken(e.EventId);

        Count(sender, Outcome.Invalid, DiscardReason.Unavailable, e.Category);
        return IngestError.Unavailable;
    }

    private RateLimited? Refusal(Sender sender)
    {
        if (limiter.Take(sender.Key) is not { } hit)
            return null;

        Count(sender, Outcome.RateLimited, hit.Reason, DataCategory.Error);
        return new RateLimited(hit);
    }

    private void Count(Sender sender, Outcome outcome, DiscardReason reason, string category) =>
        outcomes.Add(sender.Key.ProjectId, sender.ReceivedAt, outcome, reason, category);
}

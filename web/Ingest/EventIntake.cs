using System.Buffers;
using ErrorHub.Attachments;
using ErrorHub.Ingest;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Envelopes;
using ErrorHub.Protocol.Events;
using ErrorHub.RateLimiting;

namespace ErrorHub.Web.Ingest;

/// <summary>What all endpoints do with an event: its key's limit, the pure part, the files beside it, the wait for the commit, the answer.</summary>
internal sealed class EventIntake(
    FairGate gate, EventProcessor processor, EventBatcher batcher, IngestLimiter limiter, AttachmentIntake attachments, OutcomeCounter outcomes)
{
    // As short as can be said: what else this client has to tell may be new.
    private static readonly LimitHit Storm = new(TimeSpan.FromSeconds(1), RateLimitScope.Project, DiscardReason.Storm);

    /// <summary>Stores an event, or says why not.</summary>
    /// <param name="body">Holds <paramref name="json"/>; let go before the wait, so that a slow database does not hold up memory; null when nothing does.</param>
    /// <param name="json">The event as sent.</param>
    /// <param name="files">The attachments beside it, in the same body.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="invalid">The answer for JSON that is no event.</param>
    /// <param name="cancellationToken">Ends the wait for the commit, not the write.</param>
    public async Task<IResult> TakeAsync(
        PooledBuffer? body, ReadOnlyMemory<byte> json, IReadOnlyList<EnvelopeItem> files, Sender sender, EventSource source, IResult invalid,
        CancellationToken cancellationToken)
    {
        if (Refusal(sender, files) is { } refusal)
            return refusal;

        using var pass = await gate.EnterAsync(sender.Key.ProjectId, json.Length, cancellationToken);
        if (pass is null)
            return NoRoom(sender, files);

        return await StoreAsync(body, processor.Process(json, source), files, sender, source, invalid, cancellationToken);
    }

    /// <summary>Stores an event that the server made of something else, or says why not.</summary>
    /// <param name="body">Holds the attachments; null when there are none.</param>
    /// <param name="e">The event.</param>
    /// <param name="files">Its attachments.</param>
    /// <param name="sender">Who sent it.</param>
    /// <param name="source">Where it comes from.</param>
    /// <param name="cancellationToken">Ends the wait for the commit, not the write.</param>
    public async Task<IResult> TakeAsync(
        PooledBuffer? body, SentryEvent e, IReadOnlyList<EnvelopeItem> files, Sender sender, EventSource source,
        CancellationToken cancellationToken)
    {
        // What it is made of is a stranger's text. Read again, it keeps to the limits of an event as sent.
        var json = new ArrayBufferWriter<byte>(4 * 1024);
        EventJson.Write(e, json);
        return await TakeAsync(body, json.WrittenMemory, files, sender, source, IngestError.TooLarge, cancellationToken);
    }

    /// <summary>Stores attachments that come without their event.</summary>
    /// <param name="body">Holds them; let go before the wait.</param>
    /// <param name="eventId">The event they belong to, which may come later.</param>
    /// <param name="files">The attachments.</param>
    /// <param name="sender">Who sent them.</param>
    public async Task<IResult> TakeFilesAsync(PooledBuffer body, SentryId eventId, IReadOnlyList<EnvelopeItem> files, Sender sender)
    {
        var written = attachments.Write(sender.Owner(eventId), files);
        body.Dispose();
        return await attachments.KeepAsync(written) ? new Taken(eventId) : IngestError.Unavailable;
    }

    private async Task<IResult> StoreAsync(
        PooledBuffer? body, Processing processing, IReadOnlyList<EnvelopeItem> files, Sender sender, EventSource source, IResult invalid,
        CancellationToken cancellationToken)
    {
        if (processing.Event is not { } e)
        {
            attachments.Drop(sender.Key.ProjectId, sender.ReceivedAt, files, processing.Outcome, processing.Reason);
            return Discarded(processing, sender, source, invalid);
        }

        var written = files.Count == 0 ? [] : attachments.Write(sender.Owner(e.EventId), files);
        body?.Dispose();
        // A duplicate is answered like the first one: its sender has nothing to do.
        var answer = await batcher.WriteAsync(e, cancellationToken);
        if (answer == WriteAnswer.Shed)
        {
            attachments.Drop(written, Outcome.RateLimited, DiscardReason.Storm);
            Count(sender, Outcome.RateLimited, DiscardReason.Storm, e.Category);
            return new RateLimited(Storm);
        }

        if (answer == WriteAnswer.Unavailable)
        {
            attachments.Drop(written, Outcome.Invalid, DiscardReason.Unavailable);
            Count(sender, Outcome.Invalid, DiscardReason.Unavailable, e.Category);
            return IngestError.Unavailable;
        }

        // The event is kept, and so the answer is 200, with its files or without.
        await attachments.KeepAsync(written, isDatabaseLate: answer == WriteAnswer.Spooled);
        return new Taken(e.EventId);
    }

    private IResult Discarded(Processing processing, Sender sender, EventSource source, IResult invalid)
    {
        Count(
            sender, processing.Outcome, processing.Reason,
            processing.Reason == DiscardReason.Unsupported ? DataCategory.Transaction : DataCategory.Error);
        return processing.Reason switch
        {
            DiscardReason.Unsupported => new Taken(source.EventId),
            DiscardReason.TooLarge => IngestError.TooLarge,
            _ => invalid,
        };
    }

    private RateLimited? Refusal(Sender sender, IReadOnlyList<EnvelopeItem> files)
    {
        if (limiter.Take(sender.Key) is not { } hit)
            return null;

        attachments.Drop(sender.Key.ProjectId, sender.ReceivedAt, files, Outcome.RateLimited, hit.Reason);
        Count(sender, Outcome.RateLimited, hit.Reason, DataCategory.Error);
        return new RateLimited(hit);
    }

    private IngestError NoRoom(Sender sender, IReadOnlyList<EnvelopeItem> files)
    {
        attachments.Drop(sender.Key.ProjectId, sender.ReceivedAt, files, Outcome.Invalid, DiscardReason.Unavailable);
        Count(sender, Outcome.Invalid, DiscardReason.Unavailable, DataCategory.Error);
        return IngestError.Unavailable;
    }

    private void Count(Sender sender, Outcome outcome, DiscardReason reason, string category) =>
        outcomes.Add(sender.Key.ProjectId, sender.ReceivedAt, outcome, reason, category);
}

using System.Text.Json;
using ErrorHub.Ingest;
using ErrorHub.Privacy;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Envelopes;
using ErrorHub.Retention;
using ErrorHub.Scrubbing;
using ErrorHub.UseCases;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ErrorHub.Attachments;

/// <summary>Whose attachments they are.</summary>
/// <param name="ProjectId">Project of the key.</param>
/// <param name="EventId">The SDK's id of their event.</param>
/// <param name="RetentionDays">Days the project keeps events; null for the installation's setting.</param>
/// <param name="ReceivedAt">When they were received.</param>
/// <param name="Scrubbing">The project's rules.</param>
public sealed record AttachmentOwner(long ProjectId, SentryId EventId, short? RetentionDays, DateTimeOffset ReceivedAt, ScrubbingPolicy Scrubbing);

/// <summary>
/// Stores what comes beside an event, in two steps around the event's own commit: the bytes while the request's body is still
/// there, the rows once it is known that the event is kept. Each item ends in one outcome, counted here. Nothing here throws for
/// a full disk or a database that is away: an event must not be refused for its screenshot.
/// </summary>
public sealed partial class AttachmentIntake(
    AttachmentFiles files, UseCaseSender useCases, SpoolNotes notes, LateScrubbing late, OutcomeCounter outcomes, IOptions<AttachmentOptions> options, IOptions<IngestOptions> ingest,
    IOptions<RetentionOptions> retention, ILogger<AttachmentIntake> logger)
    : ISpoolNoteStore
{
    // The event's answer waits for the rows; a database that is late must not hold it up, and may have them later all the same.
    private readonly TimeSpan _patience = ingest.Value.WriteTimeBudget;

    /// <summary>True when these items make an event by themselves: a crash report.</summary>
    public static bool IsCrash(EnvelopeItem item) => AttachmentText.IsCrash(item.Header.AttachmentType);

    /// <summary>Writes the items that are kept to disk and counts the others.</summary>
    /// <returns>The files, each without a row yet: for <see cref="KeepAsync"/>, or for <see cref="Drop(IReadOnlyList{Attachment}, Outcome, DiscardReason)"/>.</returns>
    public IReadOnlyList<Attachment> Write(AttachmentOwner owner, IReadOnlyList<EnvelopeItem> items)
    {
        var written = new List<Attachment>(items.Count);
        foreach (var item in items)
        {
            if (item.TooLarge)
                Count(owner, item, Outcome.Invalid, DiscardReason.TooLarge);
            else if (!options.Value.Takes(item.Header.ContentType, AttachmentText.KindOf(item.Header.AttachmentType)))
                Count(owner, item, Outcome.Filtered, DiscardReason.Unsupported);
            else if (TryWrite(owner, item) is { } attachment)
                written.Add(attachment);
            else
                Count(owner, item, Outcome.Invalid, DiscardReason.Unavailable);
        }

        return written;
    }

    /// <inheritdoc/>
    public byte Kind => SpoolNote.FirstKind;

    /// <summary>Makes the rows of files, which makes them attachments; when the database does not take them in time, by way of the spool.</summary>
    /// <param name="written">The files, all of one event.</param>
    /// <param name="isDatabaseLate">True when their event went to the spool, and to ask the database would be in vain.</param>
    /// <returns>False when neither took them.</returns>
    public async Task<bool> KeepAsync(IReadOnlyList<Attachment> written, bool isDatabaseLate = false)
    {
        if (written.Count == 0)
            return true;

        var adding = isDatabaseLate || notes.IsDatabaseAway ? null : Task.Run(() => AddAsync(written));
        if (adding is not null)
        {
            await ((Task)adding).WaitAsync(_patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (adding.IsCompletedSuccessfully)
            {
                Settle(written, await adding);
                return true;
            }

            Log.RowsFailed(logger, written.Count, adding.Exception?.InnerException?.Message ?? $"no answer within {_patience.TotalMilliseconds} ms");
        }

        if (await notes.TryKeepAsync(Kind, JsonSerializer.SerializeToUtf8Bytes(written)))
            return true;

        if (adding is null)
        {
            Drop(written, Outcome.Invalid, DiscardReason.Unavailable);
            return false;
        }

        // The files stay: the rows may be committed and only the answer lost. If they are not, the sweep takes the files.
        foreach (var attachment in written)
            Count(attachment, Outcome.Invalid, DiscardReason.Unavailable);

        return false;
    }

    /// <inheritdoc/>
    public async Task StoreAsync(ReadOnlyMemory<byte> note, CancellationToken cancellationToken)
    {
        var written = JsonSerializer.Deserialize<Attachment[]>(note.Span) ?? [];
        // The rules may have tightened while they waited.
        foreach (var attachment in written)
            ScrubAgain(attachment, await late.PolicyAsync(attachment.ProjectId, cancellationToken));

        Settle(written, await AddAsync(written, cancellationToken));
    }

    private void ScrubAgain(Attachment attachment, ScrubbingPolicy policy)
    {
        try
        {
            LateAttachments.Scrub(files, attachment, policy);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It stays as it was scrubbed when it came: what waits behind it must not wait for its disk.
            Log.FileFailed(logger, e);
        }
    }

    private async Task<IReadOnlyList<AttachmentAddition>> AddAsync(IReadOnlyList<Attachment> written)
    {
        using var budget = new CancellationTokenSource(_patience);
        return await AddAsync(written, budget.Token);
    }

    private Task<IReadOnlyList<AttachmentAddition>> AddAsync(IReadOnlyList<Attachment> written, CancellationToken cancellationToken) =>
        useCases.SendAsync(new AddAttachments(written, options.Value.MaxPerEvent, options.Value.MaxBytesPerEvent), cancellationToken);

    private void Settle(IReadOnlyList<Attachment> written, IReadOnlyList<AttachmentAddition> additions)
    {
        foreach (var (attachment, addition) in written.Zip(additions))
        {
            if (addition is AttachmentAddition.Added or AttachmentAddition.Repeat)
                Count(attachment, Outcome.Accepted, DiscardReason.None);
            else if (addition == AttachmentAddition.Duplicate)
                Drop([attachment], Outcome.Filtered, DiscardReason.Duplicate);
            else
                Drop([attachment], Outcome.Invalid, DiscardReason.TooLarge);
        }
    }

    /// <summary>Removes files whose event is not kept.</summary>
    public void Drop(IReadOnlyList<Attachment> written, Outcome outcome, DiscardReason reason)
    {
        foreach (var attachment in written)
        {
            files.Delete(attachment.ProjectId, attachment.Id);
            Count(attachment, outcome, reason);
        }
    }

    /// <summary>Counts items whose event is not kept, before anything of them was written.</summary>
    public void Drop(long projectId, DateTimeOffset receivedAt, IReadOnlyList<EnvelopeItem> items, Outcome outcome, DiscardReason reason)
    {
        foreach (var item in items)
            outcomes.Add(projectId, receivedAt, outcome, reason, DataCategory.Attachment, DataCategory.QuantityOf(item));
    }

    private Attachment? TryWrite(AttachmentOwner owner, EnvelopeItem item)
    {
        var id = Guid.CreateVersion7(owner.ReceivedAt);
        try
        {
            if (files.FreeBytes - item.Payload.Length < options.Value.MinFreeDiskBytes)
            {
                Log.DiskFull(logger, options.Value.MinFreeDiskBytes);
                return null;
            }

            var bytes = AttachmentScrubber.Scrub(item.Payload, item.Header.ContentType, owner.Scrubbing);
            return new Attachment
            {
                ProjectId = owner.ProjectId,
                Id = id,
                EventId = owner.EventId.Value,
                Filename = AttachmentText.FilenameOf(TextScrubber.Scrub(item.Header.Filename ?? "", TextPlace.Prose, owner.Scrubbing.Rules, null)),
                ContentType = AttachmentText.ContentTypeOf(item.Header.ContentType),
                Kind = AttachmentText.KindOf(item.Header.AttachmentType),
                Bytes = bytes.Length,
                Sha256 = files.Write(owner.ProjectId, id, bytes.Span),
                CreatedAt = owner.ReceivedAt,
                RetentionDays = owner.RetentionDays ?? retention.Value.Days,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.FileFailed(logger, e);
            return null;
        }
    }

    private void Count(AttachmentOwner owner, EnvelopeItem item, Outcome outcome, DiscardReason reason) =>
        outcomes.Add(owner.ProjectId, owner.ReceivedAt, outcome, reason, DataCategory.Attachment, DataCategory.QuantityOf(item));

    private void Count(Attachment attachment, Outcome outcome, DiscardReason reason) => outcomes.Add(
        attachment.ProjectId, attachment.CreatedAt, outcome, reason, DataCategory.Attachment, Math.Max(1, attachment.Bytes));

    private static partial class Log
    {
        [LoggerMessage(1501, LogLevel.Warning, "{Count} attachments have no row yet: the database did not take them: {Reason}")]
        public static partial void RowsFailed(ILogger logger, int count, string reason);

        [LoggerMessage(1502, LogLevel.Warning, "An attachment was not written to disk.")]
        public static partial void FileFailed(ILogger logger, Exception exception);

        [LoggerMessage(1503, LogLevel.Warning, "Attachments are refused: less than ErrorHub:Attachments:MinFreeDiskBytes ({MinFreeDiskBytes}) is free.")]
        public static partial void DiskFull(ILogger logger, long minFreeDiskBytes);
    }
}

using ErrorHub.Attachments;
using ErrorHub.Feedback;
using ErrorHub.Ingest;
using ErrorHub.Normalization;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Envelopes;
using ErrorHub.Protocol.Events;
using ErrorHub.Sessions;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Ingest;

/// <summary>
/// POST /api/{project}/envelope/ and the tunnel: who sends, what is inside, and what becomes of each item. The content type says
/// nothing (protocol.md 1.2), so the body is always read as an envelope.
/// </summary>
internal sealed class EnvelopeEndpoint(
    KeyGate gate, BodyDecoder decoder, EventIntake intake, FeedbackIntake feedbacks, SessionBatcher sessions, OutcomeCounter outcomes, IngestMetrics metrics, IOptions<IngestOptions> options,
    IOptions<AttachmentOptions> attachments, TimeProvider time)
{
    // An SDK sends one at a time; each is a write of its own.
    private const int MaxReports = 10;

    private readonly EnvelopeLimits _limits = new()
    {
        MaxCompressedBytes = options.Value.MaxCompressedBytes,
        MaxEnvelopeBytes = options.Value.MaxEnvelopeBytes,
        MaxEventBytes = options.Value.MaxEventBytes,
        MaxUntrimmedEventBytes = 2 * options.Value.MaxEventBytes,
        MaxAttachmentBytes = attachments.Value.MaxBytes,
        MaxAttachmentsBytes = attachments.Value.MaxBytesPerEvent,
        MaxAttachments = attachments.Value.MaxPerEvent,
    };

    /// <param name="project">The project of the address; null when it names none.</param>
    /// <param name="http">The request.</param>
    public async Task<IResult> HandleAsync(string? project, HttpContext http)
    {
        var start = time.GetTimestamp();
        var result = await AnswerAsync(project, http);
        if (result is Taken { EventId: not null })
            metrics.RecordAck(time.GetElapsedTime(start));

        return result;
    }

    private async Task<IResult> AnswerAsync(string? project, HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        var (address, refusal) = await gate.ReadAsync(project, http.Request, cancellationToken);
        // The body is read before a refusal: a connection that is cut in the middle of sending looks like a network error (protocol.md 3.2).
        var (body, decodingError, reason) = await decoder.ReadAsync(http, _limits.MaxEnvelopeBytes, cancellationToken);
        using (body)
        {
            if (refusal is not null)
                return refusal;

            if (body is null)
                return Invalid(address.Key, reason, decodingError!);

            if (!EnvelopeReader.TryRead(body.Written, _limits, out var envelope, out var error))
                return Invalid(
                    address.Key, error.TooLarge ? DiscardReason.TooLarge : DiscardReason.InvalidEnvelope,
                    new IngestError(error.TooLarge ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest, error.Detail, error.Cause));

            var (key, mismatch) = await gate.AdmitEnvelopeAsync(address, envelope.Header.Dsn, cancellationToken);
            return key is null ? mismatch! : await TakeAsync(body, envelope, Sender.Of(http, key, address.Client, time.GetUtcNow()), cancellationToken);
        }
    }

    private async Task<IResult> TakeAsync(PooledBuffer body, Envelope envelope, Sender sender, CancellationToken cancellationToken)
    {
        var (wanted, files, words) = Sort(envelope, sender);
        if (wanted is { TooLarge: true })
        {
            outcomes.Add(sender.Key.ProjectId, sender.ReceivedAt, Outcome.Invalid, DiscardReason.TooLarge, DataCategory.Error);
            return IngestError.TooLarge;
        }

        // Read while the body is there. The words are kept after the event, and cost it nothing when they cannot be.
        var reports = words.ConvertAll(item => ReportOf(item, envelope.Header, wanted is not null, sender)).OfType<Report>().ToList();
        var header = wanted is null && reports.Find(r => r.IsFeedback) is { } feedback ? envelope.Header with { EventId = feedback.Id } : envelope.Header;
        // An event that is no JSON does not spoil its envelope: counted, and answered like the rest.
        var answer = wanted is null
            ? await TakeFilesAsync(body, files, header, sender, cancellationToken)
            : await intake.TakeAsync(body, wanted.Payload, files, sender, sender.Source(header), new Taken(header.EventId), cancellationToken);
        var kept = true;
        foreach (var report in reports)
            kept &= await feedbacks.KeepAsync(sender.Key.ProjectId, sender.Key.RetentionDays, sender.Key.Policy, report.Id, report.Words, sender.ReceivedAt);

        return kept || wanted is not null ? answer : IngestError.Unavailable;
    }

    /// <summary>What is kept of an envelope; everything else is counted.</summary>
    private (EnvelopeItem? Event, List<EnvelopeItem> Files, List<EnvelopeItem> Words) Sort(Envelope envelope, Sender sender)
    {
        EnvelopeItem? wanted = null;
        List<EnvelopeItem> files = [], words = [];
        foreach (var item in envelope.Items)
        {
            switch (item.Header.Type)
            {
                case "event" when wanted is null:
                    wanted = item;
                    break;
                case "attachment" when !item.TooLarge:
                    files.Add(item);
                    break;
                case "user_report" or "feedback" when !item.TooLarge && words.Count < MaxReports:
                    words.Add(item);
                    break;
                case "session" or "sessions" when !item.TooLarge:
                    CountSessions(item, sender);
                    break;
                case "client_report" when !item.TooLarge:
                    CountDiscards(item, sender);
                    break;
                default:
                    Count(item, sender);
                    break;
            }
        }

        return (wanted, files, words);
    }

    /// <summary>What a user wrote, under the id its sender knows it by; null, and counted, when it is nothing.</summary>
    private Report? ReportOf(EnvelopeItem item, EnvelopeHeader header, bool besideEvent, Sender sender)
    {
        var isFeedback = item.Header.Type == "feedback";
        if (isFeedback && UserReport.TryParseFeedback(item.Payload, out var feedback))
            // The header names the event, when there is one.
            return new Report((besideEvent ? null : header.EventId) ?? feedback.Id ?? SentryId.NewId(), feedback, true);

        if (!isFeedback && UserReport.TryParseReport(item.Payload, out var report) && (report.EventId ?? header.EventId) is { } eventId)
            return new Report(eventId, report with { EventId = eventId }, false);

        outcomes.Add(sender.Key.ProjectId, sender.ReceivedAt, Outcome.Invalid, DiscardReason.InvalidJson, DataCategory.Feedback);
        return null;
    }

    private sealed record Report(SentryId Id, UserReport Words, bool IsFeedback);

    /// <summary>Takes what comes without an event: files of one that came before or comes later, or a crash report that is one itself.</summary>
    private async Task<IResult> TakeFilesAsync(
        PooledBuffer body, List<EnvelopeItem> files, EnvelopeHeader header, Sender sender, CancellationToken cancellationToken)
    {
        if (files.Count == 0)
            return new Taken(header.EventId);

        if (files.Find(AttachmentIntake.IsCrash) is { } crash)
            return await intake.TakeAsync(
                body, CrashReportEvent.Of(crash.Header.AttachmentType), files, sender, sender.Source(header), cancellationToken);

        if (header.EventId is { } eventId)
            return await intake.TakeFilesAsync(body, eventId, files, sender);

        // Nobody could ever find them.
        foreach (var file in files)
            outcomes.Add(
                sender.Key.ProjectId, sender.ReceivedAt, Outcome.Invalid, DiscardReason.InvalidEnvelope, DataCategory.Attachment,
                DataCategory.QuantityOf(file));

        return new Taken(null);
    }

    /// <summary>Counts an item that is not kept.</summary>
    private void Count(EnvelopeItem item, Sender sender)
    {
        var (outcome, reason) = item switch
        {
            { TooLarge: true } => (Outcome.Invalid, DiscardReason.TooLarge),
            { Header.Type: "event" } => (Outcome.Filtered, DiscardReason.Duplicate),
            { Header.Type: "user_report" or "feedback" } => (Outcome.Invalid, DiscardReason.TooLarge),
            _ => (Outcome.Filtered, DiscardReason.Unsupported),
        };
        outcomes.Add(sender.Key.ProjectId, sender.ReceivedAt, outcome, reason, DataCategory.Of(item.Header.Type), DataCategory.QuantityOf(item));
    }

    private void CountSessions(EnvelopeItem item, Sender sender)
    {
        if (SessionReport.TryParse(item.Payload, out var report))
            sessions.Add(ReceivedSessions.Of(sender.Key.ProjectId, sender.ReceivedAt, report, sender.Key.Policy));
        else
            outcomes.Add(
                sender.Key.ProjectId, sender.ReceivedAt, Outcome.Invalid, DiscardReason.InvalidJson, DataCategory.Of(item.Header.Type));
    }

    private void CountDiscards(EnvelopeItem item, Sender sender)
    {
        if (!ClientReport.TryParse(item.Payload, out var report))
        {
            outcomes.Add(sender.Key.ProjectId, sender.ReceivedAt, Outcome.Invalid, DiscardReason.InvalidJson, DataCategory.Default);
            return;
        }

        foreach (var (reason, category, quantity) in report.Discarded)
            outcomes.AddClientDiscard(sender.Key.ProjectId, sender.ReceivedAt, reason, category, quantity);
    }

    private IngestError Invalid(DirectoryEntry? key, DiscardReason reason, IngestError error)
    {
        outcomes.Add(key?.ProjectId ?? 0, time.GetUtcNow(), Outcome.Invalid, reason, DataCategory.Error);
        return error;
    }
}

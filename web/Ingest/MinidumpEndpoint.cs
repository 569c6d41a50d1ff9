using System.Text;
using ErrorHub.Attachments;
using ErrorHub.Ingest;
using ErrorHub.Normalization;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Envelopes;
using ErrorHub.Protocol.Events;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Ingest;

/// <summary>
/// POST /api/{project}/minidump/: what Crashpad, Breakpad and Electron send when a native program dies. A form whose file
/// <c>upload_file_minidump</c> is the dump, or the dump itself as the body. It becomes an event with the file attached; what the form
/// says under <c>sentry</c> is the event's own JSON.
/// </summary>
internal sealed class MinidumpEndpoint(
    KeyGate gate, BodyDecoder decoder, EventIntake intake, OutcomeCounter outcomes, IOptions<IngestOptions> ingest,
    IOptions<AttachmentOptions> attachments, TimeProvider time)
{
    private const string DumpField = "upload_file_minidump";
    private const string Kind = "event.minidump";

    private static readonly byte[] Magic = "MDMP"u8.ToArray();

    /// <param name="project">The project of the address.</param>
    /// <param name="http">The request.</param>
    public async Task<IResult> HandleAsync(string project, HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        var (address, refusal) = await gate.ReadAsync(project, http.Request, cancellationToken);
        // Fields and the form's own lines come on top of the files.
        var maxBytes = (int)Math.Min(ingest.Value.MaxEnvelopeBytes, attachments.Value.MaxBytesPerEvent + (2L * ingest.Value.MaxEventBytes));
        var (body, decodingError, reason) = await decoder.ReadAsync(http, maxBytes, cancellationToken);
        using (body)
        {
            if (refusal is not null)
                return refusal;

            if (address.Key is not { } key)
                return KeyGate.NoAuth;

            var sender = Sender.Of(http, key, address.Client, time.GetUtcNow());
            if (body is null)
                return Invalid(sender, reason, decodingError!);

            if (await ReadAsync(http.Request.ContentType, body.Written, cancellationToken) is not var (e, files))
                return Invalid(sender, DiscardReason.InvalidJson, new IngestError(
                    StatusCodes.Status400BadRequest, "invalid minidump", $"send a form with a minidump as the file {DumpField}"));

            if (files.Exists(file => file.TooLarge && file.Header.AttachmentType == Kind))
                return Invalid(sender, DiscardReason.TooLarge, IngestError.TooLarge);

            var answer = await intake.TakeAsync(body, e, files, sender, sender.Source() with { EventId = e.EventId ?? SentryId.NewId() }, cancellationToken);
            // Crashpad keeps this text as the report's id.
            return answer is Taken { EventId: { } id } ? TypedResults.Text(id.Value.ToString("D")) : answer;
        }
    }

    /// <summary>The event and its files; null when there is no dump.</summary>
    private async Task<(SentryEvent Event, List<EnvelopeItem> Files)?> ReadAsync(
        string? contentType, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (body.Span.StartsWith(Magic))
            return (CrashReportEvent.Of(Kind), [new EnvelopeItem(HeaderOf("minidump.dmp", "application/x-dmp"), body) { TooLarge = body.Length > attachments.Value.MaxBytes }]);

        if (await MultipartForm.ReadAsync(contentType, body, attachments.Value.MaxBytes, cancellationToken) is not { } form)
            return null;

        var files = form.Files.Select(file => file.Field == DumpField
            ? file.Item with { Header = HeaderOf(file.Item.Header.Filename, file.Item.Header.ContentType) }
            : file.Item).ToList();
        return files.Find(file => file.Header.AttachmentType == Kind) is { } dump && (dump.TooLarge || dump.Payload.Span.StartsWith(Magic))
            ? (CrashReportEvent.Of(Kind, EventOf(form)), files)
            : null;
    }

    private static ItemHeader HeaderOf(string? filename, string? contentType) =>
        new() { Type = "attachment", Filename = filename, ContentType = contentType, AttachmentType = Kind };

    // Breakpad cuts long values: sentry__1, sentry__2 … are the parts of one.
    private static SentryEvent? EventOf(MultipartForm form)
    {
        var json = string.Concat(form.Fields.Where(f => f.Key == "sentry" || f.Key.StartsWith("sentry__", StringComparison.Ordinal)).Select(f => f.Value));
        return json.Length > 0 && EventJson.TryParse(Encoding.UTF8.GetBytes(json), out var e) ? e : null;
    }

    private IngestError Invalid(Sender sender, DiscardReason reason, IngestError error)
    {
        outcomes.Add(sender.Key.ProjectId, sender.ReceivedAt, Outcome.Invalid, reason, DataCategory.Error);
        return error;
    }
}

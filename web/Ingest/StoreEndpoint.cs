using System.Text;
using ErrorHub.Ingest;
using ErrorHub.Protocol.Envelopes;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Ingest;

/// <summary>
/// /api/{project}/store/: one event as the whole body, what SDKs sent before envelopes and hand-written clients still do. GET has it in
/// the query, from the first browser SDKs, which asked for an image.
/// </summary>
internal sealed class StoreEndpoint(
    KeyGate gate, BodyDecoder decoder, EnvelopeEndpoint envelopes, EventIntake intake, OutcomeCounter outcomes, IngestMetrics metrics,
    IOptions<IngestOptions> options, TimeProvider time)
{
    // One transparent point.
    private static readonly byte[] Pixel = Convert.FromBase64String("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    /// <param name="project">The project of the address; null when it names none and the key says it.</param>
    /// <param name="http">The request.</param>
    public async Task<IResult> HandleAsync(string? project, HttpContext http)
    {
        if (http.Request.ContentType?.StartsWith("application/x-sentry-envelope", StringComparison.OrdinalIgnoreCase) == true)
            return await envelopes.HandleAsync(project, http);

        var start = time.GetTimestamp();
        var result = await AnswerAsync(project, http);
        if (result is Taken)
            metrics.RecordAck(time.GetElapsedTime(start));

        return result;
    }

    /// <summary>Takes the event of the query's <c>sentry_data</c>.</summary>
    /// <param name="project">The project of the address.</param>
    /// <param name="http">The request; Kestrel limits the line it begins with.</param>
    public async Task<IResult> HandleGetAsync(string project, HttpContext http)
    {
        var (address, refusal) = await gate.ReadAsync(project, http.Request, http.RequestAborted);
        if (refusal is not null)
            return refusal;

        if (address.Key is not { } key)
            return KeyGate.NoAuth;

        var sender = Sender.Of(http, key, address.Client, time.GetUtcNow());
        var data = Encoding.UTF8.GetBytes(http.Request.Query["sentry_data"].ToString());
        if (!StoreBody.TryDecode(data, options.Value.MaxEventBytes, out var json, out var error))
            return Invalid(
                sender, error.TooLarge ? DiscardReason.TooLarge : DiscardReason.InvalidJson,
                error.TooLarge ? IngestError.TooLarge : new IngestError(StatusCodes.Status400BadRequest, error.Detail, error.Cause));

        var answer = await intake.TakeAsync(null, json, [], sender, sender.Source(), NoEvent, http.RequestAborted);
        return answer is Taken ? TypedResults.Bytes(Pixel, "image/gif") : answer;
    }

    private static IngestError NoEvent { get; } = new(StatusCodes.Status400BadRequest, "invalid event", "the body is no JSON object");

    private async Task<IResult> AnswerAsync(string? project, HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        var (address, refusal) = await gate.ReadAsync(project, http.Request, cancellationToken);
        // As base64 a body is a third longer.
        var maxBytes = options.Value.MaxEventBytes;
        var (body, decodingError, reason) = await decoder.ReadAsync(http, maxBytes / 3 * 4 + 1024, cancellationToken);
        using (body)
        {
            if (refusal is not null)
                return refusal;

            if (address.Key is not { } key)
                return KeyGate.NoAuth;

            var sender = Sender.Of(http, key, address.Client, time.GetUtcNow());
            if (body is null)
                return Invalid(sender, reason, decodingError!);

            if (!StoreBody.TryDecode(body.Written, maxBytes, out var json, out var error))
                return Invalid(
                    sender, error.TooLarge ? DiscardReason.TooLarge : DiscardReason.InvalidJson,
                    error.TooLarge ? IngestError.TooLarge : new IngestError(StatusCodes.Status400BadRequest, error.Detail, error.Cause));

            return await intake.TakeAsync(
                body, json, [], sender, sender.Source(), NoEvent, cancellationToken);
        }
    }

    private IngestError Invalid(Sender sender, DiscardReason reason, IngestError error)
    {
        outcomes.Add(sender.Key.ProjectId, sender.ReceivedAt, Outcome.Invalid, reason, DataCategory.Error);
        return error;
    }
}

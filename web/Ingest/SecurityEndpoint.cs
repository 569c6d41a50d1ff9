using ErrorHub.Ingest;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using Microsoft.Extensions.Options;

namespace ErrorHub.Web.Ingest;

/// <summary>
/// POST /api/{project}/security/ and /csp-report/: what browsers report of a Content-Security-Policy, by <c>report-uri</c> or by the
/// Reporting API. A report becomes an event; of a batch each one does.
/// </summary>
internal sealed class SecurityEndpoint(
    KeyGate gate, BodyDecoder decoder, EventIntake intake, OutcomeCounter outcomes, IOptions<IngestOptions> options, TimeProvider time)
{
    private static readonly string[] ContentTypes = ["application/csp-report", "application/json", "application/reports+json"];

    /// <param name="project">The project of the address.</param>
    /// <param name="http">The request.</param>
    public async Task<IResult> HandleAsync(string project, HttpContext http)
    {
        var cancellationToken = http.RequestAborted;
        var (address, refusal) = await gate.ReadAsync(project, http.Request, cancellationToken);
        var (body, decodingError, reason) = await decoder.ReadAsync(http, options.Value.MaxEventBytes, cancellationToken);
        using (body)
        {
            if (refusal is not null)
                return refusal;

            if (address.Key is not { } key)
                return KeyGate.NoAuth;

            var sender = Sender.Of(http, key, address.Client, time.GetUtcNow());
            if (body is null)
                return Invalid(sender, reason, decodingError!);

            if (!ContentTypes.Contains(http.Request.ContentType?.Split(';')[0].Trim(), StringComparer.OrdinalIgnoreCase))
                return Invalid(sender, DiscardReason.Unsupported, new IngestError(
                    StatusCodes.Status415UnsupportedMediaType, $"send one of the content types {string.Join(", ", ContentTypes)}"));

            if (!CspReport.TryParse(body.Written, out var reports))
                return Invalid(sender, DiscardReason.InvalidJson, new IngestError(StatusCodes.Status400BadRequest, "invalid report", "the body is no JSON object or list"));

            if (reports.Count == 0)
                outcomes.Add(key.ProjectId, sender.ReceivedAt, Outcome.Invalid, DiscardReason.InvalidJson, "security");

            return await TakeAsync(reports, http.Request.Query, sender, cancellationToken);
        }
    }

    private async Task<IResult> TakeAsync(
        IReadOnlyList<CspReport> reports, IQueryCollection query, Sender sender, CancellationToken cancellationToken)
    {
        // One commit for all of them: they wait together.
        var answers = await Task.WhenAll(reports.Select(report => intake.TakeAsync(
            null, CspEvent.Of(report, query["sentry_release"].FirstOrDefault(), query["sentry_environment"].FirstOrDefault()), [], sender,
            sender.Source(), cancellationToken)));
        return Array.Find(answers, answer => answer is not Taken) ?? new Taken(null);
    }

    private IngestError Invalid(Sender sender, DiscardReason reason, IngestError error)
    {
        outcomes.Add(sender.Key.ProjectId, sender.ReceivedAt, Outcome.Invalid, reason, "security");
        return error;
    }
}

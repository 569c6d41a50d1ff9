using System.Text;
using System.Text.Json;
using ErrorHub.Feedback;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using Microsoft.AspNetCore.WebUtilities;

namespace ErrorHub.Web.Ingest;

/// <summary>
/// /api/embed/error-page/: the dialog that Sentry's browser SDK shows after a crash. GET answers the script that draws it on the app's
/// page, POST takes what the user wrote (protocol.md 1.5). The address names the key and the event.
/// </summary>
internal sealed class ErrorPageEndpoint(ProjectDirectory directory, BodyDecoder decoder, FeedbackIntake feedback, TimeProvider time)
{
    private const int MaxFormBytes = 100 * 1024;

    private static readonly string[] Fields = ["name", "email", "comments"];

    // Texts of the dialog that the app may set, with what they are when it does not.
    private static readonly (string Name, string Default)[] Texts =
    [
        ("title", "It looks like we’re having issues."),
        ("subtitle", "Our team has been notified."),
        ("subtitle2", "If you’d like to help, tell us what happened below."),
        ("labelName", "Name"),
        ("labelEmail", "Email"),
        ("labelComments", "What happened?"),
        ("labelClose", "Close"),
        ("labelSubmit", "Submit"),
        ("errorGeneric", "An unknown error occurred while submitting your report. Please try again."),
        ("errorFormEntry", "Some fields were invalid. Please correct the errors and try again."),
        ("successMessage", "Your feedback has been sent. Thank you!"),
        ("name", ""),
        ("email", ""),
    ];

    private static readonly string Script = ReadScript();

    /// <summary>Answers the script.</summary>
    public async Task<IResult> ShowAsync(HttpContext http)
    {
        var (_, _, refusal) = await ReadAddressAsync(http);
        if (refusal is not null)
            return refusal;

        // The app's page passes texts on from who knows where: to the script they are data, and it shows them as text. The default
        // encoder writes < > & ' and whatever is not ASCII as escapes.
        var query = http.Request.Query;
        var texts = JsonSerializer.Serialize(Texts.ToDictionary(
            text => text.Name, text => query[text.Name].FirstOrDefault() is { Length: > 0 and <= 1_000 } given ? given : text.Default));
        return TypedResults.Text($"({Script})({texts});\n", "text/javascript", Encoding.UTF8);
    }

    /// <summary>Takes the form.</summary>
    public async Task<IResult> TakeAsync(HttpContext http)
    {
        var (body, decodingError, _) = await decoder.ReadAsync(http, MaxFormBytes, http.RequestAborted);
        using (body)
        {
            var (key, eventId, refusal) = await ReadAddressAsync(http);
            if (refusal is not null)
                return refusal;

            if (body is null)
                return decodingError!;

            var form = await ReadFormAsync(http, body);
            var errors = Fields.Where(field => string.IsNullOrWhiteSpace(form.GetValueOrDefault(field)))
                .ToDictionary(field => field, _ => "This field is required.");
            if (form.GetValueOrDefault("email") is { Length: > 0 } email && !email.Contains('@', StringComparison.Ordinal))
                errors["email"] = "Enter a valid email address.";

            if (errors.Count > 0)
                return new DialogAnswer(StatusCodes.Status400BadRequest, new { errors = errors.ToDictionary(e => e.Key, e => (string[])[e.Value]) });

            var report = UserReport.Of(eventId, form["name"], form["email"], form["comments"])!;
            return await feedback.KeepAsync(key!.ProjectId, key.RetentionDays, key.Policy, eventId, report, time.GetUtcNow())
                ? new DialogAnswer(StatusCodes.Status200OK, null)
                : IngestError.Unavailable;
        }
    }

    private async Task<(DirectoryEntry? Key, SentryId EventId, IResult? Refusal)> ReadAddressAsync(HttpContext http)
    {
        var query = http.Request.Query;
        if (!SentryId.TryParse(query["eventId"].FirstOrDefault(), out var eventId))
            return (null, default, new DialogAnswer(StatusCodes.Status400BadRequest, new { eventId = "Missing or invalid parameter." }));

        if (!Dsn.TryParse(query["dsn"].FirstOrDefault(), out var dsn))
            return (null, default, UnknownDsn);

        return await directory.FindAsync(dsn.PublicKey, http.RequestAborted) switch
        {
            { IsUnavailable: true } => (null, default, IngestError.Unavailable),
            { Entry: { IsActive: true } key } when key.ProjectId == dsn.ProjectId => (key, eventId, null),
            _ => (null, default, UnknownDsn),
        };
    }

    private static DialogAnswer UnknownDsn { get; } =
        new(StatusCodes.Status404NotFound, new { dsn = "Missing or invalid parameter." });

    // What the SDK's own dialog sends is URL-encoded; a page's own form may send the other kind.
    private static async Task<Dictionary<string, string>> ReadFormAsync(HttpContext http, PooledBuffer body)
    {
        var fields = await MultipartForm.ReadAsync(http.Request.ContentType, body.Written, 0, http.RequestAborted) is { } form
            ? form.Fields
            : QueryHelpers.ParseNullableQuery(Encoding.UTF8.GetString(body.Written.Span))?.Select(f => KeyValuePair.Create(f.Key, f.Value.ToString()));
        return (fields ?? []).GroupBy(f => f.Key, StringComparer.Ordinal).ToDictionary(f => f.Key, f => f.First().Value, StringComparer.Ordinal);
    }

    private static string ReadScript()
    {
        using var stream = typeof(ErrorPageEndpoint).Assembly.GetManifestResourceStream("error-page.js")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd().Trim();
    }

    /// <summary>An answer as the dialog expects it; what is wrong stands in a header, too, for a page that asked for a script.</summary>
    private sealed record DialogAnswer(int Status, object? Details) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            var json = Details is null ? "" : JsonSerializer.Serialize(Details);
            response.StatusCode = Status;
            response.ContentType = "application/json";
            if (json.Length > 0)
                response.Headers["X-Sentry-Context"] = json;

            await response.WriteAsync(json, httpContext.RequestAborted);
        }
    }
}

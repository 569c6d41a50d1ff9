using ErrorHub.Projects;
using ErrorHub.Protocol;

namespace ErrorHub.Web.Ingest;

/// <summary>Who may send: reads the key wherever an SDK puts it, and looks it up (protocol.md section 2).</summary>
internal sealed class KeyGate(ProjectDirectory directory)
{
    public static IngestError BadProject { get; } =
        new(StatusCodes.Status400BadRequest, "bad project path parameter", "the project id is a decimal number");

    public static IngestError NoAuth { get; } =
        new(StatusCodes.Status401Unauthorized, "missing authorization information", "send X-Sentry-Auth, ?sentry_key= or a dsn in the envelope's header");

    /// <summary>What the request's headers and query say; both null when they say nothing, as through a tunnel.</summary>
    public static (SentryAuth? Auth, IngestError? Error) ReadAuth(HttpRequest request)
    {
        var query = request.Query;
        var error = SentryAuth.TryRead(
            request.Headers["X-Sentry-Auth"].FirstOrDefault(), request.Headers.Authorization.FirstOrDefault(),
            query["sentry_key"].FirstOrDefault(), query["sentry_version"].FirstOrDefault(), query["sentry_client"].FirstOrDefault(),
            out var auth);
        return (auth, error switch
        {
            null or AuthError.Missing => null,
            AuthError.Malformed => new IngestError(StatusCodes.Status401Unauthorized, "bad x-sentry-auth header", "it names no sentry_key"),
            AuthError.BadKey => new IngestError(StatusCodes.Status400BadRequest, "bad sentry DSN public key", "a key has 32 hexadecimal digits"),
            AuthError.UnsupportedVersion => new IngestError(StatusCodes.Status400BadRequest, "unsupported protocol version", "2 to 7 are understood"),
            _ => new IngestError(StatusCodes.Status401Unauthorized, "multiple authorization payloads detected", "header and query name different keys"),
        });
    }

    /// <summary>The key's entry, or the refusal. An unknown, a disabled and a foreign key get the same answer.</summary>
    /// <param name="publicKey">32 lower-case hex digits.</param>
    /// <param name="projectId">The project of the address; null when the address names none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<(DirectoryEntry? Sender, IngestError? Error)> AdmitAsync(
        string publicKey, long? projectId, CancellationToken cancellationToken)
    {
        var answer = await directory.FindAsync(publicKey, cancellationToken);
        return answer switch
        {
            { IsUnavailable: true } => (null, IngestError.Unavailable),
            { Entry: { IsActive: true } sender } when projectId is null || sender.ProjectId == projectId => (sender, null),
            _ => (null, new IngestError(StatusCodes.Status403Forbidden, "event submission rejected", "the key is unknown, disabled or of another project")),
        };
    }
}

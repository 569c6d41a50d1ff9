using System.Collections.Concurrent;
using ErrorHub.Projects;
using ErrorHub.Protocol;

namespace ErrorHub.Web.Ingest;

/// <summary>Who may send: reads the key wherever an SDK puts it, and looks it up (protocol.md section 2).</summary>
internal sealed class KeyGate(ProjectDirectory directory)
{
    // Headers remembered, and characters of one.
    private const int MaxReadBefore = 512;

    private readonly ConcurrentDictionary<string, SentryAuth> _readBefore = new(StringComparer.Ordinal);

    public static IngestError BadProject { get; } =
        new(StatusCodes.Status400BadRequest, "bad project path parameter", "the project id is a decimal number");

    public static IngestError NoAuth { get; } =
        new(StatusCodes.Status401Unauthorized, "missing authorization information", "send X-Sentry-Auth, ?sentry_key= or a dsn in the envelope's header");

    /// <summary>Reads the request's address and authentication and looks the key up.</summary>
    /// <param name="project">The project of the address; null when it names none.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What the request says of itself, without a key when only the envelope can name it; or the refusal.</returns>
    public async ValueTask<(SenderAddress Address, IngestError? Refusal)> ReadAsync(
        string? project, HttpRequest request, CancellationToken cancellationToken)
    {
        long? projectId = null;
        if (project is not null)
        {
            if (!Dsn.TryParseProjectId(project, out var id))
                return (default, BadProject);

            projectId = id;
        }

        var (auth, error) = ReadAuth(request);
        if (error is not null)
            return (default, error);

        if (auth is null)
            return (new SenderAddress(projectId, null, null), null);

        var (key, refusal) = await AdmitAsync(auth.PublicKey, projectId, cancellationToken);
        return (new SenderAddress(projectId, key, auth.Client), refusal);
    }

    /// <summary>Compares the envelope's own DSN with the request, or takes the key from it when the request has none. Its host says nothing.</summary>
    public async ValueTask<(DirectoryEntry? Key, IngestError? Refusal)> AdmitEnvelopeAsync(
        SenderAddress address, string? dsnText, CancellationToken cancellationToken)
    {
        // A DSN that cannot be read must not spoil an envelope that is authenticated otherwise.
        if (!Dsn.TryParse(dsnText, out var dsn))
            return address.Key is { } key ? (key, null) : (null, NoAuth);

        if (address.ProjectId is { } projectId && projectId != dsn.ProjectId)
            return (null, new IngestError(StatusCodes.Status400BadRequest, "project id mismatch", "the envelope's dsn is of another project"));

        if (address.Key is { } sender)
        {
            return sender.PublicKey == dsn.PublicKey && sender.ProjectId == dsn.ProjectId
                ? (sender, null)
                : (null, new IngestError(StatusCodes.Status400BadRequest, "public key mismatch", "the envelope's dsn names another key"));
        }

        return await AdmitAsync(dsn.PublicKey, dsn.ProjectId, cancellationToken);
    }

    // What the request's headers and query say; both null when they say nothing, as through a tunnel.
    private (SentryAuth? Auth, IngestError? Error) ReadAuth(HttpRequest request)
    {
        if (!request.QueryString.HasValue && request.Headers.Authorization.Count == 0 && request.Headers["X-Sentry-Auth"] is [{ Length: < MaxReadBefore } header])
            return ReadHeader(header);

        var query = request.Query;
        var error = SentryAuth.TryRead(
            request.Headers["X-Sentry-Auth"].FirstOrDefault(), request.Headers.Authorization.FirstOrDefault(),
            query["sentry_key"].FirstOrDefault(), query["sentry_version"].FirstOrDefault(), query["sentry_client"].FirstOrDefault(),
            out var auth);
        return (auth, Refusal(error));
    }

    // Most requests: one header, the same for as long as an SDK runs.
    private (SentryAuth? Auth, IngestError? Error) ReadHeader(string header)
    {
        if (_readBefore.TryGetValue(header, out var known))
            return (known, null);

        var error = SentryAuth.TryRead(header, null, null, null, null, out var auth);
        if (auth is not null)
        {
            // Headers with a time in them are new each time, and so may strangers' be.
            if (_readBefore.Count >= MaxReadBefore)
                _readBefore.Clear();

            _readBefore[header] = auth;
        }

        return (auth, Refusal(error));
    }

    private static IngestError? Refusal(AuthError? error) => error switch
    {
        null or AuthError.Missing => null,
        AuthError.Malformed => new IngestError(StatusCodes.Status401Unauthorized, "bad x-sentry-auth header", "it names no sentry_key"),
        AuthError.BadKey => new IngestError(StatusCodes.Status400BadRequest, "bad sentry DSN public key", "a key has 32 hexadecimal digits"),
        AuthError.UnsupportedVersion => new IngestError(StatusCodes.Status400BadRequest, "unsupported protocol version", "2 to 7 are understood"),
        _ => new IngestError(StatusCodes.Status401Unauthorized, "multiple authorization payloads detected", "header and query name different keys"),
    };

    // The key's entry, or the refusal. An unknown, a disabled and a foreign key get the same answer.
    private async ValueTask<(DirectoryEntry? Sender, IngestError? Error)> AdmitAsync(
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

/// <summary>What a request says of its sender.</summary>
/// <param name="ProjectId">The project of its address; null when it names none.</param>
/// <param name="Key">Its key; null when only the envelope can name it.</param>
/// <param name="Client">What it calls itself.</param>
internal readonly record struct SenderAddress(long? ProjectId, DirectoryEntry? Key, string? Client);

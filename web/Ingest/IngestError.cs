using System.Text.Json;
using ErrorHub.Ingest;
using ErrorHub.Protocol;
using ErrorHub.RateLimiting;

namespace ErrorHub.Web.Ingest;

/// <summary>A refusal as SDKs expect it: JSON <c>{"detail","causes"}</c>, and the same sentence in <c>X-Sentry-Error</c>.</summary>
/// <param name="Status">Status code; never 3xx.</param>
/// <param name="Detail">One sentence for the developer of the sender.</param>
/// <param name="Cause">What exactly; null when there is no more to say.</param>
internal sealed record IngestError(int Status, string Detail, string? Cause = null) : IResult
{
    public static IngestError NotFound { get; } = new(StatusCodes.Status404NotFound, "there is nothing at this address");

    public static IngestError MethodNotAllowed { get; } = new(StatusCodes.Status405MethodNotAllowed, "this address does not take this method");

    public static IngestError Unavailable { get; } =
        new(StatusCodes.Status503ServiceUnavailable, "the event could not be stored; the server is overloaded or its database is away");

    public static IngestError TooLarge { get; } = new(StatusCodes.Status413PayloadTooLarge, "request body too large");

    /// <summary>The encodings to use instead, with a 415; else null.</summary>
    public string? AcceptEncoding { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        if (AcceptEncoding is not null)
            response.Headers.AcceptEncoding = AcceptEncoding;

        var body = JsonSerializer.SerializeToUtf8Bytes(new Answer(Detail, Cause is null ? [] : [Cause]), JsonSerializerOptions.Web);
        response.StatusCode = Status;
        response.Headers["X-Sentry-Error"] = Cause is null ? Detail : $"{Detail}: {Cause}";
        response.ContentType = "application/json";
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    private sealed record Answer(string Detail, string[] Causes);
}

/// <summary>Over a limit: no body at all, because the PHP SDK reads the limits only then (protocol.md 6.1).</summary>
/// <param name="Hit">The limit that is reached.</param>
internal sealed record RateLimited(LimitHit Hit) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        RateLimit[] limits = [new(Hit.RetryAfter, RateLimitHeader.EventCategories, Hit.Scope, Hit.Reason.ToName())];
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = RateLimitHeader.RetryAfterSeconds(limits).ToString(System.Globalization.CultureInfo.InvariantCulture);
        response.Headers[RateLimitHeader.Name] = RateLimitHeader.Format(limits);
        response.Headers["X-Sentry-Error"] = (Hit.Scope, Hit.Reason) switch
        {
            (_, DiscardReason.Storm) => "too many events of this fault while the database is away",
            (RateLimitScope.Key, _) => "the rate limit of this key is reached",
            (RateLimitScope.Project, _) => "the quota of this project is reached",
            _ => "the quota of this installation is reached",
        };
        response.ContentLength = 0;
        return Task.CompletedTask;
    }
}

/// <summary>Taken: exactly 200, since some SDKs count 202 or 204 as lost.</summary>
/// <param name="EventId">The event's id; null answers <c>{}</c>.</param>
internal sealed record Taken(SentryId? EventId) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var body = EventId is { } id ? System.Text.Encoding.ASCII.GetBytes($$"""{"id":"{{id}}"}""") : "{}"u8.ToArray();
        httpContext.Response.ContentType = "application/json";
        httpContext.Response.ContentLength = body.Length;
        await httpContext.Response.Body.WriteAsync(body, httpContext.RequestAborted);
    }
}

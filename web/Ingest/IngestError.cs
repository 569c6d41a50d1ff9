using System.Collections.Concurrent;
using System.Globalization;
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
    // A sender over its limit is answered so as often as it likes: the few texts there are are written once.
    private static readonly ConcurrentDictionary<(int Seconds, RateLimitScope Scope, DiscardReason Reason), Texts> Written = new();

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var texts = Written.GetOrAdd(((int)Math.Ceiling(Hit.RetryAfter.TotalSeconds), Hit.Scope, Hit.Reason), Write);
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = texts.RetryAfter;
        response.Headers[RateLimitHeader.Name] = texts.Limits;
        response.Headers["X-Sentry-Error"] = texts.Error;
        response.ContentLength = 0;
        return Task.CompletedTask;
    }

    private static Texts Write((int Seconds, RateLimitScope Scope, DiscardReason Reason) hit)
    {
        RateLimit[] limits = [new(TimeSpan.FromSeconds(hit.Seconds), RateLimitHeader.EventCategories, hit.Scope, hit.Reason.ToName())];
        return new(
            RateLimitHeader.RetryAfterSeconds(limits).ToString(CultureInfo.InvariantCulture),
            RateLimitHeader.Format(limits),
            (hit.Scope, hit.Reason) switch
            {
                (_, DiscardReason.Storm) => "too many events of this fault while the database is away",
                (RateLimitScope.Key, _) => "the rate limit of this key is reached",
                (RateLimitScope.Project, _) => "the quota of this project is reached",
                _ => "the quota of this installation is reached",
            });
    }

    private sealed record Texts(string RetryAfter, string Limits, string Error);
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

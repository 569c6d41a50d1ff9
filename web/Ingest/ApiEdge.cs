using Microsoft.Net.Http.Headers;

namespace ErrorHub.Web.Ingest;

/// <summary>
/// What holds for every address under /api/, found or not: repeated slashes mean one, every answer carries the CORS headers, a
/// preflight needs no key, and an error is JSON, never a page and never a redirect (protocol.md 1.2 and 1.4).
/// </summary>
internal static partial class ApiEdge
{
    private const string DefaultAllowedHeaders =
        "x-sentry-auth, x-requested-with, x-forwarded-for, origin, referer, accept, content-type, authentication, authorization, "
        + "content-encoding, transfer-encoding, sentry-trace, baggage, traceparent, x-csrftoken";

    private const string AllowedMethods = "POST, GET, OPTIONS";

    /// <summary>Adds it; before routing, which would not match a path with repeated slashes.</summary>
    public static IApplicationBuilder UseApiEdge(this IApplicationBuilder app)
    {
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ApiEdge).FullName!);
        return app.Use((context, next) =>
        {
            var path = CollapseSlashes(context.Request.Path);
            if (!path.StartsWithSegments("/api"))
                return next(context);

            context.Request.Path = path;
            return AnswerAsync(context, next, logger);
        });
    }

    /// <summary>Takes what no route under /api/ takes. Without it the not-found page's route, which is for GET, would make a 405 of a POST.</summary>
    public static void MapUnknownApi(this IEndpointRouteBuilder app) =>
        app.Map("/api/{**rest}", () => IngestError.NotFound).WithOrder(int.MaxValue).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();

    private static async Task AnswerAsync(HttpContext context, RequestDelegate next, ILogger logger)
    {
        var (request, response) = (context.Request, context.Response);
        // `*` covers the origins null, file:// and app:// too, and no answer depends on a cookie.
        response.Headers.AccessControlAllowOrigin = "*";
        response.Headers.AccessControlExposeHeaders = "X-Sentry-Error, X-Sentry-Rate-Limits, Retry-After, Link";
        if (HttpMethods.IsOptions(request.Method))
        {
            AnswerPreflight(request, response);
            return;
        }

        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The sender hung up; nobody reads an answer.
            return;
        }
        catch (BadHttpRequestException e) when (!response.HasStarted)
        {
            await new IngestError(e.StatusCode, e.Message).ExecuteAsync(context);
            return;
        }
        catch (Exception e) when (!response.HasStarted)
        {
            Log.Failed(logger, request.Method, e);
            await new IngestError(StatusCodes.Status500InternalServerError, "ErrorHub failed; its log says why").ExecuteAsync(context);
            return;
        }

        if (response.HasStarted || response.ContentLength is > 0)
            return;

        if (response.StatusCode == StatusCodes.Status404NotFound)
            await IngestError.NotFound.ExecuteAsync(context);
        else if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
            await IngestError.MethodNotAllowed.ExecuteAsync(context);
    }

    private static void AnswerPreflight(HttpRequest request, HttpResponse response)
    {
        var asked = request.Headers.AccessControlRequestHeaders.ToString();
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.AccessControlAllowMethods = AllowedMethods;
        response.Headers.AccessControlAllowHeaders = asked.Length > 0 ? asked : DefaultAllowedHeaders;
        response.Headers.AccessControlMaxAge = "3600";
        response.Headers.Vary = HeaderNames.AccessControlRequestHeaders;
        // A browser page from the internet that reports to a server on the local network.
        if (request.Headers["Access-Control-Request-Private-Network"] == "true")
            response.Headers["Access-Control-Allow-Private-Network"] = "true";
    }

    private static PathString CollapseSlashes(PathString path)
    {
        var text = path.Value;
        if (text is null || !text.Contains("//", StringComparison.Ordinal))
            return path;

        return string.Concat(text.Where((c, i) => c != '/' || i == 0 || text[i - 1] != '/'));
    }

    private static partial class Log
    {
        [LoggerMessage(1401, LogLevel.Error, "A {Method} request under /api/ failed.")]
        public static partial void Failed(ILogger logger, string method, Exception exception);
    }
}

using ErrorHub.Storage;

namespace ErrorHub.Web.Operations;

/// <summary>While the database is away, pages and the web API say so instead of failing.</summary>
internal static partial class DatabaseAwayPage
{
    private const string Text = "ErrorHub cannot reach its database. Events are still taken and kept on this server's disk; pages come back with the database.";

    // Whole in itself: what it would link to may be out of reach, too.
    private const string Page = $"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
        <title>The database is away · ErrorHub</title></head>
        <body><main role="alert"><h1>The database is away</h1><p>{Text}</p><p>This page tries again every five seconds.</p></main></body></html>
        """;

    public static IApplicationBuilder UseDatabaseAwayPage(this IApplicationBuilder app)
    {
        var maintenance = app.ApplicationServices.GetRequiredService<IDatabaseMaintenance>();
        var logger = app.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(DatabaseAwayPage).FullName!);
        return app.Use(async (context, next) =>
        {
            try
            {
                await next(context);
            }
            catch (Exception e) when (!context.Response.HasStarted && maintenance.IsAway(e))
            {
                Log.Away(logger, context.Request.Path, e.Message);
                await AnswerAsync(context);
            }
        });
    }

    private static async Task AnswerAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "5";
        if (context.Request.Path.StartsWithSegments("/api"))
        {
            await context.Response.WriteAsJsonAsync(new { detail = Text });
            return;
        }

        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(Page);
    }

    private static partial class Log
    {
        [LoggerMessage(1501, LogLevel.Warning, "{Path} was answered 503, the database is away: {Reason}")]
        public static partial void Away(ILogger logger, string path, string reason);
    }
}

using ErrorHub.Ingest;
using OpenTelemetry.Metrics;

namespace ErrorHub.Web.Operations;

/// <summary>What operators and their monitoring ask: /healthz, /readyz, /metrics. None needs a login, none shows event content.</summary>
internal static class OperationsModule
{
    public static void AddOperations(this IServiceCollection services)
    {
        services.AddSingleton<Readiness>();
        services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(IngestMetrics.MeterName)
            .AddRuntimeInstrumentation()
            .AddAspNetCoreInstrumentation()
            .AddPrometheusExporter());
    }

    public static void MapOperations(this WebApplication app)
    {
        app.MapGet("/healthz", () => "alive").AllowAnonymous().ExcludeFromDescription();
        app.MapGet("/readyz", async (Readiness readiness, CancellationToken cancellationToken) =>
        {
            var report = await readiness.CheckAsync(cancellationToken);
            return TypedResults.Json(report, statusCode: report.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
        }).AllowAnonymous().ExcludeFromDescription();
        app.MapPrometheusScrapingEndpoint("/metrics").AllowAnonymous();
    }
}

namespace ErrorHub.Web.Ingest;

/// <summary>Where SDKs send their events (protocol.md 1.2). Public: the key in the request is all that is asked for.</summary>
internal static partial class IngestEndpoints
{
    public static IServiceCollection AddIngestEndpoints(this IServiceCollection services) => services
        .AddSingleton<KeyGate>()
        .AddSingleton<BodyDecoder>()
        .AddSingleton<EnvelopeEndpoint>()
        .AddSingleton<StoreEndpoint>()
        .AddSingleton<SecurityEndpoint>()
        .AddSingleton<MinidumpEndpoint>()
        .AddSingleton<ErrorPageEndpoint>()
        .AddSingleton<EventIntake>();

    public static void MapIngest(this WebApplication app)
    {
        if (!BodyDecoder.ReadsBrotli)
            Log.BrotliRefused(app.Logger, Environment.Version);

        // Routes match with and without the slash at the end.
        var ingest = app.MapGroup("/api").AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        // Who sends is KeyGate's question: cookies, policies and the limits of the login would only cost time on the hot path.
        ingest.ShortCircuit();
        Post("/{project}/envelope/", (string project, HttpContext http, EnvelopeEndpoint endpoint) => endpoint.HandleAsync(project, http));
        Post("/tunnel/", (HttpContext http, EnvelopeEndpoint endpoint) => endpoint.HandleAsync(null, http));
        Post("/{project}/store/", (string project, HttpContext http, StoreEndpoint endpoint) => endpoint.HandleAsync(project, http));
        ingest.MapGet("/{project}/store/", (string project, HttpContext http, StoreEndpoint endpoint) => endpoint.HandleGetAsync(project, http));
        Post("/{project}/security/", (string project, HttpContext http, SecurityEndpoint endpoint) => endpoint.HandleAsync(project, http));
        Post("/{project}/csp-report/", (string project, HttpContext http, SecurityEndpoint endpoint) => endpoint.HandleAsync(project, http));
        Post("/{project}/minidump/", (string project, HttpContext http, MinidumpEndpoint endpoint) => endpoint.HandleAsync(project, http));
        Post("/store/", (HttpContext http, StoreEndpoint endpoint) => endpoint.HandleAsync(null, http));

        ingest.MapGet("/embed/error-page/", (HttpContext http, ErrorPageEndpoint endpoint) => endpoint.ShowAsync(http));
        Post("/embed/error-page/", (HttpContext http, ErrorPageEndpoint endpoint) => endpoint.TakeAsync(http));

        void Post(string pattern, Delegate handler)
        {
            ingest.MapPost(pattern, handler);
            // Routing's own 405 does not come to this: the not-found page's route takes any address.
            ingest.Map(pattern, () => IngestError.MethodNotAllowed);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1402, LogLevel.Error, "This is .NET {Version}: bodies compressed with Brotli are refused (415), because its decoder can be exploited (CVE-2026-111497). Update the runtime to 10.0.14 or later.")]
        public static partial void BrotliRefused(ILogger logger, Version version);
    }
}

using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using ErrorHub.Benchmarks.Load;

namespace ErrorHub.Benchmarks.Servers;

/// <summary>The published ErrorHub on a database, with an account of what it promised to have stored.</summary>
internal sealed class ErrorHubServer : IAsyncDisposable
{
    private const string ApiToken = "bench123456789abcdef0123456789abcdef0123456789abcdef0123456789ab";
    private const string FirstKey = "0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(60);

    private readonly BenchDatabase _database;
    private readonly HttpClient _http;
    private long _acknowledged;

    private ErrorHubServer(BenchDatabase database, ServerProcess process)
    {
        _database = database;
        Process = process;
        _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{process.Port}/api/0/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken);
    }

    public ServerProcess Process { get; }

    /// <summary>The project that every installation has.</summary>
    public Target Target => new(Process.Port, 1, FirstKey);

    /// <summary>Starts it; an empty database is migrated first.</summary>
    public static ErrorHubServer Start(BenchDatabase database)
    {
        var settings = new Dictionary<string, string>(database.Settings)
        {
            ["ErrorHub__DataDirectory"] = database.DataDirectory,
            ["ErrorHub__Bootstrap__AdminEmail"] = "owner@example.com",
            ["ErrorHub__Bootstrap__AdminPassword"] = "correct horse battery staple",
            ["ErrorHub__Bootstrap__ApiToken"] = ApiToken,
            ["ErrorHub__Bootstrap__ProjectKey"] = FirstKey,
            // All bodies: the baseline keeps all, and a storm that is thinned out would look like speed.
            ["ErrorHub__Ingest__KeptEventsPerHour"] = "0",
        };
        return new ErrorHubServer(database, ServerProcess.Start(PublishedProgram(), [], settings, database.DataDirectory));
    }

    public static async Task<ErrorHubServer> StartReadyAsync(BenchDatabase database)
    {
        var server = Start(database);
        await server.Process.WaitUntilReadyAsync();
        return server;
    }

    /// <summary>Makes a project, and limits its key when asked to.</summary>
    public async Task<Target> CreateProjectAsync(string name, int? eventsPerHour = null) => (await CreateAsync(name, eventsPerHour)).Target;

    /// <summary>Makes a project that keeps everything it is sent.</summary>
    public async Task<Target> CreateUnscrubbedProjectAsync(string name)
    {
        var (slug, target) = await CreateAsync(name, eventsPerHour: null);
        await SendAsync(HttpMethod.Put, $"projects/errorhub/{slug}/", new
        {
            dataScrubber = false,
            errorhub = new { scrubbing = new { profile = "sentry-compat", ipAddresses = "keep" } },
        });
        return target;
    }

    /// <summary>
    /// Takes down what a load was promised, and looks whether all of it, and nothing else, is there. Events that wait in the spool
    /// are waited for, and the wait is added to the time that the load took: its rate is that of stored events.
    /// </summary>
    public async Task<LoadResult> VerifyAsync(LoadResult result)
    {
        _acknowledged += result.Acknowledged;
        for (var wait = Stopwatch.StartNew(); ; await Task.Delay(100))
        {
            var waited = wait.Elapsed;
            var (rows, counted) = _database.CountEvents();
            if (rows == _acknowledged && counted == _acknowledged)
            {
                result.Elapsed += waited;
                return result;
            }

            if (rows > _acknowledged || waited > DrainLimit)
                throw new BenchmarkException($"{_acknowledged} events were acknowledged, {rows} are stored and {counted} are counted");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Process.DisposeAsync();
    }

    private async Task<(string Slug, Target Target)> CreateAsync(string name, int? eventsPerHour)
    {
        var project = await SendAsync(HttpMethod.Post, "teams/errorhub/errorhub/projects/", new { name });
        var slug = project.GetProperty("slug").GetString()!;
        var keys = $"projects/errorhub/{slug}/keys/";
        var key = (await SendAsync(HttpMethod.Get, keys, null))[0];
        if (eventsPerHour is { } count)
            await SendAsync(HttpMethod.Put, $"{keys}{key.GetProperty("id").GetString()}/", new { rateLimit = new { window = 3600, count } });

        return (slug, new Target(Process.Port, key.GetProperty("projectId").GetInt64(), key.GetProperty("public").GetString()!));
    }

    private async Task<JsonElement> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request);
        return response.IsSuccessStatusCode
            ? await response.Content.ReadFromJsonAsync<JsonElement>()
            : throw new BenchmarkException($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static string PublishedProgram()
    {
        var program = Path.Combine(Environment.GetEnvironmentVariable("ERRORHUB_PUBLISHED") ?? Path.Combine("artifacts", "errorhub"), "errorhub");
        return File.Exists(program)
            ? Path.GetFullPath(program)
            : throw new BenchmarkException("the program is not published: dotnet publish web -c Release -o artifacts/errorhub");
    }
}

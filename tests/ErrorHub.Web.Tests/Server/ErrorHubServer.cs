using System.Diagnostics;
using System.Net.Http.Headers;
using ErrorHub.Ingest;
using ErrorHub.Storage;
using ErrorHub.UseCases;
using ErrorHub.Web.Hosting;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.Web.Tests.Server;

/// <summary>
/// The whole program on a real Kestrel at a free port, with an empty SQLite database of its own: project 1 with a known key, an
/// owner and that owner's API token. One per test class, as a class fixture.
/// </summary>
public class ErrorHubServer : IAsyncLifetime
{
    public const string ProjectKey = "0123456789abcdef0123456789abcdef";
    public const string AdminEmail = "owner@example.com";
    public const string AdminPassword = "correct-horse-battery-staple";
    public const string ApiToken = "test-token-with-all-scopes-0123456789";

    private static readonly TimeSpan LongestToSettle = TimeSpan.FromSeconds(3);

    private readonly string _directory = Directory.CreateTempSubdirectory("errorhub-web-").FullName;
    private WebApplication? _app;

    /// <summary>Sends nothing of its own accord: no key, no token; follows no redirects and keeps no cookies.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>As <see cref="Client"/>, with the owner's API token.</summary>
    public HttpClient Api { get; private set; } = null!;

    public IServiceProvider Services => _app!.Services;

    public Uri BaseAddress => Client.BaseAddress!;

    /// <summary>Settings beside the usual ones, as <c>--Section:Key=value</c>.</summary>
    protected virtual IEnumerable<string> Settings => [];

    public virtual async ValueTask InitializeAsync()
    {
        string[] args =
        [
            "--urls=http://127.0.0.1:0",
            $"--ErrorHub:DataDirectory={_directory}",
            // Recurring jobs are not what these tests are about, and Hangfire's storage is one per process.
            "--ErrorHub:Roles=ingest,web",
            $"--ErrorHub:Bootstrap:AdminEmail={AdminEmail}",
            $"--ErrorHub:Bootstrap:AdminPassword={AdminPassword}",
            $"--ErrorHub:Bootstrap:ApiToken={ApiToken}",
            $"--ErrorHub:Bootstrap:ProjectKey={ProjectKey}",
            // These tests look at the database after a 200: on a busy machine the spool must not step in between.
            "--ErrorHub:Ingest:WriteTimeBudget=00:00:30",
            "--ErrorHub:Ingest:AnswerWithin=00:00:30",
            "--Logging:LogLevel:Default=Critical",
            .. Settings,
        ];
        _app = Program.Build(args);
        await CommandLine.StartAsync(_app, CancellationToken.None);
        Client = NewClient();
        Api = NewClient();
        Api.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ApiToken);
    }

    /// <summary>Runs a use case.</summary>
    public Task<T> SendAsync<T>(IRequest<T> request) =>
        Services.GetRequiredService<UseCaseSender>().SendAsync(request, CancellationToken.None);

    /// <summary>Runs a query in a context of its own, when what was acknowledged from the spool or only noted down is in its place.</summary>
    public async Task<T> QueryAsync<T>(Func<ErrorHubDbContext, Task<T>> query)
    {
        await SettledAsync();
        await using var scope = Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>());
    }

    // Tests of an outage leave something there for good.
    private async Task SettledAsync()
    {
        var spool = Services.GetRequiredService<IEventSpool>();
        var journal = Services.GetService<ICountJournal>();
        for (var wait = Stopwatch.StartNew(); wait.Elapsed < LongestToSettle && (spool.State.Events > 0 || journal is { IsBehind: true });)
            await Task.Delay(10);
    }

    /// <summary>Changes rows directly, in a context of its own that is saved afterwards.</summary>
    public Task ChangeAsync(Func<ErrorHubDbContext, Task> change) => QueryAsync(async db =>
    {
        await change(db);
        return await db.SaveChangesAsync();
    });

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        Api?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
            await RemoveDatabaseAsync();
        }

        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Lets go of the database after the program has ended; SQLite's is a file in the data directory.</summary>
    protected virtual ValueTask RemoveDatabaseAsync()
    {
        SqliteConnection.ClearAllPools();
        return ValueTask.CompletedTask;
    }

    private HttpClient NewClient() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(_app!.Urls.First()) };
}

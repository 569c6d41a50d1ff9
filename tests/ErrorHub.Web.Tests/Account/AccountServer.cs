using System.Net.Http.Headers;
using ErrorHub.Accounts;
using ErrorHub.Attachments;
using ErrorHub.DeadLetters;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Ingest;
using ErrorHub.Normalization;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.SourceMaps;
using ErrorHub.Storage;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Hosting;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ErrorHub.Web.Tests.Account;

/// <summary>
/// The whole program on a free port with an empty SQLite database, a clock that the test moves, no owner yet, and two endpoints
/// of the web API's kind: <c>GET /api/0/test/read</c> and <c>/api/0/test/admin</c>.
/// </summary>
public sealed class AccountServer : IAsyncLifetime
{
    public const string OwnerEmail = "owner@example.com";
    public const string Password = "correct-horse-battery-staple";

    private readonly string _directory = Directory.CreateTempSubdirectory("errorhub-account-").FullName;
    private readonly List<WebApplication> _apps = [];

    public FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>Path of the set-up link that the start printed.</summary>
    public string SetUpPath { get; private set; } = "";

    /// <summary>What the owner of this installation may see; filled by <see cref="SetUpAsync"/>.</summary>
    public AccessScope Owner { get; private set; } = AccessScope.Nobody;

    public Uri Address => new(_apps[0].Urls.First());

    public async ValueTask InitializeAsync() => SetUpPath = (await StartAsync())!;

    /// <summary>Starts one more process over the same database.</summary>
    /// <returns>Path of its set-up link; null when there is an owner.</returns>
    public async Task<string?> StartAsync(params string[] settings)
    {
        string[] args =
        [
            "--urls=http://127.0.0.1:0", $"--ErrorHub:DataDirectory={_directory}", "--ErrorHub:Roles=ingest,web",
            "--Logging:LogLevel:Default=Warning", .. settings,
        ];
        var app = Program.Build(args, builder => builder.Services.AddSingleton<TimeProvider>(Clock));
        app.MapGet("/api/0/test/read", async (CallerScope caller, HttpContext context) =>
            (await caller.GetAsync(context.RequestAborted)).Actor.Name).RequireScope("project:read");
        app.MapPost("/api/0/test/admin", () => "done").RequireScope("project:admin");
        app.MapGet("/api/0/test/open", async (CallerScope caller, HttpContext context) =>
            (await caller.GetAsync(context.RequestAborted)).Actor.Name);
        _apps.Add(app);
        return await CommandLine.StartAsync(app, CancellationToken.None);
    }

    /// <summary>Makes the owner through the set-up link, once.</summary>
    public async Task<AccessScope> SetUpAsync()
    {
        if (!Owner.IsOwner)
        {
            var made = await SendAsync(new SetUpOwner(SetUpPath.Split('=')[1], "Olga", OwnerEmail, Password, null));
            Owner = (await SendAsync(new GetAccess(made.Value!.Id, "127.0.0.1")))!;
        }

        return Owner;
    }

    /// <summary>A member with a password and access to the named projects.</summary>
    public async Task<AccessScope> AddMemberAsync(string email, params string[] projects)
    {
        var owner = await SetUpAsync();
        var invitation = (await SendAsync(new InviteMember(owner, email.Split('@')[0], email, UserRole.Member))).Value!;
        await SendAsync(new AcceptInvite(invitation.Path.Split('=')[1], Password, null));
        foreach (var slug in projects)
            await SendAsync(new SetProjectAccess(owner, slug, invitation.UserId, HasAccess: true));
        return (await SendAsync(new GetAccess(invitation.UserId, "127.0.0.1")))!;
    }

    public async Task<ProjectRow> AddProjectAsync(string name) =>
        (await SendAsync(new CreateProject(await SetUpAsync(), name, null, null))).Value!;

    /// <summary>Stores one event in a project.</summary>
    /// <returns>Its issue.</returns>
    public async Task<Guid> AddEventAsync(long projectId, SentryId eventId)
    {
        var written = await _apps[0].Services.GetRequiredService<IEventWriter>().WriteAsync(
            [NewEvent(projectId, eventId)], [], CancellationToken.None);
        return written[0].IssueId;
    }

    /// <summary>Stores events of one fault, each reached by another caller.</summary>
    /// <returns>Their issue.</returns>
    public async Task<Guid> AddPathsAsync(long projectId, params string[] callers)
    {
        var fault = $"Fault{Guid.NewGuid():N}";
        var written = await _apps[0].Services.GetRequiredService<IEventWriter>().WriteAsync(
            [.. callers.Select(caller => NewEvent(projectId, SentryId.NewId(), fault, caller))], [], CancellationToken.None);
        return written[0].IssueId;
    }

    private ProcessedEvent NewEvent(long projectId, SentryId eventId, string fault, string caller)
    {
        var json = System.Text.Encoding.UTF8.GetBytes($$$"""
            {"platform":"python","exception":{"values":[{"type":"{{{fault}}}","value":"no stock","stacktrace":{"frames":[
              {"module":"shop.app","function":"{{{caller}}}","in_app":true},{"module":"shop.cart","function":"pay","in_app":true}]}}]}}
            """);
        Assert.True(EventJson.TryParse(json, out var e));
        return NewEvent(projectId, eventId) with { Grouping = Grouper.GroupingOf(e), Body = PayloadCodec.Compress(json), BodyBytes = json.Length };
    }

    /// <summary>Uploads a chunk.</summary>
    /// <returns>Its name.</returns>
    public string AddChunk(byte[] bytes)
    {
        _apps[0].Services.GetRequiredService<ArtifactFiles>().AddChunk(bytes);
        return ArtifactFiles.ChecksumOf(bytes);
    }

    /// <summary>Attaches a file to an event.</summary>
    public async Task<Guid> AddAttachmentAsync(long projectId, SentryId eventId)
    {
        var now = Clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        await SendAsync(new AddAttachments(
            [
                new Attachment
                {
                    ProjectId = projectId, Id = id, EventId = eventId.Value, Filename = "Secret.txt", Kind = "event.attachment", Bytes = 6,
                    Sha256 = _apps[0].Services.GetRequiredService<AttachmentFiles>().Write(projectId, id, "secret"u8),
                    CreatedAt = EventProcessor.Microseconds(now), RetentionDays = 90,
                },
            ],
            30, 1000));
        return id;
    }

    /// <summary>Keeps an event as a dead letter.</summary>
    /// <returns>Its key.</returns>
    public async Task<Guid> AddDeadLetterAsync(long projectId)
    {
        var e = NewEvent(projectId, SentryId.NewId());
        await _apps[0].Services.GetRequiredService<DeadLetterBox>().AddAsync(e, "refused", CancellationToken.None);
        return e.Id;
    }

    private ProcessedEvent NewEvent(long projectId, SentryId eventId)
    {
        var now = Clock.GetUtcNow();
        return new ProcessedEvent
        {
            Id = Guid.CreateVersion7(now),
            ProjectId = projectId,
            EventId = eventId,
            ReceivedAt = now,
            Timestamp = now,
            RetentionDays = 90,
            Grouping = new GroupingResult(new IssueHash(eventId.Value.ToByteArray(), 1), "app", ["type: ValueError"]),
            Heading = new EventHeading("ValueError", "no stock", "ValueError: no stock", "pay in shop.cart", "shop/cart.py", "pay"),
            Level = SentryLevel.Error,
            Platform = "python",
            Category = "error",
            Environment = "production",
            Release = "shop@1.0.0",
            Tags = [new("environment", "production")],
            Body = PayloadCodec.Compress("""{"platform":"python"}"""u8),
            Codec = PayloadCodec.Kind,
            BodyBytes = 21,
        };
    }

    /// <summary>What this program answers to.</summary>
    public IReadOnlyList<Endpoint> Endpoints => _apps[0].Services.GetRequiredService<EndpointDataSource>().Endpoints;

    public Task<T> SendAsync<T>(IRequest<T> request) =>
        _apps[0].Services.GetRequiredService<UseCaseSender>().SendAsync(request, CancellationToken.None);

    public async Task<T> QueryAsync<T>(Func<ErrorHubDbContext, Task<T>> query)
    {
        await using var scope = _apps[0].Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<ErrorHubDbContext>());
    }

    /// <summary>A new browser without cookies.</summary>
    public Browser NewBrowser() => new(Address);

    /// <summary>A browser that is logged in.</summary>
    public async Task<Browser> LogInAsync(string email)
    {
        var browser = NewBrowser();
        await browser.GetAsync("/account/login");
        await browser.SubmitAsync("login", ("Form.Email", email), ("Form.Password", Password));
        Assert.Contains("errorhub=", browser.Cookies, StringComparison.Ordinal);
        return browser;
    }

    /// <summary>A client with a bearer token, or none.</summary>
    public HttpClient NewApiClient(string? token)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var app in _apps)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
    }
}

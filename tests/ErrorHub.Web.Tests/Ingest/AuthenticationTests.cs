using System.Net;
using System.Text;
using ErrorHub.Projects;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Who may send: rows 4, 7 to 16 of protocol.md section 12.</summary>
public sealed class AuthenticationTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>, IAsyncLifetime
{
    private const string DisabledKey = "dddddddddddddddddddddddddddddddd";
    private const string OtherKey = "22222222222222222222222222222222";
    private const string UnknownKey = "99999999999999999999999999999999";

    private readonly Sdk _sdk = new(server);

    public async ValueTask InitializeAsync()
    {
        if (await server.QueryAsync(db => Task.FromResult(db.Projects.Any(p => p.Id == 2))))
            return;

        var now = DateTimeOffset.UtcNow;
        await server.ChangeAsync(db =>
        {
            db.Add(new Project { Id = 2, Slug = "other", Name = "Other", CreatedAt = now });
            db.Add(NewKey(2, OtherKey, isActive: true));
            db.Add(NewKey(1, DisabledKey, isActive: false));
            return Task.CompletedTask;
        });

        ProjectKey NewKey(long projectId, string publicKey, bool isActive) => new()
        {
            ProjectId = projectId,
            Id = Guid.CreateVersion7(now),
            PublicKey = publicKey,
            Name = "Test",
            IsActive = isActive,
            CreatedAt = now,
        };
    }

    [Fact]
    public async Task Row04_KeyInQueryAndPlainText_Stored()
    {
        var id = Sdk.NewId();

        var answer = await _sdk.PostAsync(
            $"{Sdk.Envelope}?sentry_key={Sdk.Key}&sentry_version=7&sentry_client=sentry.javascript.browser%2F10.0", Sdk.EnvelopeOf(id),
            ("Content-Type", "text/plain;charset=UTF-8"));

        answer.IsTaken(id);
        await _sdk.StoredAsync(id);
    }

    [Theory]
    [InlineData("/api/tunnel/")]
    [InlineData(Sdk.Envelope)]
    public async Task Row07_DsnInEnvelopeOnly_StoredInItsProject(string path)
    {
        var id = Sdk.NewId();

        var answer = await _sdk.PostAsync(path, WithDsn(id, $"https://{Sdk.Key}@other.host/1"));

        answer.IsTaken(id);
        await _sdk.StoredAsync(id);
    }

    [Fact]
    public async Task Row08_DsnOfAnotherProject_400()
    {
        var id = Sdk.NewId();

        var answer = await _sdk.PostAsync(Sdk.Envelope, WithDsn(id, $"https://{Sdk.Key}@other.host/2"), Sdk.Auth);

        answer.IsRefused(HttpStatusCode.BadRequest);
        await _sdk.IsNotStoredAsync(id);
    }

    [Theory]
    [InlineData("Authorization", $"Sentry sentry_version=7, sentry_key={Sdk.Key}")]
    [InlineData("X-Sentry-Auth", $"sentry sentry_version=7, sentry_key={Sdk.Key}")]
    [InlineData("X-Sentry-Auth", $"Sentry sentry_version=7,sentry_key={Sdk.Key},sentry_client=t/1")]
    [InlineData("X-Sentry-Auth", $"Sentry sentry_key={Sdk.Key}, sentry_colour=red, sentry_version=7")]
    public Task Row09_HeaderForms_Stored(string name, string value) => IsStoredAsync((name, value));

    [Fact]
    public Task Row10_BasicAuthentication_Stored() =>
        IsStoredAsync(("Authorization", "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes(Sdk.Key + ":"))));

    [Theory]
    [InlineData("4")]
    [InlineData("5")]
    [InlineData("6")]
    [InlineData("7.0")]
    [InlineData(null)]
    public Task Row11_KnownVersions_Stored(string? version) =>
        IsStoredAsync(("X-Sentry-Auth", $"Sentry sentry_key={Sdk.Key}" + (version is null ? "" : $", sentry_version={version}")));

    [Fact]
    public async Task Row11_Version8_400() =>
        (await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(Sdk.NewId()), ("X-Sentry-Auth", $"Sentry sentry_version=8, sentry_key={Sdk.Key}")))
            .IsRefused(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Row12_HeaderAndQueryDiffer_401()
    {
        var id = Sdk.NewId();

        (await _sdk.PostAsync($"{Sdk.Envelope}?sentry_key={OtherKey}", Sdk.EnvelopeOf(id), Sdk.Auth)).IsRefused(HttpStatusCode.Unauthorized);

        await _sdk.IsNotStoredAsync(id);
        (await _sdk.PostAsync($"{Sdk.Envelope}?sentry_key={Sdk.Key}", Sdk.EnvelopeOf(id), Sdk.Auth)).IsTaken(id);
    }

    [Theory]
    [InlineData(Sdk.Envelope)]
    [InlineData(Sdk.Store)]
    public async Task Row13_NoKeyAnywhere_401(string path) =>
        (await _sdk.PostAsync(path, Sdk.EnvelopeOf(Sdk.NewId()))).IsRefused(HttpStatusCode.Unauthorized);

    [Theory]
    [InlineData(UnknownKey, 1)]
    [InlineData(DisabledKey, 1)]
    [InlineData(Sdk.Key, 2)]
    [InlineData(Sdk.Key, 999)]
    public async Task Row14_KeyNotOfTheProject_403(string key, long project)
    {
        var id = Sdk.NewId();

        var answer = await _sdk.PostAsync($"/api/{project}/envelope/?sentry_key={key}", Sdk.EnvelopeOf(id));

        answer.IsRefused(HttpStatusCode.Forbidden);
        await _sdk.IsNotStoredAsync(id);
    }

    [Theory]
    [InlineData("/api/1/envelope/?sentry_key=lol")]
    [InlineData($"/api/abc/envelope/?sentry_key={Sdk.Key}")]
    public async Task Row15_BadKeyOrProject_400(string path) =>
        (await _sdk.PostAsync(path, Sdk.EnvelopeOf(Sdk.NewId()))).IsRefused(HttpStatusCode.BadRequest);

    [Fact]
    public Task Row16_BearerOfAProxyBesideTheKey_Stored() => IsStoredAsync(("Authorization", "Bearer junk"), Sdk.Auth);

    private static string WithDsn(string id, string dsn) =>
        $$"""{"event_id":"{{id}}","dsn":"{{dsn}}"}""" + "\n{\"type\":\"event\"}\n" + Sdk.Event(id);

    private async Task IsStoredAsync(params (string, string)[] headers)
    {
        var id = Sdk.NewId();
        (await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(id), headers)).IsTaken(id);
        await _sdk.StoredAsync(id);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

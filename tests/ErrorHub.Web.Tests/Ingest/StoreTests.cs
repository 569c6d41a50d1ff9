using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using ErrorHub.Protocol.Events;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>The old endpoint: rows 62 to 71 of protocol.md section 12.</summary>
public sealed class StoreTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    [Theory]
    [InlineData("/api/1/store/")]
    [InlineData("/api/1/store")]
    [InlineData("/api/store/")]
    public async Task Row62And67_Json_Stored(string path)
    {
        var id = Sdk.NewId();

        (await _sdk.PostAsync(path, Sdk.Event(id), Sdk.Auth)).IsTaken(id);

        await _sdk.StoredAsync(id);
    }

    [Fact]
    public async Task Row63_NothingButAMessage_HasDefaults()
    {
        var before = DateTimeOffset.UtcNow.AddSeconds(-1);

        var answer = await _sdk.PostAsync(Sdk.Store, "{\"message\":\"hello\"}", Sdk.Auth);

        using var json = JsonDocument.Parse(answer.Body);
        var (row, body, title, _) = await _sdk.StoredAsync(json.RootElement.GetProperty("id").GetString()!);
        Assert.Equal(("other", SentryLevel.Error, "hello"), (body.Platform, body.Level, title));
        Assert.Equal(row.ReceivedAt, row.Timestamp);
        Assert.InRange(row.ReceivedAt, before, DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Row64_AsOldRubySdksSend_Stored()
    {
        var id = Sdk.NewId();
        using var zlib = new MemoryStream();
        using (var stream = new ZLibStream(zlib, CompressionLevel.Optimal))
            stream.Write(Encoding.UTF8.GetBytes(Sdk.Event(id)));

        var answer = await _sdk.PostAsync(
            Sdk.Store, Convert.ToBase64String(zlib.ToArray()), ("Content-Type", "application/octet-stream"),
            ("X-Sentry-Auth", $"Sentry sentry_version=5, sentry_client=raven-ruby/2.0, sentry_timestamp=1764000000, sentry_key={Sdk.Key}, sentry_secret=s"));

        answer.IsTaken(id);
        await _sdk.StoredAsync(id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\ufeff")]
    [InlineData(" \n")]
    public async Task Row65_BeforeTheJson_IsSkipped(string before)
    {
        var id = Sdk.NewId();

        (await _sdk.PostAsync(Sdk.Store, before + Sdk.Event(id), Sdk.Auth)).IsTaken(id);

        await _sdk.StoredAsync(id);
    }

    [Fact]
    public async Task Row65_Base64_Stored()
    {
        var id = Sdk.NewId();

        (await _sdk.PostAsync(Sdk.Store, Convert.ToBase64String(Encoding.UTF8.GetBytes(Sdk.Event(id))), Sdk.Auth)).IsTaken(id);

        await _sdk.StoredAsync(id);
    }

    [Fact]
    public async Task Row65_Gzip_Stored()
    {
        var id = Sdk.NewId();
        using var gzip = new MemoryStream();
        using (var stream = new GZipStream(gzip, CompressionLevel.Fastest))
            stream.Write(Encoding.UTF8.GetBytes(Sdk.Event(id)));

        (await _sdk.PostAsync(Sdk.Store, gzip.ToArray(), Sdk.Auth, ("Content-Encoding", "gzip"))).IsTaken(id);

        await _sdk.StoredAsync(id);
    }

    [Fact]
    public async Task Row68_NumbersThatJsonDoesNotHave_AreNull()
    {
        var id = Sdk.NewId();

        (await _sdk.PostAsync(Sdk.Store, Sdk.Event(id, ",\"extra\":{\"a\":NaN,\"b\":-Infinity,\"c\":1}"), Sdk.Auth)).IsTaken(id);

        var extra = (await _sdk.StoredAsync(id)).Body.Extra;
        Assert.Equal(1, extra["c"].GetInt32());
        Assert.False(extra.TryGetValue("a", out var a) && a.ValueKind != JsonValueKind.Null);
    }

    [Theory]
    [InlineData("{\"message\":")]
    [InlineData("[1]")]
    [InlineData("what is this")]
    public async Task Row69_InvalidJson_400(string body) => (await _sdk.PostAsync(Sdk.Store, body, Sdk.Auth)).IsRefused(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Row70_Transaction_TakenAndNotStored()
    {
        var id = Sdk.NewId();

        Assert.Equal(HttpStatusCode.OK, (await _sdk.PostAsync(Sdk.Store, Sdk.Event(id, ",\"type\":\"transaction\""), Sdk.Auth)).Status);

        await _sdk.IsNotStoredAsync(id);
    }

    [Fact]
    public async Task Row71_LegacyInterfaces_AreTheirModernParts()
    {
        var id = Sdk.NewId();

        (await _sdk.PostAsync(
            Sdk.Store,
            $$$"""
            {"event_id":"{{{id}}}","sentry.interfaces.Exception":{"values":[{"type":"E","value":"v"}]},"sentry.interfaces.Http":{"url":"http://a.example/b"},
             "sentry.interfaces.User":{"id":"7"},"sentry.interfaces.Message":{"message":"m"}}
            """,
            Sdk.Auth)).IsTaken(id);

        var body = (await _sdk.StoredAsync(id)).Body;
        Assert.Equal(
            ("E", "http://a.example/b", "7", "m"), (Assert.Single(body.Exceptions).Type, body.Request?.Url, body.User?.Id, body.Message?.Text));
    }
}

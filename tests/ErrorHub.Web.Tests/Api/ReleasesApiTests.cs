using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ErrorHub.SourceMaps;
using ErrorHub.Web.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Api;

/// <summary>What sentry-cli sends: rows 104 and 105 of protocol.md section 12. The program itself runs in the end-to-end tests.</summary>
public sealed class ReleasesApiTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private const string Releases = "/api/0/organizations/errorhub/releases/";
    private const string Upload = "/api/0/organizations/errorhub/chunk-upload/";

    private readonly string _version = $"shop@{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Row104_NewCommitsFinalizeDeploy_AreRead()
    {
        var (made, _) = await SendAsync(HttpMethod.Post, Releases, new { version = _version, projects = (object[])["default"], dateStarted = "2026-11-25T20:41:24.914991950Z" });
        var (again, _) = await SendAsync(HttpMethod.Post, Releases, new { version = _version, projects = (object[])[1] });
        await SendAsync(HttpMethod.Put, $"{Releases}{_version}/", new
        {
            commits = (object[])[new { id = "f2d2c96f", message = "one\n", author_name = "A", author_email = "a@b", repository = "origin", timestamp = "2026-11-25T20:41:24Z", patch_set = (object[])[new { path = "a", type = "A" }] }],
        });
        await SendAsync(HttpMethod.Put, $"{Releases}{_version}/", new { projects = (object[])["default"], dateReleased = "2026-11-25T20:41:24.927257705Z" });
        var (deployed, deploy) = await SendAsync(
            HttpMethod.Post, $"{Releases}{_version}/deploys/", new { environment = "production", name = (string?)null, dateFinished = "2026-11-25T20:41:24.95Z" });
        var (_, release) = await SendAsync(HttpMethod.Get, $"{Releases}{_version}/", null);
        var (_, deploys) = await SendAsync(HttpMethod.Get, $"{Releases}{_version}/deploys/", null);

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.AlreadyReported, HttpStatusCode.Created), (made, again, deployed));
        Assert.Equal("production", deploy.GetProperty("environment").GetString());
        Assert.Equal(("f2d2c96f", 1), (release.GetProperty("lastCommit").GetProperty("id").GetString(), release.GetProperty("commitCount").GetInt32()));
        Assert.StartsWith("2026-11-25T20:41:24", release.GetProperty("dateReleased").GetString(), StringComparison.Ordinal);
        Assert.Equal("default", Assert.Single(release.GetProperty("projects").EnumerateArray().ToList()).GetProperty("slug").GetString());
        Assert.Equal(deploy.GetProperty("id").GetString(), Assert.Single(deploys.EnumerateArray().ToList()).GetProperty("id").GetString());
    }

    [Theory]
    [InlineData("a/b", "default", HttpStatusCode.BadRequest)]
    [InlineData("", "default", HttpStatusCode.BadRequest)]
    [InlineData("1.0", "nothing", HttpStatusCode.NotFound)]
    public async Task Row104_ReleaseThatCannotBe_IsRefused(string version, string project, HttpStatusCode status) => Assert.Equal(
        status, (await SendAsync(HttpMethod.Post, Releases, new { version, projects = (object[])[project] })).Status);

    [Fact]
    public async Task Row104_DeployOfAnUnknownRelease_404() => Assert.Equal(
        HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Post, $"{Releases}{_version}/deploys/", new { environment = "production" })).Status);

    [Fact]
    public async Task Row105_ChunkUnderAWrongName_400AndNotKept()
    {
        var name = ArtifactFiles.ChecksumOf("other"u8);

        Assert.Equal(HttpStatusCode.BadRequest, await UploadAsync("file", name, "bytes"u8.ToArray()));
        Assert.Equal(HttpStatusCode.BadRequest, await UploadAsync("file", "../../evil", "bytes"u8.ToArray()));
        Assert.Equal(HttpStatusCode.BadRequest, await UploadAsync("file_gzip", name, "no gzip"u8.ToArray()));

        Assert.Equal(("not_found", name), await AssembleAsync(name, name));
    }

    [Theory]
    [InlineData("file", false)]
    [InlineData("file_gzip", true)]
    [InlineData("file", true)]
    public async Task Row105_MissingChunk_NotFoundThenUploadedThenOk(string field, bool compressed)
    {
        byte[] one = [.. "PK"u8, .. Guid.NewGuid().ToByteArray()], two = Guid.NewGuid().ToByteArray();
        var (first, second) = (ArtifactFiles.ChecksumOf(one), ArtifactFiles.ChecksumOf(two));
        var whole = ArtifactFiles.ChecksumOf([.. one, .. two]);
        Assert.Equal(HttpStatusCode.OK, await UploadAsync("file", first, one));

        Assert.Equal(("not_found", second), await AssembleAsync(whole, first, second));
        Assert.Equal(HttpStatusCode.OK, await UploadAsync(field, second, compressed ? Gzip(two) : two));
        Assert.Equal(("ok", ""), await AssembleAsync(whole, first, second));
        Assert.Equal(("ok", ""), await AssembleAsync(whole, first, second));

        Assert.Equal(34, (await server.QueryAsync(db => db.ArtifactBundles.SingleAsync(b => b.Checksum == whole, Cancelled))).Bytes);
    }

    [Fact]
    public async Task Row105_ChunksThatDoNotMakeTheWhole_AreAnError()
    {
        var chunk = Guid.NewGuid().ToByteArray();
        await UploadAsync("file", ArtifactFiles.ChecksumOf(chunk), chunk);

        Assert.Equal("error", (await AssembleAsync(ArtifactFiles.ChecksumOf("other"u8), ArtifactFiles.ChecksumOf(chunk))).State);
    }

    private async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await server.Api.SendAsync(request, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled));
    }

    private async Task<HttpStatusCode> UploadAsync(string field, string name, byte[] bytes)
    {
        using var form = new MultipartFormDataContent("boundary") { { new ByteArrayContent(bytes), field, name } };
        using var answer = await server.Api.PostAsync(new Uri(Upload, UriKind.Relative), form, Cancelled);
        return answer.StatusCode;
    }

    private async Task<(string State, string Missing)> AssembleAsync(string checksum, params string[] chunks)
    {
        var (status, json) = await SendAsync(
            HttpMethod.Post, "/api/0/organizations/errorhub/artifactbundle/assemble/", new { checksum, chunks, projects = (string[])["default"], version = _version });
        Assert.Equal(HttpStatusCode.OK, status);
        return (json.GetProperty("state").GetString()!, string.Join(',', json.GetProperty("missingChunks").EnumerateArray().Select(c => c.GetString())));
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var to = new MemoryStream();
        using (var gzip = new GZipStream(to, CompressionLevel.Fastest))
            gzip.Write(bytes);

        return to.ToArray();
    }
}

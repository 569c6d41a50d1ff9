using System.Net;
using System.Text.Json;

namespace ErrorHub.Web.Tests.Server;

public abstract class OperationsTests(ErrorHubServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Healthz_Running_IsAlive() => Assert.Equal("alive", await server.Client.GetStringAsync("/healthz", Cancelled));

    [Fact]
    public async Task Readyz_Running_NamesEveryPart()
    {
        var answer = await server.Client.GetStringAsync("/readyz", Cancelled);

        Assert.Equal(
            """{"status":"ready","database":"ok","migrations":"ok","writerQueue":"ok","spool":"ok"}""", answer);
    }

    [Theory]
    [InlineData("GET", "/api/1/envelope/", HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/api/nothing-here", HttpStatusCode.NotFound)]
    [InlineData("POST", "/api/1/nothing-here/", HttpStatusCode.NotFound)]
    [InlineData("PUT", "//api//1/store", HttpStatusCode.MethodNotAllowed)]
    public async Task Row108_WrongMethodOrAddress_JsonWithCors(string method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(server.BaseAddress.AbsoluteUri.TrimEnd('/') + path));
        using var answer = await server.Client.SendAsync(request, Cancelled);

        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(Cancelled));
        Assert.NotEmpty(json.RootElement.GetProperty("detail").GetString()!);
        Assert.Equal("*", Assert.Single(answer.Headers.GetValues("Access-Control-Allow-Origin")));
    }
}

public sealed class SqliteOperationsTests(ErrorHubServer server) : OperationsTests(server), IClassFixture<ErrorHubServer>;

public sealed class PostgreSqlOperationsTests(PostgreSqlErrorHubServer server)
    : OperationsTests(server), IClassFixture<PostgreSqlErrorHubServer>;

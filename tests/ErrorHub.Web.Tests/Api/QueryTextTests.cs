using System.Net;
using System.Text.Json;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Api;

/// <summary>What nobody means to write in a query is told to its writer, on both databases alike.</summary>
public abstract class QueryTextTests(ErrorHubServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("query=%00")]
    [InlineData("query=release:1%002")]
    [InlineData("cursor=%00")]
    [InlineData("cursor=!!!!")]
    [InlineData("cursor=aaaa%20")]
    [InlineData("cursor=AQ")]
    public async Task Issues_TextThatCannotBeRead_BadRequest(string query)
    {
        using var answer = await server.Api.GetAsync($"/api/0/organizations/errorhub/issues/?{query}", Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync(Cancelled));
        Assert.NotEmpty(json.RootElement.GetProperty("detail").GetString()!);
    }
}

public sealed class SqliteQueryTextTests(ErrorHubServer server) : QueryTextTests(server), IClassFixture<ErrorHubServer>;

public sealed class PostgreSqlQueryTextTests(PostgreSqlErrorHubServer server)
    : QueryTextTests(server), IClassFixture<PostgreSqlErrorHubServer>;

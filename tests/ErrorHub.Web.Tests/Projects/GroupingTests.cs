using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Web.Tests.Account;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Projects;

/// <summary>A project's rules of grouping: written, tried, applied and taken back, on the page and by the web API.</summary>
public sealed class GroupingTests : IAsyncLifetime
{
    private const string Page = "/projects/default/settings/grouping";
    private const string Api = "/api/0/projects/errorhub/default/errorhub/grouping/";

    private readonly AccountServer _server = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        await _server.SetUpAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Page_RulesTriedAppliedAndUndone_ShowsEachStep()
    {
        await SendTwoAsync();
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync(Page);
        await browser.SubmitAsync("grouping", ("Form.Rules", "# one\ntype:Time -> x title=\"\""), ("Form.Days", "7"));
        Assert.Contains("Line 2: a title has 1 to 256 characters.", browser.Html, StringComparison.Ordinal);

        await SubmitAsync(browser, "grouping", ("Form.Rules", "type:*Timeout -> away title=\"Database away\""), ("Form.Days", "7"));
        Assert.Contains("2 issues become 1: 2 merged into 1", browser.Html, StringComparison.Ordinal);
        Assert.Equal(2, await _server.QueryAsync(db => db.Issues.CountAsync(Cancelled)));

        await SubmitAsync(browser, "apply");
        Assert.Contains("Applied. It holds", browser.Html, StringComparison.Ordinal);
        Assert.Equal(1, await _server.QueryAsync(db => db.Issues.CountAsync(Cancelled)));

        await SubmitAsync(browser, Assert.Single(browser.Forms("change-")));
        Assert.Contains("Taken back.", browser.Html, StringComparison.Ordinal);
        Assert.Equal(2, await _server.QueryAsync(db => db.Issues.CountAsync(Cancelled)));
    }

    [Fact]
    public async Task Ingest_RulesApplied_GroupAndNameWhatComes()
    {
        await SendTwoAsync();
        using var api = await ApiAsync("project:read", "project:write", "event:read");
        var tried = await (await api.PostAsJsonAsync(Api + "changes/", new { rules = "type:*Timeout -> away title=\"Database away\"", days = 3 }, Cancelled)).Content.ReadFromJsonAsync<JsonElement>(Cancelled);
        Assert.Equal((2, 1, 2), (tried.GetProperty("issuesBefore").GetInt32(), tried.GetProperty("issuesAfter").GetInt32(), tried.GetProperty("merged").GetInt32()));
        var address = $"{Api}changes/{tried.GetProperty("id").GetString()}/";

        var applied = await (await api.PutAsJsonAsync(address, new { state = "applied" }, Cancelled)).Content.ReadFromJsonAsync<JsonElement>(Cancelled);

        Assert.Equal("applied", applied.GetProperty("state").GetString());
        _server.Clock.Advance(TimeSpan.FromSeconds(6));
        await SendAsync("ReadTimeout", "sync");
        Assert.Equal(["Database away"], await _server.QueryAsync(db => db.Issues.Select(i => i.Title).ToListAsync(Cancelled)));
        Assert.Equal(HttpStatusCode.Conflict, (await api.PutAsJsonAsync(address, new { state = "applied" }, Cancelled)).StatusCode);
        Assert.Contains("Database away", (await api.GetStringAsync(Api, Cancelled)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await api.PutAsJsonAsync(address, new { state = "undone" }, Cancelled)).StatusCode);
    }

    [Theory]
    [InlineData("""{"rules":"x"}""", "Line 1")]
    [InlineData("""{"rules":"type:X -> x","days":"x"}""", "days")]
    [InlineData("""{"rules":"type:X -> x","days":91}""", "1 to 90 days")]
    public async Task Api_BadRequest_SaysWhatToDo(string body, string problem)
    {
        using var api = await ApiAsync("project:write");
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var answer = await api.PostAsync(Api + "changes/", content, Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(problem, await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Member_ReadsAndCannotChange()
    {
        await _server.AddMemberAsync("mia@example.com", "default");
        using var browser = await _server.LogInAsync("mia@example.com");
        await browser.GetAsync(Page);
        Assert.DoesNotContain("Dry run", browser.Html, StringComparison.Ordinal);
        Assert.Contains("Rules of this project", browser.Html, StringComparison.Ordinal);
    }

    private async Task SendTwoAsync()
    {
        await SendAsync("ConnectTimeout", "pay");
        await SendAsync("ReadTimeout", "ship");
    }

    private async Task SendAsync(string fault, string function)
    {
        var key = (await _server.SendAsync(new ListKeys(_server.Owner, "default")))![0].PublicKey;
        using var client = _server.NewApiClient(null);
        using var answer = await client.PostAsJsonAsync($"/api/1/store/?sentry_key={key}", new
        {
            platform = "python",
            exception = new
            {
                values = (object[])[new { type = fault, value = "no answer", stacktrace = new { frames = (object[])[new { module = "shop.db", function, in_app = true }] } }],
            },
        }, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task SubmitAsync(Browser browser, string form, params (string Name, string Value)[] fields)
    {
        await browser.SubmitAsync(form, fields);
        await browser.GetAsync(browser.Redirect.Split('#')[0]);
    }

    private async Task<HttpClient> ApiAsync(params string[] scopes) =>
        _server.NewApiClient((await _server.SendAsync(new CreateApiToken(_server.Owner, "ci", scopes, null))).Value!.Token);
}

using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ErrorHub.Accounts;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Scrubbing;
using ErrorHub.Web.Projects;
using ErrorHub.Web.Tests.Account;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Projects;

/// <summary>What would be stored of an event: shown, and nothing of it kept.</summary>
public sealed class PreviewTests : IAsyncLifetime
{
    private const string Page = "/projects/default/settings/privacy";
    private const string Api = "/api/0/projects/errorhub/default/errorhub/scrubbing/preview/";
    private const string Event = """{"message":"card 4111 1111 1111 1111 of PAT-123456","user":{"id":"7","ip_address":"203.0.113.9"}}""";

    private readonly AccountServer _server = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        await _server.SetUpAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Page_PastedEventAndUnsavedSettings_ShowsTheDifferenceAndKeepsNothing()
    {
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync(Page);
        await browser.SubmitAsync(
            "privacy", ("verb", "preview"), ("Form.Event", Event), ("Form.Rules", @"patient-no: PAT-\d{6}"), ("Form.Profile", "Strict"), ("Form.IpAddresses", "Truncate"));

        var html = WebUtility.HtmlDecode(browser.Html);
        Assert.Contains("<del>4111 1111 1111 1111</del><ins>[creditcard]</ins>", Flat(html), StringComparison.Ordinal);
        Assert.Contains("<del>PAT-123456</del><ins>[patient-no]</ins>", Flat(html), StringComparison.Ordinal);
        Assert.Contains("patient-no: PAT-", html, StringComparison.Ordinal);
        Assert.Null(await _server.QueryAsync(db => db.Projects.Select(p => p.Scrubbing).FirstAsync(Cancelled)));
        Assert.Equal(0, await _server.QueryAsync(db => db.Events.CountAsync(Cancelled)));
        Assert.Equal(0, await _server.QueryAsync(db => db.Activity.CountAsync(a => a.Action == "project.scrubbing_changed", Cancelled)));
    }

    [Theory]
    [InlineData("", "The project has no event yet; paste one.")]
    [InlineData("[1]", "The event is no JSON object.")]
    public async Task Page_NothingToPreview_SaysSo(string e, string problem)
    {
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync(Page);
        await browser.SubmitAsync("privacy", ("verb", "preview"), ("Form.Event", e));
        Assert.Contains(problem, browser.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_OfAMember_PreviewsByWhatIsInForce()
    {
        await _server.SendAsync(new SetScrubbing(_server.Owner, "default", new ScrubbingSettings { IpAddresses = AddressHandling.Keep }));
        await _server.AddMemberAsync("member@example.com", "default");
        using var browser = await _server.LogInAsync("member@example.com");
        await browser.GetAsync(Page);
        await browser.SubmitAsync("privacy", ("verb", "preview"), ("Form.Event", Event));

        Assert.Contains("""<option value="Keep" selected>Keep</option>""", browser.Html, StringComparison.Ordinal);
        Assert.Contains("[creditcard]", browser.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("user.ip_address", browser.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Api_UnsavedSettings_AnswersWhatWouldBeStoredWithRemarks()
    {
        var (status, preview) = await PostAsync($$$"""
            {"event":{{{Event}}},"scrubbing":{"profile":"sentry-compat","piiConfig":"{\"applications\":{\"$logentry.formatted\":[\"@creditcard:mask\"]}}"}}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.StartsWith("sentry-compat-1+", preview.GetProperty("policy").GetString(), StringComparison.Ordinal);
        Assert.Equal("card ******************* of PAT-123456", preview.GetProperty("stored").GetProperty("logentry").GetProperty("formatted").GetString());
        Assert.Equal("""[["@creditcard:mask","m",5,24]]""", preview.GetProperty("meta").GetProperty("logentry").GetProperty("formatted").GetProperty("").GetProperty("rem").GetRawText());
        Assert.Equal(["logentry.formatted", "user.ip_address"], preview.GetProperty("changes").EnumerateArray().Select(c => c.GetProperty("path").GetString()));
        Assert.Contains(preview.GetProperty("scrubbed").EnumerateArray(), r => r.GetProperty("action").GetString() == "masked");
        Assert.Equal(0, await _server.QueryAsync(db => db.Events.CountAsync(Cancelled)));
    }

    [Fact]
    public async Task Api_NoEvent_TakesTheNewestThatIsStored()
    {
        await _server.AddEventAsync(1, SentryId.NewId());
        var (status, preview) = await PostAsync("""{"scrubbing":{"sensitiveKeys":["platform-of"]}}""");
        Assert.Equal((HttpStatusCode.OK, "python"), (status, preview.GetProperty("stored").GetProperty("platform").GetString()));
    }

    [Theory]
    [InlineData("""{"event":"no json"}""", "The event is no JSON object.")]
    [InlineData("""{"event":[]}""", "event: write a text without control characters.")]
    [InlineData("""{"scrubbing":{"variables":"x"}}""", "scrubbing.variables: there is no such setting, or it has no such value.")]
    [InlineData("""{"scrubbing":{"rules":[{"name":"no","pattern":"("}]}}""", "rules, line 1: The pattern cannot be read, at character 1: insufficient closing parentheses.")]
    public async Task Api_WhatCannotBe_SaysWhy(string body, string detail)
    {
        var (status, answer) = await PostAsync(body);
        Assert.Equal((HttpStatusCode.BadRequest, detail), (status, answer.GetProperty("detail").GetString()));
    }

    [Theory]
    [InlineData("\"abc d\"", "\"abc x\"", "abc |-d|+x")]
    [InlineData("\"a 1 b 2\"", "\"a [x] b [x]\"", "a |-1|+[x]| b |-2|+[x]")]
    [InlineData("\"\"", "\"x\"", "+x")]
    [InlineData("1", "null", "-1|+null")]
    [InlineData("\"😀\"", "\"😁\"", "-😀|+😁")]
    public void Pieces_OfAChange_ShowWhatWentAndWhatCame(string before, string after, string expected) => Assert.Equal(
        expected,
        string.Join('|', PreviewCard.PiecesOf(new JsonChange("a", JsonSerializer.Deserialize<JsonElement>(before), JsonSerializer.Deserialize<JsonElement>(after)))
            .Select(p => (p.Kind < 0 ? "-" : p.Kind > 0 ? "+" : "") + p.Text)));

    private static string Flat(string html) => string.Concat(html.Split('\n').Select(line => line.Trim()));

    private async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string body)
    {
        using var client = _server.NewApiClient((await _server.SendAsync(new CreateApiToken(_server.Owner, "ci", ["event:read"], null))).Value!.Token);
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(new Uri(Api, UriKind.Relative), content, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled));
    }
}

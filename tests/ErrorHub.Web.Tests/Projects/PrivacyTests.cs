using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ErrorHub.Accounts;
using ErrorHub.Privacy;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Scrubbing;
using ErrorHub.Web.Tests.Account;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Projects;

/// <summary>A project's settings of scrubbing, on their page and in the web API, and what they do to the next event.</summary>
public sealed class PrivacyTests : IAsyncLifetime
{
    private const string Page = "/projects/default/settings/privacy";
    private const string Api = "/api/0/projects/errorhub/default/";

    private readonly AccountServer _server = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        await _server.SetUpAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Page_Saved_ShowsWhatWasSavedAndWhoDidIt()
    {
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync(Page);
        await browser.SubmitAsync("privacy", Fields("customer_no\r\n\r\nvorgang", "", "Truncate", "Mask", "Drop", "Keep"));
        Assert.Equal(Page + "?saved=true", browser.Redirect);
        await browser.GetAsync(browser.Redirect);

        Assert.Contains("customer_no\nvorgang</textarea>", WebUtility.HtmlDecode(browser.Html), StringComparison.Ordinal);
        Assert.Contains("""<option value="Truncate" selected>""", browser.Html, StringComparison.Ordinal);
        var record = await _server.QueryAsync(db => db.Activity.SingleAsync(a => a.Action == "project.scrubbing_changed"));
        Assert.Equal("sensitiveKeys: 0 → 2; ipAddresses: remove → truncate; sourceLines: keep → mask; variables: keep → drop", record.Detail);

        await browser.SubmitAsync("privacy", Fields("customer_no\r\nvorgang\r\n", "", "Truncate", "Mask", "Drop", "Keep"));
        Assert.Equal(1, await _server.QueryAsync(db => db.Activity.CountAsync(a => a.Action == "project.scrubbing_changed")));
    }

    [Fact]
    public async Task Page_KeyThatCannotBe_SaysInWhichLineAndSavesNothing()
    {
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync(Page);
        await browser.SubmitAsync("privacy", Fields("", "order_token\r\n&&&", "Remove", "Keep", "Keep", "Keep"));

        Assert.Equal(HttpStatusCode.OK, browser.Status);
        Assert.Contains("Line 2: The key has no letter and no digit.", browser.Html, StringComparison.Ordinal);
        Assert.Contains("order_token\n&&&</textarea>", WebUtility.HtmlDecode(browser.Html).ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal(ScrubbingSettings.Default.ToFullJson(), (await _server.SendAsync(new GetScrubbing(_server.Owner, "default")))!.Settings.ToFullJson());
    }

    [Fact]
    public async Task Page_OfAMember_IsThereToLookAt()
    {
        var member = await _server.AddMemberAsync("member@example.com", "default");
        using var browser = await _server.LogInAsync("member@example.com");
        await browser.GetAsync(Page);
        Assert.Contains("<fieldset class=\"bare stack\" disabled", browser.Html, StringComparison.Ordinal);

        await browser.SubmitAsync("privacy", Fields("a_key", "", "Keep", "Keep", "Keep", "Keep"));
        Assert.Contains("Only an owner may do this.", browser.Html, StringComparison.Ordinal);
        Assert.Null(await _server.QueryAsync(db => db.Projects.Select(p => p.Scrubbing).FirstAsync()));
        Assert.NotNull(await _server.SendAsync(new GetScrubbing(member, "default")));
    }

    [Fact]
    public async Task Api_SentrysFields_AreReadAndWritten()
    {
        using var client = await ClientAsync("project:read", "project:write");
        var before = await client.GetFromJsonAsync<JsonElement>(Api, Cancelled);
        Assert.True(before.GetProperty("scrubIPAddresses").GetBoolean());
        Assert.Equal("keep", before.GetProperty("errorhub").GetProperty("scrubbing").GetProperty("variables").GetString());

        var (status, after) = await PutAsync(client, """
            {"sensitiveFields":["customer_no"],"safeFields":["order_token"],"scrubIPAddresses":false,"name":"Shop",
             "errorhub":{"scrubbing":{"variables":"mask","ipAddresses":"truncate"}},"unknown":[1]}
            """);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("""["customer_no"] ["order_token"] False Shop""", string.Join(' ', FieldsOf(after)));
        Assert.Equal(
            """{"profile":"strict","sensitiveKeys":["customer_no"],"safeKeys":["order_token"],"rules":[],"ipAddresses":"truncate","sourceLines":"keep","variables":"mask","bodies":"keep","dataScrubber":true,"dataScrubberDefaults":true,"piiConfig":null}""",
            after.GetProperty("errorhub").GetProperty("scrubbing").GetRawText());

        // What is left out stays.
        (_, after) = await PutAsync(client, """{"safeFields":[]}""");
        Assert.Equal(1, after.GetProperty("sensitiveFields").GetArrayLength());
        Assert.Equal("Shop", after.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Api_PiiConfig_IsReadBackAndScrubsAsRelayDoes()
    {
        using var client = await ClientAsync("project:read", "project:write");
        var (status, after) = await PutAsync(client, """
            {"dataScrubber":false,"scrubIPAddresses":false,"relayPiiConfig":"{\"applications\":{\"extra.ip\":[\"@ip:hash\"]}}","errorhub":{"scrubbing":{"profile":"sentry-compat"}}}
            """);
        Assert.Equal((HttpStatusCode.OK, """{"applications":{"extra.ip":["@ip:hash"]}}"""), (status, after.GetProperty("relayPiiConfig").GetString()));

        var record = await _server.QueryAsync(db => db.Activity.SingleAsync(a => a.Action == "project.scrubbing_changed"));
        Assert.Equal("profile: strict → sentry-compat; ipAddresses: remove → keep; dataScrubber: true → false; piiConfig: none → set", record.Detail);

        _server.Clock.Advance(TimeSpan.FromSeconds(6));
        var stored = await StoreAsync();
        Assert.Matches("""^{"customer_no":"A1","ip":"[0-9A-F]{40}"}$""", stored.GetProperty("context").GetRawText());
        Assert.Equal("hashed", stored.GetProperty("errorhub").GetProperty("scrubbed")[0].GetProperty("action").GetString());

        // The other way, all of it is said again.
        (status, _) = await PutAsync(client, """{"dataScrubber":true,"relayPiiConfig":null,"errorhub":{"scrubbing":{"profile":"strict"}}}""");
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Page_RulesAndConfiguration_NameTheLineOrTheRule()
    {
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync(Page);
        await browser.SubmitAsync(
            "privacy",
            [.. Fields("", "", "Remove", "Keep", "Keep", "Keep"), ("Form.Profile", "SentryCompat"), ("Form.Rules", "patient-no: PAT-\\d+\r\nno colon"), ("Form.PiiConfig", """{"rules":{"r":{"type":"face"}}}""")]);

        var html = WebUtility.HtmlDecode(browser.Html);
        Assert.Contains("Line 2: Write name: pattern.", html, StringComparison.Ordinal);
        Assert.Contains("Rule r: there is no type face.", html, StringComparison.Ordinal);

        await browser.SubmitAsync("privacy", [.. Fields("", "", "Remove", "Keep", "Keep", "Keep"), ("Form.Profile", "Strict"), ("Form.Rules", "patient-no: PAT-\\d+: x")]);
        Assert.Equal(Page + "?saved=true", browser.Redirect);
        Assert.Equal(new OwnRule("patient-no", @"PAT-\d+: x"), (await _server.SendAsync(new GetScrubbing(_server.Owner, "default")))!.Settings.Rules[0]);
    }

    [Theory]
    [InlineData("""{"sensitiveFields":["ok","--"]}""", "sensitiveKeys, line 2: The key has no letter and no digit.")]
    [InlineData("""{"sensitiveFields":"a"}""", "sensitiveFields: write a list of texts.")]
    [InlineData("""{"dataScrubber":false}""", "dataScrubber: The profile strict has no such setting; choose sentry-compat, too.")]
    [InlineData("""{"relayPiiConfig":"{}"}""", "piiConfig: The profile strict has no such setting; choose sentry-compat, too.")]
    [InlineData("""{"relayPiiConfig":{"rules":{"r":{"type":"pattern","pattern":"(?=a)"}}},"errorhub":{"scrubbing":{"profile":"sentry-compat"}}}""", "piiConfig: Rule r: The pattern cannot be matched in linear time: it has a ")]
    [InlineData("""{"errorhub":{"scrubbing":{"rules":[{"name":"a","pattern":"x"}]}}}""", "rules, line 1: Write name: pattern. A name has 2 to 32 lower-case letters, digits and dashes, and begins with a letter.")]
    [InlineData("""{"errorhub":{"scrubbing":{"variables":"perhaps"}}}""", "errorhub.scrubbing.variables: there is no such setting, or it has no such value.")]
    [InlineData("""{"errorhub":{"scrubbing":{"colour":"red"}}}""", "errorhub.scrubbing.colour: there is no such setting, or it has no such value.")]
    [InlineData("""{"errorhub":[]}""", "errorhub: write an object.")]
    public async Task Api_WhatCannotBe_400SaysWhyAndChangesNothing(string body, string detail)
    {
        using var client = await ClientAsync("project:read", "project:write");
        var (status, answer) = await PutAsync(client, body.Insert(1, "\"name\":\"Other\","));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.StartsWith(detail, answer.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("default", (await client.GetFromJsonAsync<JsonElement>(Api, Cancelled)).GetProperty("slug").GetString());
        Assert.NotEqual("Other", (await client.GetFromJsonAsync<JsonElement>(Api, Cancelled)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Ingest_AfterAChange_FollowsIt()
    {
        var before = await StoreAsync();
        Assert.Equal("""{"customer_no":"A1","ip":"[ip]"}""", before.GetProperty("context").GetRawText());

        await _server.SendAsync(new SetScrubbing(_server.Owner, "default", new ScrubbingSettings { SensitiveKeys = ["customer_no"], IpAddresses = AddressHandling.Keep }));
        _server.Clock.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("""{"customer_no":"[Filtered]","ip":"203.0.113.9"}""", (await StoreAsync()).GetProperty("context").GetRawText());
    }

    [Fact]
    public async Task Finding_OnThePage_ProposesARuleThatTheFormSavesAndIsDismissed()
    {
        await StoreAsync("""{"message":"x","extra":{"memo":"patient Anna Kowalska"}}""");
        await _server.SendAsync(new SampleForLeaks());
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync(Page);
        Assert.Contains("<code>extra.memo</code>", browser.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Kowalska", browser.Html, StringComparison.Ordinal);

        await browser.GetAsync(Page + "?rule=person-name&place=extra.memo");
        Assert.Contains("Of 1 stored event of the last week, a few of each fault, it would change 1.", browser.Html, StringComparison.Ordinal);
        Assert.Contains("memo</textarea>", browser.Html, StringComparison.Ordinal);
        Assert.Equal(ScrubbingSettings.Default.ToFullJson(), (await _server.SendAsync(new GetScrubbing(_server.Owner, "default")))!.Settings.ToFullJson());

        await browser.GetAsync(Page);
        await browser.SubmitAsync("dismiss person-name extra.memo");
        Assert.DoesNotContain("extra.memo", (await browser.GetAsync(Page)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rescrub_StartedOnThePage_ShowsWhereItIsAndByTheApiGoesOn()
    {
        await StoreAsync();
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync(Page);
        await browser.SubmitAsync("rescrub");
        Assert.Equal(Page + "#stored", browser.Redirect);
        _server.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Contains("Starts in 40 s", (await browser.GetAsync(Page)).Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Scrub stored events again", browser.Html, StringComparison.Ordinal);

        using var reader = await ClientAsync("project:read");
        Assert.Equal(HttpStatusCode.Forbidden, (await reader.PostAsync(Api + "errorhub/scrubbing/rescrub/", null, Cancelled)).StatusCode);
        using var writer = await ClientAsync("project:write");
        Assert.Equal(HttpStatusCode.Accepted, (await writer.PostAsync(Api + "errorhub/scrubbing/rescrub/", null, Cancelled)).StatusCode);
        Assert.Equal(1, await _server.QueryAsync(db => db.RescrubRuns.CountAsync(Cancelled)));

        _server.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.Contains("About to start", (await browser.GetAsync(Page)).Html, StringComparison.Ordinal);
        await _server.SendAsync(new ContinueRescrubs());
        var run = await reader.GetFromJsonAsync<JsonElement>(Api + "errorhub/scrubbing/rescrub/", Cancelled);
        Assert.Equal("done", run.GetProperty("phase").GetString());
        Assert.Contains("Scrub stored events again", (await browser.GetAsync(Page)).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemovedPage_AfterEvents_ShowsRulesPlacesAndWhatIsNew()
    {
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        const string Removed = "/projects/default/settings/removed";
        Assert.Contains("Nothing was removed in these days", (await browser.GetAsync(Removed)).Html, StringComparison.Ordinal);

        await StoreAsync();
        await StoreAsync();
        await browser.GetAsync(Removed);

        Assert.Contains("<code>extra.ip</code>", browser.Html, StringComparison.Ordinal);
        Assert.Contains(">new</span>", browser.Html, StringComparison.Ordinal);
        Assert.Contains("2 removals in 30 days", browser.Html, StringComparison.Ordinal);
        var idle = browser.Html[browser.Html.IndexOf("idle-rules", StringComparison.Ordinal)..];
        Assert.Contains(">creditcard<", idle, StringComparison.Ordinal);
        Assert.DoesNotContain(">ip<", idle, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ingest_SettingsThatCannotBeRead_ScrubsByTheDefaultAndThePageSaysSo()
    {
        await _server.QueryAsync(db => db.Projects.ExecuteUpdateAsync(s => s.SetProperty(p => p.Scrubbing, """{"ipAddresses":"keep","newer":1}"""), Cancelled));

        Assert.Equal("[ip]", (await StoreAsync()).GetProperty("context").GetProperty("ip").GetString());
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        Assert.Contains("cannot be used by this version", (await browser.GetAsync(Page)).Html, StringComparison.Ordinal);
        using var client = await ClientAsync("project:read");
        Assert.True((await client.GetFromJsonAsync<JsonElement>(Api, Cancelled)).GetProperty("errorhub").GetProperty("scrubbingIsUnreadable").GetBoolean());
    }

    /// <summary>Sends an event as an SDK does, and reads it by the web API.</summary>
    private async Task<JsonElement> StoreAsync(string json = """{"message":"x","extra":{"customer_no":"A1","ip":"203.0.113.9"}}""")
    {
        var key = await _server.QueryAsync(db => db.ProjectKeys.Select(k => k.PublicKey).FirstAsync());
        var id = SentryId.NewId();
        using var client = await ClientAsync("event:read");
        using var body = new StringContent($$$"""{"event_id":"{{{id}}}"}{{{"\n"}}}{"type":"event"}{{{"\n"}}}{{{json}}}""", Encoding.UTF8);
        using var answer = await client.PostAsync(new Uri($"/api/1/envelope/?sentry_key={key}", UriKind.Relative), body, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await client.GetFromJsonAsync<JsonElement>($"{Api}events/{id}/", Cancelled);
    }

    private async Task<HttpClient> ClientAsync(params string[] scopes) =>
        _server.NewApiClient((await _server.SendAsync(new CreateApiToken(_server.Owner, "ci", scopes, null))).Value!.Token);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(HttpClient client, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PutAsync(new Uri(Api, UriKind.Relative), content, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled));
    }

    private static IEnumerable<string> FieldsOf(JsonElement project) =>
        new[] { "sensitiveFields", "safeFields", "scrubIPAddresses", "name" }.Select(name => project.GetProperty(name).ToString());

    private static (string, string)[] Fields(string sensitive, string safe, string addresses, string lines, string variables, string bodies) =>
    [
        ("Form.SensitiveKeys", sensitive), ("Form.SafeKeys", safe), ("Form.IpAddresses", addresses), ("Form.SourceLines", lines),
        ("Form.Variables", variables), ("Form.Bodies", bodies),
    ];
}

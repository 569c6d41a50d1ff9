using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ErrorHub.Accounts;
using ErrorHub.Events;
using ErrorHub.Issues;
using ErrorHub.Projects;
using ErrorHub.Protocol;
using ErrorHub.Web.Tests.Account;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Api;

/// <summary>Merging over the web API and the pages, and what old addresses answer afterwards.</summary>
public sealed class MergeTests(AccountServer server) : IClassFixture<AccountServer>
{
    private const string Issues = "/api/0/organizations/errorhub/issues/";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Put_Merge_AnswersParentAndChildrenAsSentryDoes()
    {
        var (_, target) = await NewIssueAsync();
        var (_, other) = await NewIssueAsync();
        using var client = await NewClientAsync("event:read", "event:write");

        var (status, body) = await SendAsync(client, HttpMethod.Put, $"{Issues}?id={other}&id={target}", new { merge = 1 });

        Assert.Equal(HttpStatusCode.OK, status);
        var merge = body.GetProperty("merge");
        Assert.Equal(target.ToString(), merge.GetProperty("parent").GetString());
        Assert.Equal([other.ToString()], merge.GetProperty("children").EnumerateArray().Select(c => c.GetString()));
    }

    [Fact]
    public async Task Get_MergedIssue_AnswersForTheOneItIsPartOf()
    {
        var (targetEvent, target) = await NewIssueAsync();
        var (otherEvent, other) = await NewIssueAsync();
        using var client = await NewClientAsync("event:read", "event:write", "event:admin");
        var shortId = (await SendAsync(client, HttpMethod.Get, $"{Issues}{other}/")).Body.GetProperty("shortId").GetString();
        await SendAsync(client, HttpMethod.Put, $"{Issues}?id={other}&id={target}", new { merge = true });

        foreach (var old in (string[])[other.ToString(), shortId!])
        {
            Assert.Equal(target.ToString(), (await SendAsync(client, HttpMethod.Get, $"{Issues}{old}/")).Body.GetProperty("id").GetString());
            Assert.Equal(2, (await SendAsync(client, HttpMethod.Get, $"{Issues}{old}/events/")).Body.GetArrayLength());
            Assert.Equal(2, (await SendAsync(client, HttpMethod.Get, $"/api/0/issues/{old}/hashes/")).Body.GetArrayLength());
            // More would go than was asked for.
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(client, HttpMethod.Delete, $"{Issues}{old}/")).Status);
        }

        foreach (var id in (SentryId[])[targetEvent, otherEvent])
            Assert.Equal(target.ToString(), (await SendAsync(client, HttpMethod.Get, $"/api/0/projects/errorhub/default/events/{id}/")).Body.GetProperty("groupID").GetString());
        var (_, changed) = await SendAsync(client, HttpMethod.Put, $"{Issues}{other}/", new { status = "resolved" });
        Assert.Equal((target.ToString(), "resolved"), (changed.GetProperty("id").GetString(), changed.GetProperty("status").GetString()));
        Assert.Contains(changed.GetProperty("activity").EnumerateArray(), a =>
            a.GetProperty("type").GetString() == "merge" && a.GetProperty("data").GetProperty("issue").GetString() == shortId);
    }

    [Fact]
    public async Task Put_MergeThatCannotBe_400SaysWhy()
    {
        var (_, issue) = await NewIssueAsync();
        var elsewhere = await server.AddEventAsync((await server.AddProjectAsync("Elsewhere")).Id, SentryId.NewId());
        using var client = await NewClientAsync("event:read", "event:write");

        await IsRefusedAsync($"{Issues}?id={issue}&id={elsewhere}", new { merge = 1 }, "Issues of different projects cannot be merged.");
        await IsRefusedAsync($"{Issues}?id={issue}", new { merge = 1 }, "Name at least two issues to merge.");
        await IsRefusedAsync($"{Issues}?id={issue}&id={elsewhere}", new { merge = "yes" }, "merge: write true or false.");
        await IsRefusedAsync($"{Issues}{issue}/", new { merge = 1 }, "merge: name the issues to merge as ?id=...&id=... of the list's address.");

        async Task IsRefusedAsync(string address, object body, string problem)
        {
            var (status, answer) = await SendAsync(client, HttpMethod.Put, address, body);
            Assert.Equal((HttpStatusCode.BadRequest, problem), (status, answer.GetProperty("detail").GetString()));
        }
    }

    [Fact]
    public async Task Pages_OfAMergedIssue_RedirectToTheOneItIsPartOf()
    {
        var (_, target) = await NewIssueAsync();
        var (otherEvent, other) = await NewIssueAsync();
        using var browser = await server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync("/issues");

        await browser.PostAsync("/issues/actions", browser.AntiforgeryToken(), "", ("act", "merge"), ("id", $"{other}"), ("id", $"{target}"), ("back", "/issues?sort=date"));

        Assert.Equal((HttpStatusCode.Redirect, "/issues?sort=date"), (browser.Status, browser.Redirect));
        foreach (var page in (string[])["", "/events", $"/events/{otherEvent}", "/events/oldest", $"/events/{otherEvent}/json", $"/events/{otherEvent}/markdown"])
        {
            await browser.GetAsync($"/issues/{other}{page}");
            Assert.Equal((HttpStatusCode.Redirect, $"/issues/{target}{page}"), (browser.Status, browser.Redirect));
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(browser.Redirect)).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/issues/{Guid.CreateVersion7()}")).Status);
    }

    [Fact]
    public async Task Form_MergeOfOneIssue_400SaysWhyInWords()
    {
        var (_, issue) = await NewIssueAsync();
        using var browser = await server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync("/issues");

        await browser.PostAsync("/issues/actions", browser.AntiforgeryToken(), "", ("act", "merge"), ("id", $"{issue}"));

        Assert.Equal((HttpStatusCode.BadRequest, "Name at least two issues to merge."), (browser.Status, browser.Html));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Hashes_Unmerged_AreTheIssueTheyWere(string method)
    {
        var (_, target) = await NewIssueAsync();
        var (otherEvent, other) = await NewIssueAsync();
        using var client = await NewClientAsync("event:read", "event:write");
        await SendAsync(client, HttpMethod.Put, $"{Issues}?id={other}&id={target}", new { merge = 1 });
        var (_, hashes) = await SendAsync(client, HttpMethod.Get, $"{Issues}{target}/hashes/");
        var merged = hashes.EnumerateArray().Single(h => h.GetProperty("errorhub").GetProperty("mergedFrom").GetString() is not null);

        var (status, body) = await SendAsync(client, new HttpMethod(method), $"{Issues}{target}/hashes/?id={merged.GetProperty("id").GetString()}");

        Assert.Equal((HttpStatusCode.Accepted, other.ToString()), (status, body.GetProperty("id").GetString()));
        Assert.Equal(otherEvent.ToString(), merged.GetProperty("errorhub").GetProperty("latestEvent").GetString());
        Assert.Equal(other.ToString(), (await SendAsync(client, HttpMethod.Get, $"{Issues}{other}/")).Body.GetProperty("id").GetString());
        Assert.Equal(1, (await SendAsync(client, HttpMethod.Get, $"{Issues}{target}/events/")).Body.GetArrayLength());
        var (refused, why) = await SendAsync(client, new HttpMethod(method), $"{Issues}{target}/hashes/?id={hashes[0].GetProperty("id").GetString()}&id=00");
        Assert.Equal((HttpStatusCode.BadRequest, "Name hashes of this issue."), (refused, why.GetProperty("detail").GetString()));
    }

    [Fact]
    public async Task Page_OfMergedIssues_ListsWhatTheyWereAndTakesThemApart()
    {
        var (_, target) = await NewIssueAsync();
        var (_, other) = await NewIssueAsync();
        var merged = await server.SendAsync(new MergeIssues(server.Owner, [target, other]));
        var hash = Assert.Single((await server.SendAsync(new GetMergedHashes(server.Owner, other)))!.Hashes);
        using var browser = await server.LogInAsync(AccountServer.OwnerEmail);

        await browser.GetAsync($"/issues/{target}");
        Assert.Contains("Merged from 2 hashes", browser.Html, StringComparison.Ordinal);
        Assert.Contains($"value=\"{hash}\"", browser.Html, StringComparison.Ordinal);
        await browser.PostAsync(
            "/issues/actions", browser.AntiforgeryToken(), "", ("act", "unmerge"), ("id", $"{target}"), ("hash", hash), ("back", $"/issues/{target}"));

        Assert.Equal((HttpStatusCode.Redirect, $"/issues/{target}"), (browser.Status, browser.Redirect));
        await browser.GetAsync(browser.Redirect);
        Assert.DoesNotContain("Merged from", browser.Html, StringComparison.Ordinal);
        Assert.Contains("taken out of it", browser.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/issues/{other}")).Status);
        Assert.Equal(merged.Value!.MergedIds, [other]);
    }

    [Fact]
    public async Task Form_UndoOfAMerge_BringsAllOfThemBack()
    {
        var issues = new List<Guid> { (await NewIssueAsync()).Issue, (await NewIssueAsync()).Issue, (await NewIssueAsync()).Issue };
        await server.SendAsync(new MergeIssues(server.Owner, issues));
        using var browser = await server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync("/issues");

        await browser.PostAsync(
            "/issues/actions", browser.AntiforgeryToken(), "", [("act", "undo-merge"), .. issues.Select(id => ("id", id.ToString()))]);

        Assert.Equal(HttpStatusCode.Redirect, browser.Status);
        foreach (var issue in issues)
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/issues/{issue}")).Status);
    }

    [Fact]
    public async Task Page_OfCallPaths_SplitsThemOff()
    {
        await server.SetUpAsync();
        var issue = await server.AddPathsAsync(1, "checkout", "checkout", "import_orders");
        var path = (await server.SendAsync(new ListCallPaths(server.Owner, issue)))!.Paths[1].Path.Hash.ToString();
        using var browser = await server.LogInAsync(AccountServer.OwnerEmail);

        await browser.GetAsync($"/issues/{issue}/paths");
        Assert.Contains("import_orders", browser.Html, StringComparison.Ordinal);
        await browser.PostAsync("/issues/actions", browser.AntiforgeryToken(), "", ("act", "split"), ("id", $"{issue}"), ("hash", path), ("back", $"/issues/{issue}"));

        Assert.Equal((HttpStatusCode.Redirect, $"/issues/{issue}"), (browser.Status, browser.Redirect));
        Assert.DoesNotContain("import_orders", (await browser.GetAsync($"/issues/{issue}/paths")).Html, StringComparison.Ordinal);
        Assert.Contains("nothing to split", browser.Html, StringComparison.Ordinal);
        Assert.Contains("taken out of it", (await browser.GetAsync($"/issues/{issue}")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Event_OfASplitCallPath_GoesToItsOwnIssueFromThenOn()
    {
        await server.SetUpAsync();
        var fault = $"Split{Guid.NewGuid():N}";
        var whole = await SendEventAsync(fault, "checkout");
        Assert.Equal(whole, await SendEventAsync(fault, "import_orders"));
        var paths = (await server.SendAsync(new ListCallPaths(server.Owner, whole)))!.Paths;
        var path = paths.Single(p => p.Path.Parts.Any(part => part.Contains("import_orders", StringComparison.Ordinal)));

        var parted = (await server.SendAsync(new SplitIssue(server.Owner, whole, [path.Path.Hash.ToString()]))).Value!;
        // The edge knows keys, and what comes with them, for 5 seconds at most.
        server.Clock.Advance(TimeSpan.FromSeconds(6));

        Assert.Equal(parted.IssueId, await SendEventAsync(fault, "import_orders"));
        Assert.Equal(whole, await SendEventAsync(fault, "checkout"));
        var split = await server.SendAsync(new GetIssue(server.Owner, parted.IssueId!.Value));
        Assert.Equal((2, "Split"), (split!.Row.TotalEvents, split.Row.Type![..5]));
    }

    private async Task<Guid> SendEventAsync(string fault, string caller)
    {
        var id = SentryId.NewId();
        var key = (await server.SendAsync(new ListKeys(server.Owner, "default")))![0].PublicKey;
        using var client = server.NewApiClient(null);
        using var answer = await client.PostAsJsonAsync($"/api/1/store/?sentry_key={key}", new
        {
            event_id = id.ToString(),
            platform = "python",
            exception = new
            {
                values = (object[])[new { type = fault, value = "no stock", stacktrace = new { frames = (object[])[Frame("shop.app", caller), Frame("shop.cart", "pay")] } }],
            },
        }, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await server.SendAsync(new GetProjectEvent(server.Owner, "default", id)))!.Summary.IssueId;

        static object Frame(string module, string function) => new { module, function, in_app = true };
    }

    private async Task<(SentryId Event, Guid Issue)> NewIssueAsync()
    {
        await server.SetUpAsync();
        // Of equally large issues the oldest stays.
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var id = SentryId.NewId();
        return (id, await server.AddEventAsync(1, id));
    }

    private async Task<HttpClient> NewClientAsync(params string[] scopes) => server.NewApiClient(
        (await server.SendAsync(new CreateApiToken(await server.SetUpAsync(), "ci", scopes, null))).Value!.Token);

    private static async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(HttpClient client, HttpMethod method, string address, object? body = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative)) { Content = body is null ? null : JsonContent.Create(body) };
        using var answer = await client.SendAsync(request, Cancelled);
        var text = await answer.Content.ReadAsStringAsync(Cancelled);
        return (answer.StatusCode, text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text));
    }
}

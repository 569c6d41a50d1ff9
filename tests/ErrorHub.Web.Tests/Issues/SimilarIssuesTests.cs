using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using ErrorHub.Accounts;
using ErrorHub.Protocol;
using ErrorHub.Web.Tests.Account;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Issues;

/// <summary>Similar issues from event to page and API, and merging one from the page.</summary>
public sealed class SimilarIssuesTests(AccountServer server) : IClassFixture<AccountServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EventsWithLikeStacks_AreSimilarOnThePageAndInTheApiAndMergedFromThePage()
    {
        var owner = await server.SetUpAsync();
        var issue = await SendAsync(1, "pay", "checkout", "handle");
        var near = await SendAsync(1, "refund", "pay", "checkout", "handle");
        var far = await SendAsync((await server.AddProjectAsync("Else")).Id, "pay", "checkout", "handle");
        using var client = server.NewApiClient((await server.SendAsync(new CreateApiToken(owner, "ci", ["event:read"], null))).Value!.Token);

        var pairs = await SimilarAsync(client, issue, 2);

        Assert.Equal([far, near], pairs.Select(p => p[0].GetProperty("id").GetGuid()));
        Assert.Equal(1, pairs[0][1].GetProperty("errorhub:stack").GetDouble());
        Assert.InRange(pairs[1][1].GetProperty("errorhub:stack").GetDouble(), 0.5, 0.99);
        using var wrong = await client.GetAsync(new Uri($"/api/0/issues/{Guid.CreateVersion7()}/similar/", UriKind.Relative), Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, wrong.StatusCode);

        using var browser = await server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync($"/issues/{issue}");
        Assert.Equal(2, browser.Html.Split("data-testid=\"similar-issue\"").Length - 1);
        Assert.Contains(">100 %<", browser.Html, StringComparison.Ordinal);
        // Of another project: nothing to press.
        Assert.Single(browser.Html.Split("data-testid=\"merge-similar\"")[1..]);

        await browser.PostAsync("/issues/actions", browser.AntiforgeryToken(), "", ("act", "merge"), ("id", $"{issue}"), ("id", $"{near}"), ("back", $"/issues/{issue}"));
        await browser.GetAsync($"/issues/{issue}");
        Assert.Equal(1, browser.Html.Split("data-testid=\"similar-issue\"").Length - 1);
    }

    /// <summary>Sends an event as an SDK does.</summary>
    /// <returns>Its issue.</returns>
    private async Task<Guid> SendAsync(long project, params string[] functions)
    {
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        var key = await server.QueryAsync(db => db.ProjectKeys.Where(k => k.ProjectId == project).Select(k => k.PublicKey).FirstAsync());
        var frames = string.Join(',', functions.Reverse().Select(f => $$"""{"function":"{{f}}","module":"shop.cart","in_app":true}"""));
        var id = SentryId.NewId();
        var e = $$$"""{"event_id":"{{{id}}}","platform":"python","exception":{"values":[{"type":"ValueError","value":"x","stacktrace":{"frames":[{{{frames}}}]}}]}}""";
        using var client = server.NewApiClient(null);
        using var body = new StringContent(e, Encoding.UTF8);
        var address = string.Create(CultureInfo.InvariantCulture, $"/api/{project}/store/?sentry_key={key}&sentry_version=7");
        using var answer = await client.PostAsync(new Uri(address, UriKind.Relative), body, Cancelled);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await server.QueryAsync(db => db.Events.Where(x => x.ProjectId == project && x.EventId == id.Value)
            .Join(db.IssueFingerprints, x => new { x.ProjectId, x.Hash }, f => new { f.ProjectId, f.Hash }, (x, f) => f.IssueId).SingleAsync());
    }

    // The stacks of new issues are kept within a second or two.
    private async Task<List<JsonElement>> SimilarAsync(HttpClient client, Guid issue, int count)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await client.GetAsync(new Uri($"/api/0/organizations/errorhub/issues/{issue}/similar/", UriKind.Relative), Cancelled);
            var pairs = JsonSerializer.Deserialize<List<JsonElement>>(await answer.Content.ReadAsStringAsync(Cancelled))!;
            if (pairs.Count == count || attempt == 200)
                return pairs;

            server.Clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(50, Cancelled);
        }
    }
}

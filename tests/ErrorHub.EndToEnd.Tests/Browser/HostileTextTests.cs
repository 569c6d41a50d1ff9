using System.Net.Http.Json;
using ErrorHub.EndToEnd.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>Whoever knows a DSN can send any text; it must stay text on every page.</summary>
public sealed class HostileTextTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Hostile = "<img src=x onerror=alert(1)><script>alert(2)</script>";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pages_MarkupInEveryField_ShowItAsText()
    {
        await using var installation = new SqliteInstallation().WithOwner();
        await using var process = await ErrorHubProcess.StartAsync(installation, Cancelled);
        await SendAsync(installation);
        await using var visit = await chromium.VisitAsync(installation.BaseUrl);
        await visit.LogInAsync();

        await Expect(visit.Page.GetByTestId("issue-title")).ToContainTextAsync(Hostile);
        await AssertHarmlessAsync(visit);
        await visit.Page.GetByTestId("issue-title").ClickAsync();
        await Expect(visit.Page.GetByTestId("frame").First).ToContainTextAsync(Hostile);
        await AssertHarmlessAsync(visit);
        await visit.ScreenshotAsync("hostile-text", fullPage: true);
        Assert.Empty(visit.Problems);
    }

    private static async Task SendAsync(Installation installation)
    {
        var frame = new
        {
            function = Hostile,
            filename = Hostile,
            abs_path = "javascript:alert(3)",
            module = Hostile,
            lineno = 1,
            in_app = true,
            context_line = Hostile,
            pre_context = new[] { Hostile },
            vars = new Dictionary<string, string> { [Hostile] = Hostile },
        };
        var hostile = new
        {
            event_id = Guid.NewGuid().ToString("n"),
            platform = "javascript",
            level = "error",
            release = "javascript:alert(4)",
            environment = "'\"><b>",
            transaction = Hostile,
            server_name = Hostile,
            exception = new { values = new[] { new { type = Hostile, value = Hostile, stacktrace = new { frames = new[] { frame } } } } },
            breadcrumbs = new { values = new[] { new { message = Hostile, category = Hostile, type = "navigation", data = new { to = "javascript:alert(5)" } } } },
            request = new { url = "javascript:alert(6)", method = Hostile, headers = new[] { new[] { Hostile, Hostile } }, data = Hostile },
            user = new { id = Hostile, email = Hostile, username = Hostile },
            tags = new Dictionary<string, string> { ["mood"] = Hostile },
            extra = new Dictionary<string, string> { [Hostile] = Hostile },
            contexts = new Dictionary<string, object> { [Hostile] = new Dictionary<string, string> { [Hostile] = Hostile } },
        };
        using var http = new HttpClient { BaseAddress = installation.BaseUrl };
        using var answer = await http.PostAsJsonAsync($"/api/1/store/?sentry_key={Installation.ProjectKey}&sentry_version=7", hostile, Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    private static async Task AssertHarmlessAsync(Visit visit)
    {
        await Expect(visit.Page.Locator("img[src=x], main script, main b:has-text('<b>')")).ToHaveCountAsync(0);
        await Expect(visit.Page.Locator("a[href^='javascript:' i]")).ToHaveCountAsync(0);
    }
}

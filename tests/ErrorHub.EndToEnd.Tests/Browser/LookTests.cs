using ErrorHub.EndToEnd.Tests.Hosting;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>
/// Every page on a desk and on a phone, light and dark. A picture of each lies in artifacts/screenshots afterwards, for human eyes;
/// <c>ERRORHUB_UPDATE_SCREENSHOT=1 tests/run</c> also takes the README's anew.
/// </summary>
public abstract class LookTests(Chromium chromium, DemoServer demo) : IClassFixture<Chromium>
{
    private static readonly string[] Pages =
    [
        "/issues", "/projects", "/projects/default/settings", "/projects/default/settings/privacy", "/projects/default/settings/removed", "/projects/default/onboarding", "/stats", "/settings", "/settings/people", "/settings/activity",
    ];

    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public async Task Pages_DemoData_FitTheScreenInItsColours(string name)
    {
        var look = Look.Named(name);
        await using var visit = await chromium.VisitAsync(demo.BaseUrl, look);
        await visit.LogInAsync();
        await Expect(visit.Page.GetByTestId("issue-row").First).ToBeVisibleAsync();

        foreach (var path in Pages)
        {
            await visit.OpenAsync(path);
            await CheckAsync(visit, look, $"{demo.Database}-{name}{path.Replace('/', '-')}");
        }

        await visit.OpenAsync("/issues");
        await visit.Page.GetByTestId("issue-title").First.ClickAsync();
        // Frames of libraries are folded away, and which issue is the first depends on the hour.
        await Expect(visit.Page.GetByTestId("frame").Locator("visible=true").First).ToBeVisibleAsync();
        await CheckAsync(visit, look, $"{demo.Database}-{name}-issue");
        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task IssueList_Desktop_ShowsTwentyRowsAtOnce()
    {
        await using var visit = await chromium.VisitAsync(demo.BaseUrl);
        await visit.LogInAsync();
        var rows = visit.Page.GetByTestId("issue-row");
        await Expect(rows.First).ToBeVisibleAsync();

        var visible = await rows.EvaluateAllAsync<int>("rows => rows.filter(r => r.getBoundingClientRect().bottom <= innerHeight).length");

        Assert.InRange(visible, 20, 100);
        if (Environment.GetEnvironmentVariable("ERRORHUB_UPDATE_SCREENSHOT") == "1")
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Repository.Root, "docs", "screenshot.png") });
    }

    private static async Task CheckAsync(Visit visit, Look look, string picture)
    {
        await visit.ScreenshotAsync(picture);
        var overflow = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{picture} is {overflow} px wider than the screen");
        var background = await visit.Page.EvaluateAsync<string>("getComputedStyle(document.documentElement).backgroundColor");
        Assert.Equal(look.Scheme == ColorScheme.Dark, IsDark(background));
    }

    /// <param name="colour">As computed styles have it: <c>rgb(13, 17, 23)</c>.</param>
    private static bool IsDark(string colour) =>
        System.Text.RegularExpressions.Regex.Matches(colour, "[0-9]+").Take(3).Average(m => int.Parse(m.ValueSpan, provider: null)) < 128;
}

public sealed class SqliteLookTests(Chromium chromium, SqliteDemoServer demo)
    : LookTests(chromium, demo), IClassFixture<SqliteDemoServer>;

public sealed class PostgreSqlLookTests(Chromium chromium, PostgreSqlDemoServer demo)
    : LookTests(chromium, demo), IClassFixture<PostgreSqlDemoServer>;

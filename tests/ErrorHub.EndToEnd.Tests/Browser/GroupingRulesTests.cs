using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>An owner writes rules of grouping, sees what they would do, applies exactly that, sees why, and takes it back.</summary>
public sealed class GroupingRulesTests(Chromium chromium, SqliteDemoServer demo) : IClassFixture<Chromium>, IClassFixture<SqliteDemoServer>
{
    private const string Page = "/projects/payments-api/settings/grouping";
    private const string Rules = "# Whatever fails here is one fault.\nlevel:error -> everything title=\"Everything\"";

    [Fact]
    public async Task Rules_TriedAppliedAndUndone_DoWhatTheyShowed()
    {
        await using var visit = await chromium.VisitAsync(demo.BaseUrl);
        await visit.LogInAsync();
        await Expect(visit.Page.GetByTestId("issue-row").First).ToBeVisibleAsync();
        await visit.OpenAsync("/projects/payments-api/settings");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Grouping" }).ClickAsync();
        var rules = visit.Page.GetByLabel("Rules", new() { Exact = true });
        await rules.FillAsync("# fine\nfunction:pay");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
        await Expect(visit.Page.GetByText("Line 2: it does nothing")).ToBeVisibleAsync();

        await rules.FillAsync(Rules);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
        await Expect(visit.Page.GetByTestId("plan-summary")).ToContainTextAsync("merged into 1");
        await Expect(rules).ToHaveValueAsync(Rules);
        var issue = visit.Page.GetByTestId("planned-merge").GetByRole(AriaRole.Link).First;
        var (kept, address) = (await issue.InnerTextAsync(), await issue.GetAttributeAsync("href"));
        await visit.Page.GetByTestId("apply").ClickAsync();
        await Expect(visit.Page.GetByText("Applied. It holds")).ToBeVisibleAsync();

        await visit.OpenAsync(address!);
        await Expect(visit.Page.GetByText(kept).First).ToBeVisibleAsync();
        await visit.Page.Locator("#grouping summary").First.ClickAsync();
        await Expect(visit.Page.GetByText("by line 2 of the project's rules")).ToBeVisibleAsync();

        await visit.OpenAsync(Page);
        await visit.Page.GetByTestId("grouping-undo").ClickAsync();
        await Expect(visit.Page.GetByText("Taken back.")).ToBeVisibleAsync();
        await Expect(rules).ToHaveValueAsync("");
        await visit.OpenAsync("/settings/activity");
        await Expect(visit.Page.GetByText("project.grouping_undone").First).ToBeVisibleAsync();
        Assert.Empty(visit.Problems);
    }

    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public async Task Page_WithAPlan_FitsTheScreen(string name)
    {
        await using var visit = await chromium.VisitAsync(demo.BaseUrl, Look.Named(name));
        await visit.LogInAsync();
        await Expect(visit.Page.GetByTestId("issue-row").First).ToBeVisibleAsync();
        await visit.OpenAsync(Page);
        await visit.Page.GetByLabel("Rules", new() { Exact = true }).FillAsync("environment:staging -> staging, {{ default }}\ntype:*Exception -> {{ type }}");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Dry run" }).ClickAsync();
        await Expect(visit.Page.GetByTestId("plan")).ToBeVisibleAsync();

        await visit.ScreenshotAsync($"grouping-{name}", fullPage: true);
        Assert.True(await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0);
        Assert.Empty(visit.Problems);
    }
}

using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>Merging in the list, undoing it there, and taking hashes out on the issue's page.</summary>
public sealed class MergeTests(Chromium chromium, SqliteDemoServer demo) : IClassFixture<Chromium>, IClassFixture<SqliteDemoServer>
{
    // Of one project: others cannot be merged.
    private const string List = "/issues?project=payments-api&sort=new&period=all&status=all";

    [Fact]
    public async Task Merge_SelectedInTheList_IsUndoneThereOrOnTheIssuesPage()
    {
        await using var visit = await chromium.VisitAsync(demo.BaseUrl);
        await visit.LogInAsync();
        var page = visit.Page;
        await visit.OpenAsync(List);
        var rows = page.GetByTestId("issue-row");
        await Expect(rows.First).ToBeVisibleAsync();
        var ids = await rows.EvaluateAllAsync<string[]>("rows => rows.slice(0, 3).map(row => row.dataset.id)");
        var chosen = page.Locator(string.Join(", ", ids.Select(id => $"#i-{id}")));

        // One alone cannot be merged, and the page says so.
        await CheckAsync(page, ids[0]);
        await page.Keyboard.PressAsync("M");
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("Select the issues to merge with it");
        await CheckAsync(page, ids[1]);
        await CheckAsync(page, ids[2]);
        await page.GetByTestId("merge").ClickAsync();
        await Expect(chosen).ToHaveCountAsync(1);
        await Expect(page.GetByRole(AriaRole.Status)).ToContainTextAsync("3 issues merged");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Expect(chosen).ToHaveCountAsync(3);

        // Again with the key; an old address leads to the issue that stayed.
        foreach (var id in ids)
            await CheckAsync(page, id);
        await page.Keyboard.PressAsync("M");
        await Expect(chosen).ToHaveCountAsync(1);
        var stayed = await chosen.GetAttributeAsync("data-id");
        await visit.OpenAsync("/issues/" + ids.First(id => id != stayed));
        await Expect(page).ToHaveURLAsync(new Regex(stayed!));

        var hashes = page.GetByTestId("issue-hash");
        await Expect(hashes).ToHaveCountAsync(3);
        await hashes.Filter(new() { HasTextRegex = new Regex("[A-Z]+-[0-9]+ · ") }).First.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByTestId("unmerge").ClickAsync();
        await Expect(hashes).ToHaveCountAsync(2);
        await Expect(page.Locator(".history")).ToContainTextAsync("taken out of it by");
        await visit.OpenAsync(List);
        await Expect(chosen).ToHaveCountAsync(2);
        Assert.Empty(visit.Problems);
    }

    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public async Task Pages_OfMergedIssues_FitTheScreen(string name)
    {
        var look = Look.Named(name);
        await using var visit = await chromium.VisitAsync(demo.BaseUrl, look);
        await visit.LogInAsync();
        await visit.OpenAsync(List);
        var rows = visit.Page.GetByTestId("issue-row");
        await Expect(rows.First).ToBeVisibleAsync();
        var ids = await rows.EvaluateAllAsync<string[]>("rows => rows.slice(-2).map(row => row.dataset.id)");
        foreach (var id in ids)
            await CheckAsync(visit.Page, id);
        await ShowAsync(visit, $"{name}-selected");

        await visit.Page.GetByTestId("merge").ClickAsync();
        await Expect(visit.Page.GetByRole(AriaRole.Status)).ToContainTextAsync("2 issues merged");
        await visit.OpenAsync("/issues/" + ids[0]);
        await visit.Page.GetByTestId("issue-hashes").ScrollIntoViewIfNeededAsync();
        await ShowAsync(visit, $"{name}-merged");
        await visit.OpenAsync($"/issues/{ids[0]}/paths");
        await ShowAsync(visit, $"{name}-paths");
    }

    private static Task CheckAsync(IPage page, string id) => page.Locator($"#i-{id} input[name=id]").CheckAsync();

    private static async Task ShowAsync(Visit visit, string picture)
    {
        await visit.ScreenshotAsync($"merge-{picture}");
        var overflow = await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{picture} is {overflow} px wider than the screen");
    }
}

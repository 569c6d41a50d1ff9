using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>An owner tunes what is scrubbed: tries a pattern on an event, mends it, saves it.</summary>
public sealed class PrivacyTests(Chromium chromium, SqliteDemoServer demo) : IClassFixture<Chromium>, IClassFixture<SqliteDemoServer>
{
    private const string Page = "/projects/default/settings/privacy";
    private const string Event = """{"message": "No bed for PAT-123456, card 4111 1111 1111 1111", "extra": {"ward": "B2"}, "request": {"url": "https://shop.example/", "data": {"name": "Anna"}}}""";

    [Fact]
    public async Task Settings_TriedThenSaved_HoldAndAreRecorded()
    {
        await using var visit = await chromium.VisitAsync(demo.BaseUrl);
        await visit.LogInAsync();
        await Expect(visit.Page.GetByTestId("issue-row").First).ToBeVisibleAsync();
        await visit.OpenAsync("/projects/default/settings");
        await visit.Page.GetByRole(AriaRole.Link, new() { Name = "Privacy" }).ClickAsync();

        var rules = visit.Page.GetByLabel("Patterns of what goes, too");
        await rules.FillAsync("patient-no: PAT-(\\d");
        await visit.Page.GetByLabel("An event's JSON").FillAsync(Event);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(visit.Page.GetByText("Line 1: The pattern cannot be read")).ToBeVisibleAsync();

        await rules.FillAsync("patient-no: PAT-\\d+");
        await visit.Page.GetByLabel("Names whose values go, too").FillAsync("ward");
        await visit.Page.GetByLabel("Request and response bodies").SelectOptionAsync("Mask values");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        var changes = visit.Page.GetByTestId("change");
        await Expect(changes).ToHaveCountAsync(3);
        await Expect(changes.Filter(new() { HasText = "logentry.formatted" })).ToContainTextAsync("[patient-no]");
        await Expect(changes.Filter(new() { HasText = "extra.ward" })).ToContainTextAsync("[Filtered]");
        await Expect(changes.Filter(new() { HasText = "request.data.name" })).ToContainTextAsync("[text 1-7]");

        // The settings are still as they were typed, and not saved.
        await Expect(rules).ToHaveValueAsync("patient-no: PAT-\\d+");
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Expect(visit.Page.GetByText("Saved.")).ToBeVisibleAsync();
        await Expect(rules).ToHaveValueAsync("patient-no: PAT-\\d+");

        await visit.OpenAsync("/settings/activity");
        await Expect(visit.Page.GetByText("project.scrubbing_changed")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText("rules: 0 → 1")).ToBeVisibleAsync();
        Assert.Empty(visit.Problems);
    }

    [Theory]
    [MemberData(nameof(Look.Names), MemberType = typeof(Look))]
    public async Task Page_WithAPreview_FitsTheScreen(string name)
    {
        await using var visit = await chromium.VisitAsync(demo.BaseUrl, Look.Named(name));
        await visit.LogInAsync();
        await Expect(visit.Page.GetByTestId("issue-row").First).ToBeVisibleAsync();
        await visit.OpenAsync(Page);
        await visit.Page.GetByLabel("Rules", new() { Exact = true }).SelectOptionAsync(["SentryCompat"]);
        await Expect(visit.Page.GetByLabel("Advanced data scrubbing (piiConfig)")).ToBeVisibleAsync();
        await visit.Page.GetByLabel("An event's JSON").FillAsync(Event);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Expect(visit.Page.GetByTestId("preview")).ToBeVisibleAsync();
        foreach (var folded in await visit.Page.Locator("#preview summary").AllAsync())
            await folded.ClickAsync();

        await visit.ScreenshotAsync($"privacy-{name}", fullPage: true);
        Assert.True(await visit.Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0);
        Assert.Empty(visit.Problems);
    }
}

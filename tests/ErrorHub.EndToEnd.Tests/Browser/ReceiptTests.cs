using System.Net.Http.Json;
using ErrorHub.EndToEnd.Tests.Hosting;
using static Microsoft.Playwright.Assertions;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>What was removed from an event is marked where it stood and listed below; what it was is nowhere on the page.</summary>
public sealed class ReceiptTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EventPage_OfAScrubbedEvent_MarksThePlacesAndListsThem()
    {
        await using var installation = new SqliteInstallation().WithOwner();
        await using var process = await ErrorHubProcess.StartAsync(installation, Cancelled);
        using var http = new HttpClient { BaseAddress = installation.BaseUrl };
        using var answer = await http.PostAsJsonAsync(
            $"/api/1/store/?sentry_key={Installation.ProjectKey}",
            new { platform = "python", exception = new { values = new[] { new { type = "Declined", value = "card 4539578763621486 of anna@clinic.example" } } }, extra = new { password = "cnry41xy" } },
            Cancelled);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancelled));

        await using var visit = await chromium.VisitAsync(installation.BaseUrl);
        await visit.LogInAsync();
        await Expect(visit.Page.GetByTestId("issue-title")).ToContainTextAsync("card [creditcard] of [email]");
        await visit.Page.GetByTestId("issue-title").ClickAsync();

        var marks = visit.Page.GetByTestId("scrubbed");
        await Expect(marks.Filter(new() { HasText = "[creditcard]" }).First).ToHaveAttributeAsync("title", "Removed before the event was stored: creditcard");
        await visit.Page.GetByText("Removed from this event").ClickAsync();
        var removals = visit.Page.GetByTestId("removal");
        await Expect(removals).ToHaveCountAsync(3);
        await Expect(removals.Filter(new() { HasText = "exception.values.0.value" }).Filter(new() { HasText = "creditcard" })).ToContainTextAsync("replaced, 16-31 characters");
        await Expect(removals.Filter(new() { HasText = "extra.password" })).ToContainTextAsync("removed, 8-15 characters");
        var html = await visit.Page.ContentAsync();
        Assert.DoesNotContain("4539578763621486", html, StringComparison.Ordinal);
        Assert.DoesNotContain("cnry41xy", html, StringComparison.Ordinal);
        await visit.ScreenshotAsync("receipt", fullPage: true);

        // The same over all events of the project.
        await visit.OpenAsync("/projects/default/settings/removed");
        await Expect(visit.Page.GetByTestId("removed-rule").Filter(new() { HasText = "creditcard" })).ToHaveCountAsync(1);
        await Expect(visit.Page.GetByTestId("new-places").GetByText("extra.password")).ToBeVisibleAsync();
        Assert.Empty(visit.Problems);
    }
}

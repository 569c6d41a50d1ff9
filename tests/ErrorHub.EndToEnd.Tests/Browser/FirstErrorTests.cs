using System.Text.RegularExpressions;
using ErrorHub.EndToEnd.Tests.Hosting;
using ErrorHub.EndToEnd.Tests.Sdks;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace ErrorHub.EndToEnd.Tests.Browser;

/// <summary>A new user's first quarter of an hour: from the printed link to an issue that comes back.</summary>
public abstract class FirstErrorTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SetUpLink_ThenErrorsOfAnApp_BecomeIssuesThatResolveAndRegress()
    {
        await using var installation = NewInstallation();
        await using var process = await ErrorHubProcess.StartAsync(installation, Cancelled);
        await using var visit = await chromium.VisitAsync(installation.BaseUrl);
        var app = new NodeShop();

        await CreateOwnerAsync(visit, await process.SetupLink);
        var dsn = await CopyDsnAsync(visit);
        await visit.OpenAsync("/issues");
        await app.SellAsync(dsn, ["charge 1001", "charge 1002", "stock"], Cancelled);
        await SeeTwoIssuesAsync(visit);
        await OpenIssueAsync(visit);
        await ResolveAsync(visit);
        await app.SellAsync(dsn, ["charge 1003"], Cancelled);
        await SeeRegressionAsync(visit);

        Assert.Empty(visit.Problems);
    }

    [Fact]
    public async Task LogIn_WrongThenRightPassword_OpensTheList()
    {
        await using var installation = NewInstallation().WithOwner();
        await using var process = await ErrorHubProcess.StartAsync(installation, Cancelled);
        await using var visit = await chromium.VisitAsync(installation.BaseUrl);
        await visit.OpenAsync("/issues");
        await Expect(visit.Page).ToHaveURLAsync(new Regex("/account/login"));

        await visit.LogInAsync("not the password");
        await Expect(visit.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("wrong");
        await visit.LogInAsync();

        await Expect(visit.Page.GetByRole(AriaRole.Heading, new() { Name = "Issues" })).ToBeVisibleAsync();
        Assert.Empty(visit.Problems);
    }

    protected abstract Installation NewInstallation();

    private static async Task CreateOwnerAsync(Visit visit, Uri link)
    {
        await visit.OpenAsync(link.ToString());
        await visit.Page.GetByLabel("Name").FillAsync("Ada");
        await visit.Page.GetByLabel("E-mail address").FillAsync(Installation.OwnerEmail);
        await visit.Page.GetByLabel("Password").FillAsync(Installation.OwnerPassword);
        await visit.Page.GetByRole(AriaRole.Button, new() { Name = "Create owner" }).ClickAsync();
    }

    private static async Task<string> CopyDsnAsync(Visit visit)
    {
        await visit.Page.Locator("[data-copy=dsn]").ClickAsync();
        var copied = await visit.Page.EvaluateAsync<string>("navigator.clipboard.readText()");
        await Expect(visit.Page.Locator("#dsn")).ToHaveTextAsync(copied);
        await visit.ScreenshotAsync("walk-1-onboarding");
        return copied;
    }

    private static async Task SeeTwoIssuesAsync(Visit visit)
    {
        var rows = visit.Page.GetByTestId("issue-row");
        await Expect(rows).ToHaveCountAsync(2);
        await Expect(RowOf(visit, "PaymentError").GetByRole(AriaRole.Cell, new() { Name = "Events 2" })).ToBeVisibleAsync();
        await Expect(RowOf(visit, "TypeError").GetByRole(AriaRole.Cell, new() { Name = "Events 1" })).ToBeVisibleAsync();
        await visit.ScreenshotAsync("walk-2-issues");
    }

    private static async Task OpenIssueAsync(Visit visit)
    {
        await RowOf(visit, "PaymentError").GetByTestId("issue-title").ClickAsync();
        var page = visit.Page;
        var frames = page.GetByTestId("frame");
        await Expect(frames.Filter(new() { HasText = "chargeOrder" }).First).ToContainTextAsync("throw new PaymentError(");
        await Expect(page.GetByText("throw new PaymentError(").First).ToBeVisibleAsync();
        await Expect(frames.Filter(new() { HasText = "node:internal" }).First).ToBeHiddenAsync();
        await Expect(page.GetByTestId("breadcrumb").Filter(new() { HasText = "basket opened" })).ToBeVisibleAsync();
        foreach (var told in (string[])["GET /charge/1002", "[email]", "berlin", Shop.Release, Shop.Environment])
            await Expect(page.GetByText(told).First).ToBeVisibleAsync();
        await visit.ScreenshotAsync("walk-3-issue");
        await visit.ScreenshotAsync("walk-3-issue-whole", fullPage: true);

        await page.GetByTestId("event-nav-prev").ClickAsync();
        await Expect(page.GetByText("Order 1001 could not be charged", new() { Exact = true })).ToBeVisibleAsync();
        await page.GetByTestId("event-nav-next").ClickAsync();
        await Expect(page.GetByText("Order 1002 could not be charged", new() { Exact = true }).Last).ToBeVisibleAsync();
    }

    private static async Task ResolveAsync(Visit visit)
    {
        await visit.Page.GetByTestId("resolve").ClickAsync();
        await Expect(visit.Page.GetByText("resolved", new() { Exact = true })).ToBeVisibleAsync();
        await visit.OpenAsync("/issues");
        await Expect(visit.Page.GetByTestId("issue-row")).ToHaveCountAsync(1);
        await Expect(RowOf(visit, "PaymentError")).ToHaveCountAsync(0);
    }

    private static async Task SeeRegressionAsync(Visit visit)
    {
        await Expect(RowOf(visit, "PaymentError")).ToContainTextAsync("regressed");
        await Expect(RowOf(visit, "PaymentError").GetByRole(AriaRole.Cell, new() { Name = "Events 3" })).ToBeVisibleAsync();
        await visit.ScreenshotAsync("walk-4-regressed");
    }

    private static ILocator RowOf(Visit visit, string title) =>
        visit.Page.GetByTestId("issue-row").Filter(new() { HasText = title });
}

public sealed class SqliteFirstErrorTests(Chromium chromium) : FirstErrorTests(chromium)
{
    protected override Installation NewInstallation() => new SqliteInstallation();
}

public sealed class PostgreSqlFirstErrorTests(Chromium chromium) : FirstErrorTests(chromium)
{
    protected override Installation NewInstallation() => new PostgreSqlInstallation();
}

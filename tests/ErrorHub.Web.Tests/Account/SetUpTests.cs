using System.Net;
using ErrorHub.Accounts;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Account;

public sealed class SetUpTests : IAsyncLifetime
{
    private static readonly (string, string)[] Olga =
        [("Form.Name", "Olga"), ("Form.Email", AccountServer.OwnerEmail), ("Form.Password", AccountServer.Password)];

    private readonly AccountServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task SetUpLink_FirstUse_MakesTheOwnerAndOpensOnboarding()
    {
        using var browser = _server.NewBrowser();
        await browser.GetAsync(_server.SetUpPath);
        await browser.SubmitAsync("setup", Olga);

        Assert.Equal("/projects/default/onboarding", browser.Redirect);
        await browser.GetAsync(browser.Redirect);
        Assert.Equal(HttpStatusCode.OK, browser.Status);
        Assert.Contains("/1</code>", browser.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SetUpLink_SecondUse_IsRefused()
    {
        using var first = _server.NewBrowser();
        using var second = _server.NewBrowser();
        await first.GetAsync(_server.SetUpPath);
        await second.GetAsync(_server.SetUpPath);
        await first.SubmitAsync("setup", Olga);

        await second.SubmitAsync("setup", ("Form.Name", "Eve"), ("Form.Email", "eve@example.com"), ("Form.Password", AccountServer.Password));
        var again = await first.GetAsync(_server.SetUpPath);

        Assert.Equal("", second.Redirect);
        Assert.Equal(HttpStatusCode.Gone, again.Status);
        Assert.Equal([AccountServer.OwnerEmail], await _server.QueryAsync(db => db.Users.Select(u => u.Email!).ToListAsync()));
    }

    [Theory]
    [InlineData("/setup?token=wrong")]
    [InlineData("/setup?token=")]
    [InlineData("/account/invite?token=wrong")]
    public async Task Link_Wrong_IsRefused(string path)
    {
        using var browser = _server.NewBrowser();
        await browser.GetAsync(path);

        Assert.Equal(HttpStatusCode.Gone, browser.Status);
        Assert.Contains("does not work", browser.Html, StringComparison.Ordinal);
        Assert.Empty(browser.Forms(""));
    }

    [Fact]
    public async Task SetUpLink_AfterSevenDays_IsRefused()
    {
        _server.Clock.Advance(TimeSpan.FromDays(7));
        using var browser = _server.NewBrowser();

        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(_server.SetUpPath)).Status);
    }

    [Fact]
    public async Task SetUpLink_PasswordTooShort_StaysGood()
    {
        using var browser = _server.NewBrowser();
        await browser.GetAsync(_server.SetUpPath);
        await browser.SubmitAsync("setup", ("Form.Name", "Olga"), ("Form.Email", AccountServer.OwnerEmail), ("Form.Password", "elevenchars"));
        var refused = await _server.SendAsync(
            new SetUpOwner(_server.SetUpPath.Split('=')[1], "Olga", AccountServer.OwnerEmail, "elevenchars", null));

        Assert.Contains("12 characters", browser.Html, StringComparison.Ordinal);
        Assert.Contains("12 characters", refused.Problem, StringComparison.Ordinal);
        Assert.True(await _server.SendAsync(new CheckSetUpLink(_server.SetUpPath.Split('=')[1])));
    }

    [Fact]
    public async Task Pages_NoOwnerYet_SendToTheHint()
    {
        using var browser = _server.NewBrowser();

        Assert.Equal("/setup", (await browser.GetAsync("/projects")).Redirect);
        Assert.Equal("/setup", (await browser.GetAsync("/account/login")).Redirect);
        Assert.Contains("set-up link", (await browser.GetAsync("/setup")).Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_SecondProcess_SharesProjectAndItsLinkEndsWithTheFirst()
    {
        var second = await _server.StartAsync();
        Assert.NotNull(second);
        Assert.True(await _server.SendAsync(new CheckSetUpLink(second.Split('=')[1])));

        await _server.SetUpAsync();

        Assert.False(await _server.SendAsync(new CheckSetUpLink(second.Split('=')[1])));
        Assert.Equal([1L], await _server.QueryAsync(db => db.Projects.Select(p => p.Id).ToListAsync()));
        Assert.Null(await _server.StartAsync());
    }
}

using System.Buffers.Binary;
using System.Net;
using ErrorHub.Accounts;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Account;

public sealed class LogInTests : IAsyncLifetime
{
    private readonly AccountServer _server = new();

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        await _server.SetUpAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task LogIn_RightPassword_OpensTheIssues()
    {
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);

        Assert.Equal("/issues", browser.Redirect);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/projects")).Status);
    }

    [Fact]
    public async Task LogIn_Cookie_IsHttpOnlyAndLax()
    {
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);

        var cookie = Assert.Single(browser.SetCookies, c => c.StartsWith("errorhub=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task LogIn_TenWrongTries_LocksForThirtyMinutes()
    {
        using var browser = _server.NewBrowser();
        await browser.GetAsync("/account/login");
        for (var i = 0; i < 10; i++)
            await browser.SubmitAsync("login", ("Form.Email", AccountServer.OwnerEmail), ("Form.Password", $"wrong password {i}"));

        (string, string)[] right = [("Form.Email", AccountServer.OwnerEmail), ("Form.Password", AccountServer.Password)];
        var locked = (await browser.SubmitAsync("login", right)).Redirect;
        _server.Clock.Advance(TimeSpan.FromMinutes(30));
        await browser.GetAsync("/account/login");
        var unlocked = (await browser.SubmitAsync("login", right)).Redirect;

        Assert.Equal("", locked);
        Assert.Equal("/issues", unlocked);
        Assert.Equal(11, await CountAsync("user.login_failed"));
        Assert.Equal(1, await CountAsync("user.locked_out"));
        Assert.Equal(1, await CountAsync("user.logged_in"));
    }

    [Fact]
    public async Task LogIn_ManyTriesAtOnce_CannotOutrunTheLock()
    {
        // The eleventh and later tries know the password; had the count been read before it was raised, some would get in.
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => TryAsync($"wrong password {i}")));
        var late = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => TryAsync(AccountServer.Password)));

        Assert.All(late, Assert.Null);

        Task<User?> TryAsync(string password) => _server.SendAsync(new LogIn(AccountServer.OwnerEmail, password, null));
    }

    [Fact]
    public async Task LogIn_NineWrongTriesThenRight_StartsCountingAnew()
    {
        for (var i = 0; i < 9; i++)
            Assert.Null(await _server.SendAsync(new LogIn(AccountServer.OwnerEmail, "wrong password", null)));

        Assert.NotNull(await _server.SendAsync(new LogIn(AccountServer.OwnerEmail, AccountServer.Password, null)));
        Assert.Equal(0, await _server.QueryAsync(db => db.Users.Select(u => u.AccessFailedCount).SingleAsync()));
    }

    [Fact]
    public async Task LogIn_UnknownPerson_GetsTheSameAnswer()
    {
        using var known = await WrongAsync(AccountServer.OwnerEmail);
        using var unknown = await WrongAsync("nobody@example.com");

        Assert.Equal(known.Status, unknown.Status);
        Assert.Equal(Stripped(known), Stripped(unknown));

        async Task<Browser> WrongAsync(string email)
        {
            var browser = _server.NewBrowser();
            await browser.GetAsync("/account/login");
            return await browser.SubmitAsync("login", ("Form.Email", email), ("Form.Password", "wrong password"));
        }

        static string Stripped(Browser browser) => browser.Html
            .Replace(browser.AntiforgeryToken(), "", StringComparison.Ordinal)
            .Replace(AccountServer.OwnerEmail, "", StringComparison.Ordinal)
            .Replace("nobody@example.com", "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("\t//evil.example/")]
    [InlineData("/\t/evil.example/")]
    [InlineData("javascript:alert(1)")]
    public async Task LogIn_ReturnUrlOfAnotherSite_GoesToIssues(string returnUrl)
    {
        using var browser = _server.NewBrowser();
        await browser.GetAsync("/account/login?returnUrl=" + Uri.EscapeDataString(returnUrl));
        await browser.SubmitAsync("login", ("Form.Email", AccountServer.OwnerEmail), ("Form.Password", AccountServer.Password));

        Assert.Equal("/issues", browser.Redirect);
    }

    [Fact]
    public async Task LogIn_PageAskedForBefore_GoesBackToIt()
    {
        using var browser = _server.NewBrowser();
        var login = (await browser.GetAsync("/projects/default/settings")).Redirect;
        await browser.GetAsync(login);
        await browser.SubmitAsync("login", ("Form.Email", AccountServer.OwnerEmail), ("Form.Password", AccountServer.Password));

        Assert.StartsWith("/account/login?returnUrl=", login, StringComparison.Ordinal);
        Assert.Equal("/projects/default/settings", browser.Redirect);
    }

    [Fact]
    public async Task LogIn_WithoutAntiforgeryToken_IsRefused()
    {
        using var browser = _server.NewBrowser();
        await browser.PostAsync(
            "/account/login", null, "login", ("Form.Email", AccountServer.OwnerEmail), ("Form.Password", AccountServer.Password));

        Assert.Equal(HttpStatusCode.BadRequest, browser.Status);
        Assert.DoesNotContain("errorhub=", browser.Cookies, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LogIn_MoreThanThirtyTriesAMinuteFromOneAddress_IsLimited()
    {
        using var browser = _server.NewBrowser();
        var statuses = new List<HttpStatusCode>();
        for (var i = 0; i < 31; i++)
            statuses.Add((await browser.PostAsync("/account/login", null, "login")).Status);

        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
        Assert.DoesNotContain(HttpStatusCode.TooManyRequests, statuses[..30]);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/account/login")).Status);
    }

    [Fact]
    public async Task LogOut_Button_EndsTheSession()
    {
        using var browser = await _server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync("/projects");
        var token = browser.AntiforgeryToken();
        var forged = (await browser.PostAsync("/account/logout", null, "")).Status;
        var stillIn = (await browser.GetAsync("/projects")).Status;
        await browser.PostAsync("/account/logout", token, "");

        Assert.Equal(HttpStatusCode.BadRequest, forged);
        Assert.Equal(HttpStatusCode.OK, stillIn);
        Assert.StartsWith("/account/login", (await browser.GetAsync("/projects")).Redirect, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DisabledAccount_OpenBrowser_SeesNothingAtOnceAndIsOutAfterAMinute()
    {
        var member = await _server.AddMemberAsync("member@example.com", "default");
        using var browser = await _server.LogInAsync("member@example.com");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/projects/default/settings")).Status);

        await _server.SendAsync(new DisableUser(_server.Owner, member.Actor.UserId!.Value, Disabled: true));

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/projects/default/settings")).Status);
        _server.Clock.Advance(TimeSpan.FromMinutes(1.1));
        Assert.StartsWith("/account/login", (await browser.GetAsync("/projects")).Redirect, StringComparison.Ordinal);
        Assert.Null(await _server.SendAsync(new LogIn("member@example.com", AccountServer.Password, null)));
    }

    [Fact]
    public async Task Password_Stored_IsPbkdf2WithSha512And220000Iterations()
    {
        var hash = Convert.FromBase64String((await _server.QueryAsync(db => db.Users.Select(u => u.PasswordHash).SingleAsync()))!);

        // Identity's format 3: marker, PRF, iterations, salt length, each of the last three 4 bytes big-endian.
        Assert.Equal(1, hash[0]);
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)));
        Assert.Equal(220_000u, BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)));
    }

    private Task<int> CountAsync(string action) => _server.QueryAsync(db => db.Activity.CountAsync(a => a.Action == action));
}

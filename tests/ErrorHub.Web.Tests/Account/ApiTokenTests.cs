using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using ErrorHub.Accounts;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Account;

public sealed partial class ApiTokenTests(AccountServer server) : IClassFixture<AccountServer>
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task NewToken_Page_ShowsItOnceAndTheDatabaseHasOnlyItsHash()
    {
        await server.SetUpAsync();
        using var browser = await server.LogInAsync(AccountServer.OwnerEmail);
        await browser.GetAsync("/settings");
        await browser.SubmitAsync("new-token", ("Form.Name", "ci"), ("Form.Days", "90"), ("Form.Scopes", "project:read"));
        var token = Token().Match(browser.Html).Value;
        await browser.GetAsync("/settings");

        Assert.Matches("^eh_[0-9A-Za-z]{43}_[0-9a-f]{6}$", token);
        Assert.DoesNotContain(token, browser.Html, StringComparison.Ordinal);
        Assert.Contains("…" + token[^4..], browser.Html, StringComparison.Ordinal);
        var row = await server.QueryAsync(db => db.ApiTokens.SingleAsync(t => t.Name == "ci"));
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(token)), row.Hash);
        Assert.Equal("Olga", await GetAsync(token));
    }

    [Fact]
    public async Task Token_Checksum_LetsScannersRecogniseIt()
    {
        var (_, token) = await NewTokenAsync(await server.SetUpAsync(), "project:read");
        var body = token[..^7];

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)))[..6], token[^6..]);
    }

    [Fact]
    public async Task Token_Revoked_Is401InJson()
    {
        var owner = await server.SetUpAsync();
        var (id, token) = await NewTokenAsync(owner, "project:read");
        Assert.Equal("Olga", await GetAsync(token));

        await server.SendAsync(new RevokeApiToken(owner, id));

        using var client = server.NewApiClient(token);
        using var answer = await client.GetAsync(Read, Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
        Assert.Equal("""{"detail":"Invalid token"}""", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Token_Expired_Is401()
    {
        var owner = await server.SetUpAsync();
        var made = await server.SendAsync(new CreateApiToken(owner, "short", ["project:read"], TimeSpan.FromDays(1)));
        Assert.Equal("Olga", await GetAsync(made.Value!.Token));

        server.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Null(await GetAsync(made.Value.Token));
    }

    [Fact]
    public async Task Token_OwnerDisabled_Is401UntilEnabledAgain()
    {
        var member = await server.AddMemberAsync("tokens@example.com");
        var (_, token) = await NewTokenAsync(member, "project:read");
        Assert.Equal("tokens", await GetAsync(token));

        await server.SendAsync(new DisableUser(server.Owner, member.Actor.UserId!.Value, Disabled: true));
        var disabled = await GetAsync(token);
        await server.SendAsync(new DisableUser(server.Owner, member.Actor.UserId!.Value, Disabled: false));

        Assert.Null(disabled);
        Assert.Equal("tokens", await GetAsync(token));
    }

    [Theory]
    [InlineData(null, "Authentication credentials were not provided.")]
    [InlineData("nonsense", "Invalid token")]
    public async Task Api_WithoutValidToken_Is401(string? token, string detail)
    {
        using var client = server.NewApiClient(token);
        using var answer = await client.GetAsync(Read, Cancelled);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal($$"""{"detail":"{{detail}}"}""", await answer.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Api_TokenWithoutTheScope_Is403AndAGreaterScopeIncludesTheLesser()
    {
        var owner = await server.SetUpAsync();
        using var reader = server.NewApiClient((await NewTokenAsync(owner, "project:read")).Token);
        using var admin = server.NewApiClient((await NewTokenAsync(owner, "project:admin")).Token);

        using var refused = await reader.PostAsync(Admin, null, Cancelled);
        using var done = await admin.PostAsync(Admin, null, Cancelled);
        using var read = await admin.GetAsync(Read, Cancelled);

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Contains("detail", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
    }

    [Fact]
    public async Task Api_CookieOfAnOwner_CountsForNothing()
    {
        await server.SetUpAsync();
        using var browser = await server.LogInAsync(AccountServer.OwnerEmail);

        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync(Read.OriginalString)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await browser.PostAsync(Admin.OriginalString, null, "")).Status);
        Assert.Equal("nobody", (await browser.GetAsync("/api/0/test/open")).Html);
    }

    [Fact]
    public async Task Pages_BearerToken_CountsForNothing()
    {
        var (_, token) = await NewTokenAsync(await server.SetUpAsync(), "project:admin");
        using var client = server.NewApiClient(token);
        using var answer = await client.GetAsync(new Uri("/projects", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Fact]
    public async Task CreateApiToken_MoreThanTheRoleOrFromAToken_IsRefused()
    {
        var member = await server.AddMemberAsync("scopes@example.com");
        var ofToken = member with { Actor = member.Actor with { TokenId = Guid.NewGuid() } };

        Assert.Null((await server.SendAsync(new CreateApiToken(member, "x", ["project:admin"], null))).Value);
        Assert.Null((await server.SendAsync(new CreateApiToken(member, "x", ["project:read", "all:things"], null))).Value);
        Assert.Null((await server.SendAsync(new CreateApiToken(ofToken, "x", ["project:read"], null))).Value);
        Assert.NotNull((await server.SendAsync(new CreateApiToken(member, "x", ["project:read"], null))).Value);
    }

    [Fact]
    public async Task RevokeApiToken_OfSomeoneElse_IsNotFoundForAMember()
    {
        var (id, token) = await NewTokenAsync(await server.SetUpAsync(), "project:read");
        var member = await server.AddMemberAsync("revoker@example.com");

        Assert.Null((await server.SendAsync(new RevokeApiToken(member, id))).Value);
        Assert.Equal("Olga", await GetAsync(token));
        Assert.DoesNotContain(await server.SendAsync(new ListApiTokens(member)), t => t.Id == id);
    }

    [Fact]
    public async Task LastUsed_TwoUsesInAMinute_IsTheMinute()
    {
        var (id, token) = await NewTokenAsync(await server.SetUpAsync(), "project:read");
        await GetAsync(token);
        var first = await LastUsedAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(1));
        await GetAsync(token);

        Assert.Equal(0, first!.Value.Second);
        Assert.Equal(first + TimeSpan.FromMinutes(1), await LastUsedAsync());

        Task<DateTimeOffset?> LastUsedAsync() => server.QueryAsync(db => db.ApiTokens.Where(t => t.Id == id).Select(t => t.LastUsedAt).SingleAsync());
    }

    private static Uri Read { get; } = new("/api/0/test/read", UriKind.Relative);

    private static Uri Admin { get; } = new("/api/0/test/admin", UriKind.Relative);

    private async Task<(Guid Id, string Token)> NewTokenAsync(AccessScope scope, params string[] scopes)
    {
        var made = (await server.SendAsync(new CreateApiToken(scope, "test", scopes, null))).Value!;
        return (made.Id, made.Token);
    }

    /// <summary>The name that the API greets the token with; null when it answers 401.</summary>
    private async Task<string?> GetAsync(string token)
    {
        using var client = server.NewApiClient(token);
        using var answer = await client.GetAsync(Read, Cancelled);
        return answer.StatusCode == HttpStatusCode.Unauthorized ? null : await answer.Content.ReadAsStringAsync(Cancelled);
    }

    [GeneratedRegex("eh_[0-9A-Za-z]+_[0-9a-f]{6}")]
    private static partial Regex Token();
}

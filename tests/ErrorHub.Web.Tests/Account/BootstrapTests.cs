using ErrorHub.Accounts;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Account;

public sealed class BootstrapTests : IAsyncLifetime
{
    private const string Token = "0123456789-0123456789";

    private static readonly string[] Configured =
    [
        "--ErrorHub:Bootstrap:AdminEmail=admin@example.com", $"--ErrorHub:Bootstrap:AdminPassword={AccountServer.Password}",
        $"--ErrorHub:Bootstrap:ApiToken={Token}",
    ];

    private readonly AccountServer _server = new();

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Start_ThreeProcessesAtOnce_MakeOneOwnerWithOneToken()
    {
        var links = await Task.WhenAll(
            Task.Run(() => _server.StartAsync(Configured)), Task.Run(() => _server.StartAsync(Configured)),
            Task.Run(() => _server.StartAsync(Configured)));

        Assert.All(links, Assert.Null);
        Assert.Equal(["admin@example.com"], await _server.QueryAsync(db => db.Users.Select(u => u.Email!).ToListAsync()));
        var token = Assert.Single(await _server.QueryAsync(db => db.ApiTokens.ToListAsync()));
        Assert.Equal(string.Join(' ', ApiScopes.All), token.Scopes);
        Assert.NotNull(await _server.SendAsync(new AuthenticateToken(Token, null)));
    }

    [Fact]
    public async Task Start_TokenWasRevoked_StaysRevoked()
    {
        await _server.StartAsync(Configured);
        var token = await _server.QueryAsync(db => db.ApiTokens.SingleAsync());
        await _server.SendAsync(new RevokeApiToken(AccessScope.System, token.Id));

        await _server.StartAsync(Configured);

        Assert.Null(await _server.SendAsync(new AuthenticateToken(Token, null)));
        Assert.Equal(1, await _server.QueryAsync(db => db.ApiTokens.CountAsync()));
    }

    [Theory]
    [InlineData("ProjectKey", "ABCDEF0123456789ABCDEF0123456789")]
    [InlineData("Project", "No Slug")]
    [InlineData("Organization", "42")]
    [InlineData("AdminEmail", "nobody")]
    [InlineData("AdminPassword", "elevenchars")]
    [InlineData("ApiToken", "too-short")]
    public void Validate_WrongValue_NamesTheKeyAndNotTheValue(string key, string value)
    {
        var options = new BootstrapOptions { AdminEmail = "a@example.com", AdminPassword = AccountServer.Password };
        typeof(BootstrapOptions).GetProperty(key)!.SetValue(options, value);

        var result = new BootstrapOptionsValidator().Validate(null, options);

        var problem = Assert.Single(result.Failures!);
        Assert.StartsWith($"ErrorHub:Bootstrap:{key} ", problem, StringComparison.Ordinal);
        Assert.Contains("Example:", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(value, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Validate_EmailWithoutPassword_SaysThatBothBelongTogether()
    {
        var result = new BootstrapOptionsValidator().Validate(null, new BootstrapOptions { AdminEmail = "a@example.com" });

        Assert.Contains("go together", Assert.Single(result.Failures!), StringComparison.Ordinal);
    }
}

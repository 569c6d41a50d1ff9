using ErrorHub.EndToEnd.Tests.Api;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Sdks;

/// <summary>Real SDKs, unchanged but for their DSN.</summary>
public abstract class SdkTests(RunningServer server)
{
    private static readonly string[] TwoFaults = ["charge 1001", "charge 1002", "stock"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Shop.Names), MemberType = typeof(Shop))]
    public async Task Sell_SameErrorTwiceAndAnotherOnce_MakesTwoIssues(string sdk)
    {
        var (shop, project) = await OpenAsync(sdk);

        await shop.SellAsync(project.Dsn, TwoFaults, Cancelled);

        var issues = await server.Api.GetIssuesAsync(project, Cancelled);
        var found = issues.OrderBy(i => i.Count).Select(i => (i.Count, i.Title, i.Level, i.Platform, i.UserCount));
        Assert.Equal(
            [("1", shop.Expected.Stock, "error", shop.Expected.Platform, 1), ("2", shop.Expected.Charge, "error", shop.Expected.Platform, 1)],
            found);
    }

    [Theory]
    [MemberData(nameof(Shop.Names), MemberType = typeof(Shop))]
    public async Task Sell_Error_KeepsAllTheSdkSaid(string sdk)
    {
        var (shop, project) = await OpenAsync(sdk);
        await shop.SellAsync(project.Dsn, ["charge 1002"], Cancelled);
        var issue = Assert.Single(await server.Api.GetIssuesAsync(project, Cancelled));

        var stored = await server.Api.GetLatestEventAsync(issue.Id, Cancelled);

        Assert.Equal(shop.Expected.Charge, stored.Title);
        Assert.Equal(shop.Expected.Platform, stored.Platform);
        Assert.Equal(shop.Expected.Sdk, stored.Sdk.Name);
        Assert.Equal(new ApiUser("42", "[email]"), stored.User);
        Assert.Equal("berlin", stored.Tag("shop"));
        Assert.Equal(Shop.Release, stored.Tag("release"));
        Assert.Equal(Shop.Environment, stored.Tag("environment"));
        Assert.Superset(shop.Expected.Breadcrumbs.ToHashSet(), stored.Breadcrumbs.ToHashSet());
        if (shop.Expected.RequestPath is { } path)
            Assert.EndsWith(path, stored.Entry("request")!.Value.GetProperty("url").GetString()!.Split('?')[0], StringComparison.Ordinal);
        var thrower = stored.Frames.LastOrDefault(f => f.InApp == true);
        Assert.Equal(shop.Expected.Thrower, thrower is { Function: { } function } ? (function, thrower.SourceLine) : null);
    }

    [Theory]
    [MemberData(nameof(Shop.Names), MemberType = typeof(Shop))]
    public async Task Sell_ResolvedIssueHappensAgain_ComesBackAsRegressed(string sdk)
    {
        var (shop, project) = await OpenAsync(sdk);
        await shop.SellAsync(project.Dsn, ["charge 1001"], Cancelled);
        var issue = Assert.Single(await server.Api.GetIssuesAsync(project, Cancelled));
        await server.Api.SetStatusAsync(issue.Id, "resolved", Cancelled);
        Assert.Empty(await server.Api.GetIssuesAsync(project, Cancelled, "is:unresolved"));

        await shop.SellAsync(project.Dsn, ["charge 1002"], Cancelled);

        var back = Assert.Single(await server.Api.GetIssuesAsync(project, Cancelled, "is:unresolved"));
        Assert.Equal((issue.Id, "2", "unresolved", "regressed"), (back.Id, back.Count, back.Status, back.Substatus));
    }

    private async Task<(Shop Shop, ApiProject Project)> OpenAsync(string sdk) =>
        (Shop.Named(sdk), await server.Api.CreateProjectAsync($"{sdk}-{Guid.NewGuid():n}", Cancelled));
}

[Collection(nameof(OnSqlite))]
public sealed class SqliteSdkTests(SqliteServer server) : SdkTests(server);

[Collection(nameof(OnPostgreSql))]
public sealed class PostgreSqlSdkTests(PostgreSqlServer server) : SdkTests(server);

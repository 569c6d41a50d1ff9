using System.Globalization;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Start;

public abstract class StartTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_NothingSetUp_PrintsOneSetUpLinkThatOpens()
    {
        await using var installation = NewInstallation();
        await using var process = await ErrorHubProcess.StartAsync(installation, Cancelled);

        var link = await process.SetupLink;

        Assert.Equal(installation.BaseUrl.Authority, link.Authority);
        using var http = new HttpClient();
        Assert.Contains("<form", await http.GetStringAsync(link, Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_Sigterm_EndsWithZero()
    {
        await using var installation = NewInstallation().WithOwner();
        await using var process = await ErrorHubProcess.StartAsync(installation, Cancelled);

        Assert.Equal(0, await process.StopAsync(Cancelled));
    }

    [Fact]
    public async Task Demo_EmptyInstallation_FillsItOnce()
    {
        await using var installation = NewInstallation().WithOwner();
        (await ErrorHubProcess.RunAsync(installation, ["demo"], Cancelled)).Succeeded();
        await using var db = await installation.OpenDatabaseAsync(Cancelled);

        Assert.InRange(await db.CountAsync("projects", Cancelled), 2, 50);
        Assert.InRange(await db.CountAsync("issues", Cancelled), 20, 1_000);
        Assert.InRange(await db.CountAsync("events", Cancelled), 500, 100_000);
        Assert.Equal(1, (await ErrorHubProcess.RunAsync(installation, ["demo"], Cancelled)).ExitCode);
    }

    protected abstract Installation NewInstallation();
}

public sealed class SqliteStartTests : StartTests
{
    protected override Installation NewInstallation() => new SqliteInstallation();
}

public sealed class PostgreSqlStartTests : StartTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Serve_TwoProcessesOnAnEmptyDatabase_MigrateItOnceAndBothServe()
    {
        await using var installation = NewInstallation().WithOwner();
        var other = new Uri($"http://127.0.0.1:{Installation.FreePort()}");

        var processes = await Task.WhenAll(
            ErrorHubProcess.StartAsync(installation, Cancelled), ErrorHubProcess.StartAsync(installation, Cancelled, other));

        await using var first = processes[0];
        await using var second = processes[1];
        Assert.Single(processes, p => AppliedMigrations(p) > 0);
        await using var db = await installation.OpenDatabaseAsync(Cancelled);
        Assert.Equal(1, await db.CountAsync("projects", Cancelled));
        Assert.Equal(1, await db.CountAsync("users", Cancelled));
        Assert.Equal(1, await db.CountAsync("api_tokens", Cancelled));
    }

    protected override Installation NewInstallation() => new PostgreSqlInstallation();

    /// <summary>From the start's log line, <c>PostgreSQL is up to date, 1 migrations applied.</c></summary>
    private static int AppliedMigrations(ErrorHubProcess process)
    {
        var words = process.Log.Split('\n').Single(l => l.Contains("migrations applied", StringComparison.Ordinal)).Split(' ');
        return int.Parse(words[^3], CultureInfo.InvariantCulture);
    }
}

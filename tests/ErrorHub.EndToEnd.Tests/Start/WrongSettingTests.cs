using System.Net;
using System.Net.Sockets;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Start;

/// <summary>A wrong setting stops the start with one line that names the key.</summary>
public sealed class WrongSettingTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("ErrorHub__BaseUrl", "errors.example.com")]
    [InlineData("ErrorHub__BaseUrl", "ftp://errors.example.com")]
    [InlineData("ErrorHub__DataDirectory", "/dev/null/errorhub")]
    [InlineData("ErrorHub__Roles", "ingest,chef")]
    [InlineData("ErrorHub__Bootstrap__AdminEmail", "owner")]
    [InlineData("ErrorHub__Bootstrap__AdminPassword", "short")]
    [InlineData("ErrorHub__Bootstrap__ApiToken", "short")]
    [InlineData("ErrorHub__Bootstrap__Organization", "Error Hub")]
    [InlineData("ErrorHub__Bootstrap__Project", "No slug!")]
    [InlineData("ErrorHub__Bootstrap__ProjectKey", "0123")]
    [InlineData("ErrorHub__Retention__Days", "0")]
    [InlineData("ErrorHub__Retention__Days", "ninety")]
    [InlineData("ConnectionStrings__ErrorHub", "Database=errorhub")]
    [InlineData("ConnectionStrings__ErrorHub", "errorhub")]
    public async Task Serve_WrongSetting_EndsWithOneLineThatNamesIt(string key, string value)
    {
        await using var installation = new SqliteInstallation().WithOwner();
        installation.Settings[key] = value;

        AssertRefused(await ServeAsync(installation, installation.BaseUrl.ToString()), key);
    }

    [Fact]
    public async Task Serve_UnreachableDatabase_EndsWithOneLineThatNamesTheSetting()
    {
        await using var installation = new SqliteInstallation();
        installation.Settings["ConnectionStrings__ErrorHub"] =
            $"Host=127.0.0.1;Port={Installation.FreePort()};Database=errorhub;Username=errorhub;Password=very-secret";

        var run = await ServeAsync(installation, installation.BaseUrl.ToString());

        AssertRefused(run, "ConnectionStrings__ErrorHub");
        Assert.DoesNotContain("very-secret", run.Errors + run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_BusyPort_EndsWithOneLineThatNamesTheOption()
    {
        await using var installation = new SqliteInstallation();
        using var other = new TcpListener(IPAddress.Loopback, installation.BaseUrl.Port);
        other.Start();

        AssertRefused(await ServeAsync(installation, installation.BaseUrl.ToString()), "--urls");
    }

    [Fact]
    public async Task Serve_UrlsWithoutScheme_EndsWithOneLineThatNamesTheOption()
    {
        await using var installation = new SqliteInstallation();

        AssertRefused(await ServeAsync(installation, "localhost:9000"), "--urls");
    }

    [Fact]
    public async Task Run_UnknownCommand_IsWrongUsage()
    {
        await using var installation = new SqliteInstallation();

        var run = await ErrorHubProcess.RunAsync(installation, ["polish"], Cancelled);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("polish", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("serve")]
    [InlineData("migrate")]
    [InlineData("demo")]
    [InlineData("keys", "rotate")]
    public async Task Help_EachCommand_SaysHowToUseIt(params string[] command)
    {
        await using var installation = new SqliteInstallation();

        var run = (await ErrorHubProcess.RunAsync(installation, [.. command, "--help"], Cancelled)).Succeeded();

        Assert.StartsWith($"Usage: errorhub {string.Join(' ', command)}", run.Output, StringComparison.Ordinal);
    }

    private static async Task<ProgramRun> ServeAsync(Installation installation, string urls)
    {
        // Should it start after all, it would never end.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        return await ErrorHubProcess.RunAsync(installation, ["--urls", urls], limit.Token);
    }

    private static void AssertRefused(ProgramRun run, string key)
    {
        Assert.Equal(1, run.ExitCode);
        var line = Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(key, line, StringComparison.Ordinal);
    }
}

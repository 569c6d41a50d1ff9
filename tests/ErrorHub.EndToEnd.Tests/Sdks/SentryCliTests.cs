using System.Text.Json;
using ErrorHub.EndToEnd.Tests.Api;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Sdks;

/// <summary>A build pipeline that uses the real sentry-cli: row 104 of protocol.md section 12.</summary>
public abstract class SentryCliTests(RunningServer server)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Row104_ReleaseFromCommitToDeploy_EveryCommandSucceedsAndTheReleaseIsThere()
    {
        var project = await server.Api.CreateProjectAsync($"cli-{Guid.NewGuid():n}", Cancelled);
        var directory = Directory.CreateTempSubdirectory("errorhub-cli-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(directory, "a.js"), "console.log(1)\n//# sourceMappingURL=a.js.map\n", Cancelled);
            await File.WriteAllTextAsync(
                Path.Combine(directory, "a.js.map"), """{"version":3,"sources":["a.ts"],"sourcesContent":["console.log(1)"],"names":[],"mappings":"AAAA"}""", Cancelled);
            // An own repository, for set-commits reads the log of the one it runs in.
            foreach (var git in (string[])["init -q", "add .", "-c user.name=Ada -c user.email=ada@example.com commit -qm one"])
                (await ProgramRun.ToEndAsync("git", ["-C", directory, .. git.Split(' ')], new Dictionary<string, string>(), Cancelled)).Succeeded();

            var release = $"shop@{Guid.NewGuid():n}";
            foreach (var command in (string[])
                [
                    $"releases new {release}", $"releases set-commits {release} --local", $"sourcemaps inject {directory}",
                    $"sourcemaps upload --release {release} {directory}", $"sourcemaps upload --release {release} {directory}",
                    $"releases finalize {release}", $"deploys new --release {release} -e production", $"releases info {release}", "releases list",
                    $"deploys list --release {release}", "info",
                ])
            {
                (await RunAsync(directory, project, command)).Succeeded();
            }

            using var client = new HttpClient { BaseAddress = server.BaseUrl };
            client.DefaultRequestHeaders.Authorization = new("Bearer", Installation.ApiToken);
            using var json = JsonDocument.Parse(await client.GetStringAsync($"/api/0/organizations/errorhub/releases/{release}/", Cancelled));
            Assert.Equal(1, json.RootElement.GetProperty("commitCount").GetInt32());
            Assert.Equal(JsonValueKind.String, json.RootElement.GetProperty("dateReleased").ValueKind);
            Assert.Contains("production", await client.GetStringAsync($"/api/0/organizations/errorhub/releases/{release}/deploys/", Cancelled), StringComparison.Ordinal);
            var projectId = project.Dsn[(project.Dsn.LastIndexOf('/') + 1)..];
            var bundle = Assert.Single(Directory.GetFiles(Path.Combine(server.DataDirectory, "artifacts", "bundles", projectId)));
            Assert.True(new FileInfo(bundle).Length > 100);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private Task<ProgramRun> RunAsync(string directory, ApiProject project, string command) => ProgramRun.ToEndAsync(
        "sh", ["-c", $"cd {directory} && exec {Path.Combine(Repository.Sdks, "node", "node_modules", ".bin", "sentry-cli")} {command}"],
        new Dictionary<string, string>
        {
            ["SENTRY_URL"] = server.BaseUrl.ToString(),
            ["SENTRY_AUTH_TOKEN"] = Installation.ApiToken,
            ["SENTRY_ORG"] = "errorhub",
            ["SENTRY_PROJECT"] = project.Slug,
            ["SENTRY_DISABLE_UPDATE_CHECK"] = "1",
        },
        Cancelled);
}

[Collection(nameof(OnSqlite))]
public sealed class SqliteSentryCliTests(SqliteServer server) : SentryCliTests(server);

[Collection(nameof(OnPostgreSql))]
public sealed class PostgreSqlSentryCliTests(PostgreSqlServer server) : SentryCliTests(server);

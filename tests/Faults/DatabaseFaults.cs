using System.Globalization;
using System.Net;
using ErrorHub.EndToEnd.Tests.Hosting;
using Npgsql;

namespace ErrorHub.EndToEnd.Tests.Durability;

/// <summary>The database may be away: every sender is answered 200 all the same, and every event is stored once when it is back.</summary>
public sealed class OutageTests
{
    private const int EventsPerSecond = 200;

    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(4);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cut")]
    [InlineData("silent")]
    public async Task DatabaseAway_DuringLoad_EveryEventIsAcknowledgedAndStoredOnce(string how)
    {
        await using var installation = new PostgreSqlInstallation().WithOwner();
        await using var line = NewLine(installation);
        using var load = new EventLoad(installation.BaseUrl, Installation.ProjectKey, EventsPerSecond);
        await using var process = await ErrorHubProcess.StartAsync(installation, Cancelled);

        await LoadAsync(load, async () =>
        {
            Fail(line, how);
            await WaitAsync(Outage);
            line.Restore();
            await WaitAsync(TimeSpan.FromSeconds(1));
        });

        Assert.Equal(0, load.Refused);
        await DrainedAsync(process);
        await AccountAsync(installation, load);
    }

    [Fact]
    public async Task KillAndRestart_WhileTheDatabaseIsAway_LosesNothingThatWasAcknowledged()
    {
        await using var installation = new PostgreSqlInstallation().WithOwner();
        await using var line = NewLine(installation);
        using var load = new EventLoad(installation.BaseUrl, Installation.ProjectKey, EventsPerSecond);
        await using (var process = await ErrorHubProcess.StartAsync(installation, Cancelled))
        {
            await LoadAsync(load, async () =>
            {
                line.Cut();
                await WaitAsync(TimeSpan.FromSeconds(2));
                await process.KillAsync(Cancelled);
            });
        }

        await using var restarted = await ErrorHubProcess.StartAliveAsync(installation, Cancelled);
        await LoadAsync(load, () => WaitAsync(TimeSpan.FromSeconds(1)));
        await SaysThatTheDatabaseIsAwayAsync(restarted);
        line.Restore();
        await DrainedAsync(restarted);
        await AccountAsync(installation, load);
    }

    private static async Task LoadAsync(EventLoad load, Func<Task> meanwhile)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var running = load.RunAsync(stop.Token);
        await load.NextAnswerAsync(Cancelled);
        await meanwhile();
        await stop.CancelAsync();
        await running;
    }

    private static async Task SaysThatTheDatabaseIsAwayAsync(ErrorHubProcess process)
    {
        using var http = new HttpClient { BaseAddress = process.Address };
        using var ready = await http.GetAsync("/readyz", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Contains("unreachable", await ready.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        using var page = await http.GetAsync("/account/login", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.StatusCode);
        Assert.Contains("Events are still taken", await page.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    private static DatabaseLine NewLine(Installation installation)
    {
        var address = new NpgsqlConnectionStringBuilder(installation.Settings["ConnectionStrings__ErrorHub"]);
        var line = new DatabaseLine(address.Host!, address.Port);
        installation.Settings["ConnectionStrings__ErrorHub"] =
            new NpgsqlConnectionStringBuilder(address.ConnectionString) { Host = "127.0.0.1", Port = line.Port }.ConnectionString;
        return line;
    }

    private static void Fail(DatabaseLine line, string how)
    {
        if (how == "cut")
            line.Cut();
        else
            line.GoSilent();
    }

    private static async Task WaitAsync(TimeSpan time)
    {
        using var clock = new PeriodicTimer(time);
        await clock.WaitForNextTickAsync(Cancelled);
    }

    private static async Task DrainedAsync(ErrorHubProcess process)
    {
        using var http = new HttpClient { BaseAddress = process.Address };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (await pause.WaitForNextTickAsync(limit.Token))
        {
            var metrics = await http.GetStringAsync("/metrics", limit.Token);
            var spooled = metrics.Split('\n').FirstOrDefault(l => l.StartsWith("errorhub_spool_events", StringComparison.Ordinal));
            if (spooled?.Split(' ') is [_, var count, ..] && double.Parse(count, CultureInfo.InvariantCulture) == 0)
                return;
        }
    }

    // Every acknowledged event once, nothing twice, and the counts tell the same number.
    private static async Task AccountAsync(Installation installation, EventLoad load)
    {
        await using var db = await installation.OpenDatabaseAsync(Cancelled);
        var stored = await db.ReadAsync("SELECT event_id FROM events WHERE project_id = 1", r => r.ReadGuid(0), Cancelled);
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(load.Acknowledged.Except(stored));
        var counted = (await db.ReadAsync(
            "SELECT (SELECT SUM(event_count) FROM issues), (SELECT SUM(quantity) FROM outcome_hours WHERE outcome = 0)",
            r => (Issues: Convert.ToInt64(r.GetValue(0), CultureInfo.InvariantCulture), Outcomes: Convert.ToInt64(r.GetValue(1), CultureInfo.InvariantCulture)), Cancelled))[0];
        Assert.Equal((stored.Count, stored.Count), counted);
        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Acknowledged.Count} acknowledged, {stored.Count} stored, slowest answer {load.Slowest.TotalMilliseconds:f0} ms");
    }
}

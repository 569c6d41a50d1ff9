using System.Diagnostics;
using System.Globalization;
using System.Net;
using ErrorHub.EndToEnd.Tests.Hosting;
using ErrorHub.Faults.Accounting;
using ErrorHub.Faults.Tools;
using static ErrorHub.Faults.FaultForm;

namespace ErrorHub.Faults;

/// <summary>Faults between projects: one too noisy for its neighbours, or too many of them.</summary>
public sealed class ProjectFaults
{
    private const long MaxResidentBytes = 600L * 1024 * 1024;

    // Long enough for a machine that is busy with this very load; what it costs in time a benchmark measures.
    private static readonly TimeSpan PageLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AckLimit = TimeSpan.FromSeconds(10);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(OneOrBoth), MemberType = typeof(FaultForm))]
    public async Task Fault26_OneNoisyProject_TheOthersAreAllAcknowledged(Database database)
    {
        await using var run = FaultRun.On(database, "26 one noisy project");
        await run.StartAsync();
        await run.AddProjectsAsync(5);
        var others = Enumerable.Range(2, 4).Select(project => run.NewLoad(project, perSecond: 20)).ToArray();
        // A key made a moment ago is known when somebody has asked for it.
        await Task.WhenAll(others.Select(o => o.SendAsync()));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var sending = others.Select(o => o.RunAsync(stop.Token)).Append(run.Load.FloodAsync(senders: 200, stop.Token)).ToArray();
        await LastAsync(Seconds(2, 60));
        await stop.CancelAsync();
        await Task.WhenAll(sending);

        Assert.All(run.Load.Sent, e => Assert.True(e.Status is 200 or 429 or 503, $"status {e.Status}"));
        await run.AccountAsync();
        foreach (var other in others)
        {
            Assert.All(other.Sent, e => Assert.Equal(200, e.Status));
            var verdict = await run.AccountAsync(other);
            Assert.True(verdict.AckP99Milliseconds < AckLimit.TotalMilliseconds, verdict.ToString());
            other.Dispose();
        }
    }

    [Theory]
    [MemberData(nameof(OneOrBoth), MemberType = typeof(FaultForm))]
    public async Task Fault27_ManyProjectsAndIssues_AreServedInBoundedMemory(Database database)
    {
        var (projects, issues) = (Pick(2_000, 10_000), Pick(2_000, 50_000));
        await using var run = FaultRun.On(database, "27 many projects and issues");
        run.Sending(new EventLoad(run.Installation.BaseUrl) { Issue = n => n });
        await run.StartAsync();
        await run.AddProjectsAsync(projects);
        await Parallel.ForAsync(0, issues, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Cancelled }, async (_, _) => await run.Load.SendAsync());
        // Every key has a limit of its own, and so a window in the limiter.
        await SendToEachAsync(run, projects);

        Assert.Equal(0, run.Load.Refused);
        await run.AccountAsync();
        await using (var db = await run.Installation.OpenDatabaseAsync(Cancelled))
            Assert.Equal(projects - 1, await db.CountAsync("events WHERE project_id > 1", Cancelled));

        using var owner = await LoggedIn.AsOwnerAsync(run.Installation, Cancelled);
        foreach (var page in new[] { "/issues", $"/issues?project=p{projects}", "/issues?query=Fault17", "/projects", "/stats" })
        {
            var wait = Stopwatch.StartNew();
            using var answer = await owner.GetAsync(page, Cancelled);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(wait.Elapsed < PageLimit, $"{page} took {wait.Elapsed}");
        }

        Assert.True(run.Process.PeakMemory < MaxResidentBytes, $"{run.Process.PeakMemory} bytes were resident");
    }

    private static async Task SendToEachAsync(FaultRun run, int projects)
    {
        using var http = new HttpClient { BaseAddress = run.Installation.BaseUrl };
        var one = SentEvent.Of(seed: 1, number: 1, noteBytes: 100, issue: 1, members: []).Envelope;
        await Parallel.ForAsync(2, projects + 1, new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = Cancelled }, async (project, cancelled) =>
        {
            using var body = new ByteArrayContent(one);
            var key = project.ToString("x32", CultureInfo.InvariantCulture);
            using var answer = await http.PostAsync($"/api/{project}/envelope/?sentry_key={key}&sentry_version=7", body, cancelled);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        });
    }
}

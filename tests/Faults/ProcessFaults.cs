using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Durability;

/// <summary>200 means stored: kill -9 under load loses no acknowledged event, and counts none twice.</summary>
public abstract class KillTests
{
    private const int Kills = 5;
    private const int EventsPerSecond = 200;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kill_DuringLoad_LosesNoAcknowledgedEvent()
    {
        await using var installation = NewInstallation().WithOwner();
        using var load = new EventLoad(installation.BaseUrl, Installation.ProjectKey, EventsPerSecond);
        for (var kill = 1; kill <= Kills; kill++)
        {
            await using var process = await ErrorHubProcess.StartAsync(installation, Cancelled);
            await KillUnderLoadAsync(process, load);
        }

        // Once more, so that whatever the last kill left behind is recovered.
        await using var recovered = await ErrorHubProcess.StartAsync(installation, Cancelled);
        await using var db = await installation.OpenDatabaseAsync(Cancelled);
        var stored = await db.ReadAsync("SELECT event_id FROM events WHERE project_id = 1", r => r.ReadGuid(0), Cancelled);
        Assert.Equal(stored.Count, stored.Distinct().Count());
        Assert.Empty(load.Acknowledged.Except(stored));
        var counts = await db.ReadAsync(
            """
            SELECT i.event_count, (SELECT COUNT(*) FROM events e WHERE e.project_id = i.project_id AND e.issue_id = i.id)
            FROM issues i
            """,
            r => (Counted: r.GetInt64(0), Rows: r.GetInt64(1)), Cancelled);
        Assert.All(counts, c => Assert.Equal(c.Rows, c.Counted));
        Assert.Equal(stored.Count, counts.Sum(c => c.Counted));
        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Acknowledged.Count} acknowledged, {stored.Count} stored, {Kills} kills");
    }

    protected abstract Installation NewInstallation();

    private static async Task KillUnderLoadAsync(ErrorHubProcess process, EventLoad load)
    {
        // Any moment after the first answer will do, as long as it is another one each time.
        var life = TimeSpan.FromMilliseconds(Random.Shared.Next(1_500, 3_000));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var running = load.RunAsync(stop.Token);
        await load.NextAnswerAsync(Cancelled);
        using var clock = new PeriodicTimer(life);
        await clock.WaitForNextTickAsync(Cancelled);
        await process.KillAsync(Cancelled);
        await stop.CancelAsync();
        await running;
    }
}

public sealed class SqliteKillTests : KillTests
{
    protected override Installation NewInstallation() => new SqliteInstallation();
}

public sealed class PostgreSqlKillTests : KillTests
{
    protected override Installation NewInstallation() => new PostgreSqlInstallation();
}

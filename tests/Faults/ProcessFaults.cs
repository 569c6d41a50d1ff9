using static ErrorHub.Faults.FaultForm;

namespace ErrorHub.Faults;

/// <summary>Faults of the process: killed, stopped, doubled, short of descriptors.</summary>
public sealed class ProcessFaults
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.PostgreSql)]
    public async Task Fault02_KillUnderLoad_LosesNothingAcknowledged(Database database)
    {
        await using var run = FaultRun.On(database, "02 kill under load");
        for (var kill = 0; kill < Pick(2, 50); kill++)
        {
            await run.StartAsync();
            await run.UnderLoadAsync(async () =>
            {
                // Any moment will do, as long as it is another one each time.
                await LastAsync(TimeSpan.FromMilliseconds(Random.Shared.Next(300, 1_500)));
                await run.KillAsync();
            });
        }

        // Once more, so that whatever the last kill left behind is recovered.
        await run.StartAsync();
        await run.AccountAsync();
    }

    [Theory]
    [InlineData(Database.Sqlite)]
    [InlineData(Database.PostgreSql)]
    public async Task Fault35_StoppedForAWhile_AnswersLateAndLosesNothing(Database database)
    {
        await using var run = FaultRun.On(database, "35 and 41 stopped and resumed");
        await run.StartAsync();
        await run.UnderLoadAsync(async () =>
        {
            await run.Process.SignalAsync("STOP", Cancelled);
            await LastAsync(Seconds(3, 15));
            await run.Process.SignalAsync("CONT", Cancelled);
            await LastAsync(Seconds(1, 5));
        });

        Assert.Equal(0, run.Load.Refused);
        await run.AccountAsync();
    }
}

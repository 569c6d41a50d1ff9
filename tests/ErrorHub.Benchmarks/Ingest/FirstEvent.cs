using System.Net.Sockets;
using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>From the start of the process on a migrated database to the first event that it acknowledges.</summary>
internal sealed class FirstEvent : IScenario
{
    public string Name => "ingest/first-event";

    public async Task RunAsync(Bench bench, FigureTable table)
    {
        using var database = bench.NewDatabase();
        await (await ErrorHubServer.StartReadyAsync(database)).DisposeAsync();

        List<double> seconds = [];
        for (var round = 0; round < Bench.Rounds; round++)
        {
            await using var server = ErrorHubServer.Start(database);
            var mix = new EventMix(bench.Samples, server.Target, Bench.Issues);
            var request = new byte[mix.MaxLength];
            // Once more for each answer that is not 200, as an SDK's retry would.
            while (await TrySendAsync(server, request.AsMemory(0, mix.Next(request))) != 200)
                await Task.Delay(5);

            seconds.Add(server.Process.SinceStart.TotalSeconds);
        }

        table.Add(new Figure("first event after a start", $"{bench.Kind}", "s", seconds, Goal.AtMost(2)));
    }

    private static async Task<int> TrySendAsync(ErrorHubServer server, ReadOnlyMemory<byte> request)
    {
        if (server.Process.SinceStart > TimeSpan.FromMinutes(1))
            throw new BenchmarkException("no event was acknowledged within a minute of the start");

        try
        {
            using var connection = await Connection.OpenAsync(server.Process.Port);
            return await connection.SendAsync(request);
        }
        catch (SocketException)
        {
            // Not listening yet.
            return 0;
        }
    }
}

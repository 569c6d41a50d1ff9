using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>How long an SDK waits for its answer when half of what the server can take arrives.</summary>
internal sealed class HalfLoad : IScenario
{
    public string Name => "ingest/half-load";

    public async Task RunAsync(Bench bench, FigureTable table)
    {
        using var database = bench.NewDatabase();
        await using var server = await ErrorHubServer.StartReadyAsync(database);
        var load = new EventLoad(server.Target, new EventMix(bench.Samples, server.Target, Bench.Issues));
        await server.VerifyAsync(await load.FloodAsync(Bench.Connections, Bench.Warmup));

        List<double> p99 = [];
        for (var round = 0; round < Bench.Rounds; round++)
        {
            var capacity = (await server.VerifyAsync(await load.FloodAsync(Bench.Connections, Bench.Round))).AllAcknowledged().PerSecond;
            var half = (await server.VerifyAsync(await load.PaceAsync(Bench.Connections, capacity / 2, Bench.Round))).AllAcknowledged();
            p99.Add(half.LatencyMs(0.99));
            Bench.Note($"round {round + 1}: {half.PerSecond:N0}/s, p50 {half.LatencyMs(0.5):N1} ms, p99 {p99[^1]:N1} ms");
        }

        table.Add(new Figure("p99 of an answer at half load", $"{bench.Kind}", "ms", p99, Goal.AtMost(50)));
    }
}

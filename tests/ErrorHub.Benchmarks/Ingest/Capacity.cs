using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>How many events a second are stored and visible, as a share of what the raw baseline takes in the same run.</summary>
internal sealed class Capacity : IScenario
{
    public string Name => "ingest/capacity";

    public async Task RunAsync(Bench bench, FigureTable table)
    {
        using var rawDatabase = bench.NewDatabase();
        using var database = bench.NewDatabase();
        await using var rawServer = await RawServer.StartReadyAsync(rawDatabase);
        await using var server = await ErrorHubServer.StartReadyAsync(database);
        var raw = new EventLoad(rawServer.Target, new EventMix(bench.Samples, rawServer.Target, Bench.Issues));
        var errorHub = new EventLoad(server.Target, new EventMix(bench.Samples, server.Target, Bench.Issues));

        await raw.FloodAsync(Bench.Connections, Bench.Warmup);
        await server.VerifyAsync(await errorHub.FloodAsync(Bench.Connections, Bench.Warmup));

        List<double> rawRates = [], rates = [], ratios = [], costs = [];
        for (var round = 0; round < Bench.Rounds; round++)
        {
            rawRates.Add((await raw.FloodAsync(Bench.Connections, Bench.Round)).AllAcknowledged().PerSecond);
            var before = server.Process.ProcessorTime;
            var result = (await server.VerifyAsync(await errorHub.FloodAsync(Bench.Connections, Bench.Round))).AllAcknowledged();
            costs.Add((server.Process.ProcessorTime - before).TotalMicroseconds / result.Acknowledged);
            rates.Add(result.PerSecond);
            ratios.Add(rates[^1] / rawRates[^1]);
            Bench.Note($"round {round + 1}: raw {rawRates[^1]:N0}/s, ErrorHub {rates[^1]:N0}/s, {costs[^1]:N0} us each");
        }

        table.Add(new Figure("raw baseline", $"{bench.Kind}", "events/s", rawRates));
        table.Add(new Figure("capacity, 200 issues", $"{bench.Kind}", "events/s", rates));
        // The database server's own time is not in it.
        table.Add(new Figure("processor time of an event", $"{bench.Kind}", "us", costs));
        table.Add(new Figure("capacity / raw baseline", $"{bench.Kind}", "", ratios, Goal.AtLeast(0.5)));
    }
}

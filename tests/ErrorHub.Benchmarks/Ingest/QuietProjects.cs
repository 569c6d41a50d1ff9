using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>What nine projects with a tenth of the load notice of a tenth project that sends three times what the server can take.</summary>
internal sealed class QuietProjects : IScenario
{
    private const int Quiet = 9;

    // A closed loop never offers more than the server takes; three times the connections, each with a backlog, is how clients
    // that send three times too much look from the server.
    private const int NoisyConnections = 3 * Bench.Connections;

    public string Name => "ingest/quiet-projects";

    public async Task RunAsync(Bench bench, FigureTable table)
    {
        using var database = bench.NewDatabase();
        await using var server = await ErrorHubServer.StartReadyAsync(database);
        var noisy = new EventLoad(server.Target, new EventMix(bench.Samples, server.Target, Bench.Issues));
        var quiet = new List<EventLoad>();
        for (var i = 1; i <= Quiet; i++)
        {
            var target = await server.CreateProjectAsync($"quiet {i}");
            quiet.Add(new EventLoad(target, new EventMix(bench.Samples, target, Bench.Issues)));
        }

        await server.VerifyAsync(await noisy.FloodAsync(Bench.Connections, Bench.Warmup));
        var capacity = (await server.VerifyAsync(await noisy.FloodAsync(Bench.Connections, Bench.Round))).PerSecond;

        List<double> ratios = [];
        for (var round = 0; round < Bench.Rounds; round++)
        {
            var alone = (await server.VerifyAsync(await PaceAsync(quiet, capacity))).AllAcknowledged();
            var noise = noisy.PaceAsync(NoisyConnections, 3 * capacity, Bench.Round);
            var beside = await PaceAsync(quiet, capacity);
            var all = new LoadResult();
            all.Add(beside);
            all.Add(await noise);
            await server.VerifyAsync(all);
            ratios.Add(beside.AllAcknowledged().LatencyMs(0.99) / alone.LatencyMs(0.99));
            Bench.Note($"round {round + 1}: p99 alone {alone.LatencyMs(0.99):N1} ms, beside the noise {beside.LatencyMs(0.99):N1} ms");
        }

        table.Add(new Figure("p99 of quiet projects, noisy / alone", $"{bench.Kind}", "", ratios, Goal.AtMost(2)));
    }

    private static async Task<LoadResult> PaceAsync(List<EventLoad> projects, double capacity)
    {
        var all = new LoadResult();
        foreach (var result in await Task.WhenAll(projects.Select(p => p.PaceAsync(2, capacity / 10 / projects.Count, Bench.Round))))
            all.Add(result);

        return all;
    }
}

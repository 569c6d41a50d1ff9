using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>Resident memory of the process: a while after its start, and at most under full load.</summary>
internal sealed class Memory : IScenario
{
    public string Name => "ingest/memory";

    public async Task RunAsync(Bench bench, FigureTable table)
    {
        using var database = bench.NewDatabase();
        // To migrate takes some 25 MiB more, once in an installation's life: what idles is a program that was started on its database.
        await (await ErrorHubServer.StartReadyAsync(database)).DisposeAsync();
        await using var server = await ErrorHubServer.StartReadyAsync(database);
        // Long enough for what a start does besides answering: jobs, compilation in the background.
        await Task.Delay(TimeSpan.FromSeconds(10));
        table.Add(new Figure("memory when idle", $"{bench.Kind}", "MiB", [server.Process.MemoryMiB], Goal.AtMost(200)));

        var load = new EventLoad(server.Target, new EventMix(bench.Samples, server.Target, Bench.Issues));
        (await server.VerifyAsync(await load.FloodAsync(Bench.Connections, 5 * Bench.Round))).AllAcknowledged();
        table.Add(new Figure("peak memory at full load", $"{bench.Kind}", "MiB", [server.Process.PeakMemoryMiB], Goal.AtMost(400)));
    }
}

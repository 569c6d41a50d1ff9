using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>What an event takes on disk, indexes and rollups included, as a share of its JSON.</summary>
internal sealed class DiskSpace : IScenario
{
    public string Name => "ingest/disk";

    public async Task RunAsync(Bench bench, FigureTable table)
    {
        using var database = bench.NewDatabase();
        await using var server = await ErrorHubServer.StartReadyAsync(database);
        var mix = new EventMix(bench.Samples, server.Target, Bench.Issues);
        var load = new EventLoad(server.Target, mix);
        var empty = database.Size();
        var result = (await server.VerifyAsync(await load.FloodAsync(Bench.Connections, 3 * Bench.Round))).AllAcknowledged();
        var perEvent = (double)(database.Size() - empty) / result.Acknowledged;
        Bench.Note($"{result.Acknowledged:N0} events, {perEvent:N0} bytes each, their JSON {mix.MeanJsonBytes:N0}");
        table.Add(new Figure("disk / JSON of an event", $"{bench.Kind}", "", [perEvent / mix.MeanJsonBytes], Goal.AtMost(0.25)));
    }
}

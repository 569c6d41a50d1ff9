using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>
/// What a 429 costs the server, as a share of an accepted event: processor time of its process, since the rate of answers would
/// mostly tell how fast the load can send. With PostgreSQL the accepted event's cost in the database comes on top and is left out.
/// </summary>
internal sealed class Rejection : IScenario
{
    public string Name => "ingest/rejection";

    public async Task RunAsync(Bench bench, FigureTable table)
    {
        using var database = bench.NewDatabase();
        await using var server = await ErrorHubServer.StartReadyAsync(database);
        var limited = await server.CreateProjectAsync("limited", eventsPerHour: 1);
        var accepts = new EventLoad(server.Target, new EventMix(bench.Samples, server.Target, Bench.Issues));
        var rejects = new EventLoad(limited, new EventMix(bench.Samples, limited, Bench.Issues));
        await server.VerifyAsync(await accepts.FloodAsync(Bench.Connections, Bench.Warmup));
        await server.VerifyAsync(await rejects.FloodAsync(Bench.Connections, Bench.Warmup));

        List<double> ratios = [];
        for (var round = 0; round < Bench.Rounds; round++)
        {
            var accept = await MicrosecondsAsync(server, accepts, status: 200);
            var reject = await MicrosecondsAsync(server, rejects, status: 429);
            ratios.Add(reject / accept);
            Bench.Note($"round {round + 1}: an accept {accept:N1} us, a 429 {reject:N1} us");
        }

        table.Add(new Figure("cost of a 429 / an accept", $"{bench.Kind}", "", ratios, Goal.AtMost(0.1)));
    }

    // Of processor time for each answer.
    private static async Task<double> MicrosecondsAsync(ErrorHubServer server, EventLoad load, int status)
    {
        var before = server.Process.ProcessorTime;
        var result = await load.FloodAsync(Bench.Connections, Bench.Round);
        var cost = server.Process.ProcessorTime - before;
        await server.VerifyAsync(result);
        return result.Answers(status) == result.All
            ? cost.TotalMicroseconds / result.All
            : throw new BenchmarkException($"not every answer was {status}");
    }
}

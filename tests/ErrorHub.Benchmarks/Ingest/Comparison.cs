using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>ErrorHub's rate with the usual 200 issues and with another number of them, in turns on one server.</summary>
internal static class Comparison
{
    /// <returns>The other rate as a share of the usual one, for each round.</returns>
    public static async Task<IReadOnlyList<double>> WithIssuesAsync(Bench bench, int issues)
    {
        using var database = bench.NewDatabase();
        await using var server = await ErrorHubServer.StartReadyAsync(database);
        // A project of its own, so that the two never meet in an issue.
        var target = await server.CreateProjectAsync("other");
        var usual = new EventLoad(server.Target, new EventMix(bench.Samples, server.Target, Bench.Issues));
        var other = new EventLoad(target, new EventMix(bench.Samples, target, issues));

        await server.VerifyAsync(await usual.FloodAsync(Bench.Connections, Bench.Warmup));
        // All of them exist before the clock runs: the first event of an issue costs more, and comes once.
        await server.VerifyAsync((await other.CreateIssuesAsync(Bench.Connections, issues)).AllAcknowledged());

        List<double> ratios = [];
        for (var round = 0; round < Bench.Rounds; round++)
        {
            var usualRate = (await server.VerifyAsync(await usual.FloodAsync(Bench.Connections, Bench.Round))).AllAcknowledged().PerSecond;
            var otherRate = (await server.VerifyAsync(await other.FloodAsync(Bench.Connections, Bench.Round))).AllAcknowledged().PerSecond;
            Bench.Note($"round {round + 1}: in {Bench.Issues} issues {usualRate:N0}/s, all in {issues:N0} {otherRate:N0}/s");
            ratios.Add(otherRate / usualRate);
        }

        return ratios;
    }
}

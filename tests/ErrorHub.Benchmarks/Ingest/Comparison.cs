using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>ErrorHub's rate with the usual load and with another one, in turns on one server.</summary>
internal static class Comparison
{
    /// <summary>Compares with another number of issues than the usual 200.</summary>
    /// <returns>The other rate as a share of the usual one, for each round.</returns>
    public static async Task<IReadOnlyList<double>> WithIssuesAsync(Bench bench, int issues)
    {
        var rates = await RatesAsync(bench, server => server.CreateProjectAsync("other"), issues, $"all in {issues:N0} issues");
        return [.. rates.Select(r => r.Other / r.Usual)];
    }

    /// <summary>Measures both in turns.</summary>
    /// <param name="bench">What is measured on.</param>
    /// <param name="createOther">Makes the project of the other load: one of its own, so that the two never meet in an issue.</param>
    /// <param name="issues">The number of issues of the other load.</param>
    /// <param name="name">What is different about it, for whoever watches.</param>
    /// <returns>Both rates of each round, in stored events a second.</returns>
    public static async Task<List<(double Usual, double Other)>> RatesAsync(
        Bench bench, Func<ErrorHubServer, Task<Target>> createOther, int issues, string name)
    {
        using var database = bench.NewDatabase();
        await using var server = await ErrorHubServer.StartReadyAsync(database);
        var target = await createOther(server);
        var usual = new EventLoad(server.Target, new EventMix(bench.Samples, server.Target, Bench.Issues));
        var other = new EventLoad(target, new EventMix(bench.Samples, target, issues));

        await server.VerifyAsync(await usual.FloodAsync(Bench.Connections, Bench.Warmup));
        // All of them exist before the clock runs: the first event of an issue costs more, and comes once.
        await server.VerifyAsync((await other.CreateIssuesAsync(Bench.Connections, issues)).AllAcknowledged());

        List<(double, double)> rates = [];
        for (var round = 0; round < Bench.Rounds; round++)
        {
            var usualRate = (await server.VerifyAsync(await usual.FloodAsync(Bench.Connections, Bench.Round))).AllAcknowledged().PerSecond;
            var otherRate = (await server.VerifyAsync(await other.FloodAsync(Bench.Connections, Bench.Round))).AllAcknowledged().PerSecond;
            Bench.Note($"round {round + 1}: usual {usualRate:N0}/s, {name} {otherRate:N0}/s");
            rates.Add((usualRate, otherRate));
        }

        return rates;
    }
}

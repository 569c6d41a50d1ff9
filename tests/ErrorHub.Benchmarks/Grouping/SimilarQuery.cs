using System.Diagnostics;
using System.Globalization;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Similarity;

namespace ErrorHub.Benchmarks.Grouping;

/// <summary>What it takes to find the issues like one among 100,000, on one core. It needs neither server nor database.</summary>
internal sealed class SimilarQuery : IScenario
{
    private const int Stacks = 100_000;
    private const int Queries = 400;

    public string Name => "grouping/similar";

    public bool UsesDatabase => false;

    public Task RunAsync(Bench bench, FigureTable table)
    {
        // The same on every machine.
#pragma warning disable CA5394
        var random = new Random(1);
        SimilarStacks stacks = new();
        for (var i = 0; i < Stacks; i++)
            stacks.Add(NextStack(random));

        Find(stacks, random);
        List<double> percentiles = [.. Enumerable.Range(0, Bench.Rounds).Select(_ => Find(stacks, random))];
        table.Add(new Figure(string.Create(CultureInfo.InvariantCulture, $"similar among {Stacks:N0} issues, p95"), "", "ms", percentiles, Goal.AtMost(5)));
        return Task.CompletedTask;
    }

    /// <summary>Milliseconds of the slowest twentieth.</summary>
    private static double Find(SimilarStacks stacks, Random random)
    {
        var times = new double[Queries];
        for (var i = 0; i < Queries; i++)
        {
            var stack = NextStack(random);
            var start = Stopwatch.GetTimestamp();
            if (stacks.Find(stack, 10).Count == 0)
                throw new BenchmarkException("a stack is like none, though all have frames in common");

            times[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[Queries * 95 / 100];
    }

    // As those of servers are: the app's own frames, few of them shared, on a deep floor of frameworks that thousands share.
    private static StackPath NextStack(Random random)
    {
        Span<int> frames = stackalloc int[random.Next(15, 80)];
        var own = Math.Min(frames.Length, random.Next(2, 12));
        for (var i = 0; i < frames.Length; i++)
        {
            // The commoner, the nearer to 0: the square of an even number is.
            var even = random.NextDouble();
            frames[i] = i < own ? random.Next(200_000) : 1_000_000 + (int)(even * even * even * 20_000);
        }
#pragma warning restore CA5394

        return new StackPath(frames);
    }
}

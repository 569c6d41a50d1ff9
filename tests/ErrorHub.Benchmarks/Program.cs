using ErrorHub.Benchmarks.Ingest;
using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Raw;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks;

/// <summary>
/// Runs the scenarios whose name contains the first argument, each on SQLite and on PostgreSQL, and prints a table.
/// With <c>raw</c> as the first argument it is the raw baseline that scenarios start beside ErrorHub.
/// </summary>
internal static class Program
{
    // In the order of issue 3's "Numbers". Each starts servers of its own on an empty database, so that none sees what another left.
    private static readonly IScenario[] Scenarios =
    [
        new Capacity(), new OneIssue(), new ManyIssues(), new HalfLoad(), new Rejection(), new QuietProjects(), new DiskSpace(), new Memory(),
        new FirstEvent(),
    ];

    private static async Task<int> Main(string[] args)
    {
        if (args is ["raw", .. var options])
            return await RawEndpoint.RunAsync(options);

        var chosen = Array.FindAll(Scenarios, s => s.Name.Contains(args.FirstOrDefault() ?? "", StringComparison.OrdinalIgnoreCase));
        if (chosen.Length == 0)
        {
            await Console.Error.WriteLineAsync($"There is no benchmark '{args[0]}'. There are: {string.Join(", ", Scenarios.Select(s => s.Name))}");
            return 2;
        }

        if (SampleEvents.Find() is not { } samples)
        {
            Console.WriteLine("Skipped: the sample events (shared/data/events/samples) are not beside this repository.");
            return 0;
        }

        var table = new FigureTable();
        var failures = 0;
        foreach (var scenario in chosen)
        {
            foreach (var kind in Enum.GetValues<DatabaseKind>())
            {
                Console.WriteLine($"== {scenario.Name} on {kind}");
                try
                {
                    await scenario.RunAsync(new Bench(kind, samples), table);
                }
                catch (BenchmarkException e)
                {
                    failures++;
                    Console.WriteLine($"FAILED: {e.Message}");
                }
            }
        }

        table.Print();
        return failures == 0 ? 0 : 1;
    }
}

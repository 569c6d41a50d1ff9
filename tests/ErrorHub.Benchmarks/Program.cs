using ErrorHub.Benchmarks.Compression;
using ErrorHub.Benchmarks.Grouping;
using ErrorHub.Benchmarks.Ingest;
using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Raw;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Benchmarks.Scrubbing;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks;

/// <summary>
/// Runs the scenarios whose name contains the first argument, on the database that the second names or on both, and prints a table.
/// With <c>raw</c> as the first argument it is the raw baseline that scenarios start beside ErrorHub; with <c>group</c> it tells how
/// ErrorHub groups the events it reads, with <c>rank</c> how well it finds similar ones (see tests/Grouping), and with <c>dictionary</c> and a path it trains the dictionary of
/// stored bodies.
/// </summary>
internal static class Program
{
    // In the order of issue 3's "Numbers". Each starts servers of its own on an empty database, so that none sees what another left.
    private static readonly IScenario[] Scenarios =
    [
        new Capacity(), new OneIssue(), new ManyIssues(), new Scrubbed(), new HalfLoad(), new Rejection(), new QuietProjects(), new DiskSpace(), new Memory(),
        new FirstEvent(), new GroupingCost(), new SimilarQuery(), new ScrubbingCost(),
    ];

    private static async Task<int> Main(string[] args)
    {
        if (args is ["raw", .. var options])
            return await RawEndpoint.RunAsync(options);

        if (args is ["group"])
            return GroupEvents.Run(Console.In, Console.Out);

        if (args is ["dictionary", var path])
            return TrainDictionary.Run(path, Console.Out);

        if (args is ["rank"])
            return RankEvents.Run(Console.In, Console.Out);

        var chosen = Array.FindAll(Scenarios, s => s.Name.Contains(args.FirstOrDefault() ?? "", StringComparison.OrdinalIgnoreCase));
        if (chosen.Length == 0)
        {
            await Console.Error.WriteLineAsync($"There is no benchmark '{args[0]}'. There are: {string.Join(", ", Scenarios.Select(s => s.Name))}");
            return 2;
        }

        DatabaseKind[] kinds = args.Length < 2 ? Enum.GetValues<DatabaseKind>() : Enum.TryParse<DatabaseKind>(args[1], ignoreCase: true, out var kind) ? [kind] : [];
        if (kinds.Length == 0)
        {
            await Console.Error.WriteLineAsync($"There is no database '{args[1]}'. There are: {string.Join(", ", Enum.GetNames<DatabaseKind>())}");
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
            foreach (var database in scenario.UsesDatabase ? kinds : kinds[..1])
            {
                Console.WriteLine(scenario.UsesDatabase ? $"== {scenario.Name} on {database}" : $"== {scenario.Name}");
                try
                {
                    await scenario.RunAsync(new Bench(database, samples), table);
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

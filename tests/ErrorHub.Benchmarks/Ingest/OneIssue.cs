using ErrorHub.Benchmarks.Report;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>One fault that happens all the time: its counters must not become the place where all writers wait.</summary>
internal sealed class OneIssue : IScenario
{
    public string Name => "ingest/one-issue";

    public async Task RunAsync(Bench bench, FigureTable table) => table.Add(new Figure(
        "all events in one issue / 200 issues", $"{bench.Kind}", "", await Comparison.WithIssuesAsync(bench, 1), Goal.AtLeast(0.9)));
}

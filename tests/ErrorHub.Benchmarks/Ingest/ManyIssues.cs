using ErrorHub.Benchmarks.Report;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>Events spread so widely that hardly two of a batch share a row.</summary>
internal sealed class ManyIssues : IScenario
{
    private const int Issues = 20_000;

    public string Name => "ingest/many-issues";

    public async Task RunAsync(Bench bench, FigureTable table) => table.Add(new Figure(
        "20,000 issues / 200 issues", $"{bench.Kind}", "", await Comparison.WithIssuesAsync(bench, Issues), Goal.AtLeast(0.8)));
}

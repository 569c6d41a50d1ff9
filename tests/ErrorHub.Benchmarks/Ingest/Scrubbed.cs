using ErrorHub.Benchmarks.Report;

namespace ErrorHub.Benchmarks.Ingest;

/// <summary>What scrubbing takes from ingest, with its receipts: beside a project that has it turned off.</summary>
internal sealed class Scrubbed : IScenario
{
    public string Name => "ingest/scrubbed";

    public async Task RunAsync(Bench bench, FigureTable table)
    {
        var rates = await Comparison.RatesAsync(bench, server => server.CreateUnscrubbedProjectAsync("unscrubbed"), Bench.Issues, "unscrubbed");
        table.Add(new Figure("scrubbed / not scrubbed", $"{bench.Kind}", "", [.. rates.Select(r => r.Usual / r.Other)], Goal.AtLeast(0.8)));
    }
}

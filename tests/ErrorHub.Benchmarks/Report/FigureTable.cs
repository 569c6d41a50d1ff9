namespace ErrorHub.Benchmarks.Report;

/// <summary>All figures of a run, each beside its goal.</summary>
internal sealed class FigureTable
{
    private static readonly string[] Header = ["figure", "database", "median", "spread", "goal", ""];

    private readonly List<Figure> _figures = [];

    public void Add(Figure figure)
    {
        _figures.Add(figure);
        Bench.Note($"{figure.Name}: {figure.Value} {figure.Bar} {figure.Verdict}".TrimEnd());
    }

    public void Print()
    {
        List<string[]> rows = [Header];
        foreach (var f in _figures)
            rows.Add([f.Name, f.Database, f.Value, f.Spread, f.Bar, f.Verdict]);

        Console.WriteLine();
        foreach (var row in rows)
            Console.WriteLine(string.Join("  ", row.Select((cell, column) => cell.PadRight(rows.Max(r => r[column].Length)))).TrimEnd());

        Console.WriteLine();
        Console.WriteLine($"{_figures.Count(f => f.Verdict == "met")} goals met, {_figures.Count(f => f.Verdict == "missed")} missed");
    }
}

using System.Globalization;

namespace ErrorHub.Benchmarks.Report;

/// <summary>What a figure should be.</summary>
/// <param name="Limit">The bar.</param>
/// <param name="More">True when more is better.</param>
internal sealed record Goal(double Limit, bool More)
{
    public static Goal AtLeast(double limit) => new(limit, true);

    public static Goal AtMost(double limit) => new(limit, false);

    public bool IsMet(double value) => More ? value >= Limit : value <= Limit;
}

/// <summary>One line of the table: the rounds' values, of which the median counts.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Database">On which database.</param>
/// <param name="Unit">Unit of the values; empty for a ratio.</param>
/// <param name="Values">One for each round.</param>
/// <param name="Goal">The bar; null for a figure that is only told.</param>
internal sealed record Figure(string Name, string Database, string Unit, IReadOnlyList<double> Values, Goal? Goal = null)
{
    public double Median { get; } = MedianOf(Values);

    public string Value => Format(Median);

    /// <summary>Least and greatest.</summary>
    public string Spread => Values.Count < 2 ? "" : $"{Number(Values.Min())} .. {Number(Values.Max())}";

    public string Bar => Goal is null ? "" : $"{(Goal.More ? ">=" : "<=")} {Format(Goal.Limit)}";

    public string Verdict => Goal is null ? "" : Goal.IsMet(Median) ? "met" : "missed";

    public static double MedianOf(IReadOnlyList<double> values)
    {
        double[] sorted = [.. values.Order()];
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private string Format(double value) => Unit.Length == 0 ? Number(value) : $"{Number(value)} {Unit}";

    private static string Number(double value) =>
        value.ToString(Math.Abs(value) switch { < 1 => "0.000", < 10 => "0.00", < 100 => "0.0", _ => "#,0" }, CultureInfo.InvariantCulture);
}

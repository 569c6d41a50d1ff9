using ErrorHub.Benchmarks.Load;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Benchmarks.Servers;

namespace ErrorHub.Benchmarks;

/// <summary>One question about speed, asked of one database at a time.</summary>
internal interface IScenario
{
    /// <summary>What <c>tests/run --bench</c> filters by.</summary>
    string Name { get; }

    /// <summary>False for what is measured once, without a server.</summary>
    bool UsesDatabase => true;

    /// <summary>Measures, and adds what it found.</summary>
    /// <exception cref="BenchmarkException">A server failed, or ErrorHub lost or doubled an event: its speed is then worth nothing.</exception>
    Task RunAsync(Bench bench, FigureTable table);
}

/// <summary>What every scenario starts from.</summary>
/// <param name="Kind">The database.</param>
/// <param name="Samples">The events to send.</param>
internal sealed record Bench(DatabaseKind Kind, SampleEvents Samples)
{
    /// <summary>As the issue asks: connections of the load.</summary>
    public const int Connections = 64;

    /// <summary>As the issue asks: issues the events spread over, where a scenario does not say otherwise.</summary>
    public const int Issues = 200;

    /// <summary>Of each kind, in turns: the machine's own changes then hit both sides of a ratio.</summary>
    public const int Rounds = 5;

    /// <summary>Until the runtime has compiled the whole path anew from what it saw of it: before, a server runs at half its speed.</summary>
    public static readonly TimeSpan Warmup = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    /// <summary>An empty database.</summary>
    public BenchDatabase NewDatabase() => BenchDatabase.Create(Kind);

    /// <summary>Tells how far it is: a run takes minutes.</summary>
    public static void Note(string line) => Console.WriteLine("   " + line);
}

/// <summary>A measurement that cannot be used, and why.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);

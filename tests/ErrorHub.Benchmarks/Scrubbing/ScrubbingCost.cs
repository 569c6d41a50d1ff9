using System.Diagnostics;
using System.Text.Json;
using ErrorHub.Benchmarks.Report;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;

namespace ErrorHub.Benchmarks.Scrubbing;

/// <summary>
/// What it costs one core to scrub real events, beside tokenising the same bytes in the same run, and texts made to be expensive, whose
/// cost must grow with their length and no faster. It needs neither server nor database.
/// </summary>
internal sealed class ScrubbingCost : IScenario
{
    private const int KiB = 1024;
    private const int Short = 16 * KiB;
    private const int Long = 1024 * KiB;
    private const int PassesPerRound = 10;
    private static readonly TimeSpan Enough = TimeSpan.FromMilliseconds(40);

    public string Name => "scrub/cost";

    public bool UsesDatabase => false;

    public Task RunAsync(Bench bench, FigureTable table)
    {
        byte[][] samples = [.. bench.Samples.Members.Select(m => (byte[])[(byte)'{', .. m])];
        var size = samples.Sum(s => s.Length) / (double)KiB;
        for (var i = 0; i < 4 * Bench.Rounds; i++)
            _ = (Events(samples, PassesPerRound), Tokens(samples, PassesPerRound));

        var (events, tokens) = (new double[Bench.Rounds], new double[Bench.Rounds]);
        for (var i = 0; i < Bench.Rounds; i++)
            (events[i], tokens[i]) = (Events(samples, PassesPerRound) / size, Tokens(samples, PassesPerRound) / size);

        table.Add(new Figure("scrub a KiB of event, samples", "", "µs", events, Goal.AtMost(8)));
        table.Add(new Figure("tokenise a KiB of event, samples", "", "µs", tokens));
        table.Add(new Figure("scrub / tokenise", "", "", [.. events.Zip(tokens, (e, t) => e / t)]));
        Texts(table);
        return Task.CompletedTask;
    }

    private static void Texts(FigureTable table)
    {
        var (worst, steepest) = (("", 0d), ("", 0d));
        foreach (var (name, head, piece) in HostileTexts.All)
        {
            string[] texts = [HostileTexts.Make(head, piece, Short), HostileTexts.Make(head, piece, Long)];
            Text(texts[0]);
            var (shortCost, longCost) = (Text(texts[0]), Text(texts[1]));
            table.Add(new Figure($"scrub a KiB of 1 MiB of {name}", "", "µs", [longCost], Goal.AtMost(50)));
            worst = longCost > worst.Item2 ? (name, longCost) : worst;
            steepest = longCost / shortCost > steepest.Item2 ? (name, longCost / shortCost) : steepest;
        }

        table.Add(new Figure($"the worst text ({worst.Item1})", "", "µs", [worst.Item2], Goal.AtMost(50)));
        table.Add(new Figure($"a KiB of 1 MiB / a KiB of 16 KiB, the steepest text ({steepest.Item1})", "", "", [steepest.Item2], Goal.AtMost(2)));
    }

    /// <summary>Microseconds to scrub all samples once, on this thread. Only what a server does not do otherwise counts.</summary>
    private static double Events(byte[][] samples, int passes)
    {
        var context = new NormalizationContext(DateTimeOffset.UnixEpoch, SentAt: null, ClientIp: null, EnvelopeSdk: null, Client: null);
        var spent = TimeSpan.Zero;
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var sample in samples)
            {
                if (!EventJson.TryParse(sample, out var e))
                    throw new BenchmarkException("a sample is no event");

                EventNormalizer.Apply(e, context);
                var start = Stopwatch.GetTimestamp();
                EventScrubber.Scrub(e);
                spent += Stopwatch.GetElapsedTime(start);
            }
        }

        return spent.TotalMicroseconds / passes;
    }

    private static double Tokens(byte[][] samples, int passes)
    {
        var (start, count) = (Stopwatch.GetTimestamp(), 0L);
        for (var pass = 0; pass < passes; pass++)
        {
            foreach (var sample in samples)
            {
                var reader = new Utf8JsonReader(sample);
                while (reader.Read())
                    count++;
            }
        }

        return count > 0 ? Stopwatch.GetElapsedTime(start).TotalMicroseconds / passes : throw new BenchmarkException("the samples are empty");
    }

    /// <summary>Microseconds a KiB of this text.</summary>
    private static double Text(string text)
    {
        var (start, count) = (Stopwatch.GetTimestamp(), 0);
        do
        {
            ValueScrubber.Scrub(text, TextPlace.Prose);
            count++;
        }
        while (Stopwatch.GetElapsedTime(start) < Enough);

        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / count / (text.Length / (double)KiB);
    }
}

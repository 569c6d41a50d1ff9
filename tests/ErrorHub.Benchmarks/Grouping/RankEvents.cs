using System.Text;
using System.Text.Json;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using ErrorHub.Similarity;

namespace ErrorHub.Benchmarks.Grouping;

/// <summary>
/// Looks for the bug of each event among those before it, as FaST's authors measure it: lines <c>{"bug":…,"event":{…}}</c> in order of
/// time become one of <c>QUERIES TAB RR@1 TAB RR@5 TAB MRR</c>. A bug ranks where its best event does.
/// </summary>
internal static class RankEvents
{
    internal static int Run(TextReader lines, TextWriter to)
    {
        var context = new NormalizationContext(DateTimeOffset.UnixEpoch, SentAt: null, ClientIp: null, EnvelopeSdk: null, Client: null);
        SimilarStacks stacks = new();
        List<string> bugs = [];
        HashSet<string> seen = [];
        var (queries, first, five, reciprocal) = (0, 0, 0, 0.0);
        while (lines.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            var bug = document.RootElement.GetProperty("bug").GetString()!;
            if (!EventJson.TryParse(Encoding.UTF8.GetBytes(document.RootElement.GetProperty("event").GetRawText()), out var e))
                throw new BenchmarkException($"No event: {line[..Math.Min(200, line.Length)]}");

            EventNormalizer.Apply(e, context);
            var path = StackPath.Of(e);
            if (!seen.Add(bug))
            {
                queries++;
                var ranked = path is null ? [] : stacks.Find(path, 100).Select(s => bugs[s.Stack]).Distinct().ToList();
                if (ranked.IndexOf(bug) is >= 0 and var place)
                {
                    first += place == 0 ? 1 : 0;
                    five += place < 5 ? 1 : 0;
                    reciprocal += 1.0 / (place + 1);
                }
            }

            if (path is not null)
            {
                stacks.Add(path);
                bugs.Add(bug);
            }
        }

        to.WriteLine($"{queries}\t{(double)first / queries:F4}\t{(double)five / queries:F4}\t{reciprocal / queries:F4}");
        return 0;
    }
}

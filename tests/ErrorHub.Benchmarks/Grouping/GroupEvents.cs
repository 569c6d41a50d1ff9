using System.Text;
using ErrorHub.Grouping;
using ErrorHub.Grouping.Rules;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Benchmarks.Grouping;

/// <summary>
/// Groups events, one a line, in process: <c>ID TAB IDENTITY TAB STRICT TAB FAMILY TAB WHY TAB FRAMES</c> for each, the frames being
/// those that may count, crash site first. The evaluation of grouping runs on it in seconds, without a server.
/// </summary>
internal static class GroupEvents
{
    internal static int Run(TextReader events, TextWriter to)
    {
        var context = new NormalizationContext(DateTimeOffset.UnixEpoch, SentAt: null, ClientIp: null, EnvelopeSdk: null, Client: null);
        while (events.ReadLine() is { } line)
        {
            if (!EventJson.TryParse(Encoding.UTF8.GetBytes(line), out var e))
                throw new BenchmarkException($"No event: {line[..Math.Min(200, line.Length)]}");

            EventNormalizer.Apply(e, context);
            var hashes = Grouper.HashesOf(e);
            var why = string.Join(" | ", Grouper.GroupingOf(e).Why).ReplaceLineEndings(" ").Replace('\t', ' ');
            to.WriteLine($"{e.EventId}\t{hashes.Identity}\t{hashes.Strict}\t{hashes.Family}\t{why}\t{string.Join(" <- ", FramesOf(e))}");
        }

        return 0;
    }

    private static IEnumerable<string> FramesOf(SentryEvent e)
    {
        if (e.Exceptions.Find(x => x.StackTrace is { Frames.Count: > 0 }) is not { } thrown)
            return [];

        return CallStack.Read(thrown.StackTrace!, e.Platform, thrown.Type, RuleMarks.None).Calls
            .Where(call => call.Standing is Standing.Counts or Standing.Guard)
            .Select(call => call.Name.ToString().ReplaceLineEndings(" ").Replace('\t', ' '));
    }
}

using System.Diagnostics;

namespace ErrorHub.Benchmarks.Load;

/// <summary>Sends events over several connections at once.</summary>
internal sealed class EventLoad(Target target, EventMix mix)
{
    /// <summary>Closed loop, as fast as the server answers: its capacity.</summary>
    public Task<LoadResult> FloodAsync(int connections, TimeSpan duration) => RunAsync(connections, async (_, connection, request, result) =>
    {
        var deadline = Stopwatch.GetTimestamp() + Ticks(duration);
        while (Stopwatch.GetTimestamp() is var start && start < deadline)
            result.Add(await connection.SendAsync(request.AsMemory(0, mix.Next(request))), Stopwatch.GetElapsedTime(start));
    });

    /// <summary>
    /// Open loop: so many a second whatever the server does. A request whose turn comes while its connection still waits counts
    /// from its turn on, so that a pause of the server is not left out.
    /// </summary>
    public Task<LoadResult> PaceAsync(int connections, double perSecond, TimeSpan duration)
    {
        var begin = Stopwatch.GetTimestamp();
        return RunAsync(connections, async (number, connection, request, result) =>
        {
            for (var turn = 0; ; turn++)
            {
                var due = begin + Ticks(TimeSpan.FromSeconds((number + (double)turn * connections) / perSecond));
                if (due > begin + Ticks(duration))
                    return;

                var early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due);
                // A timer that rings late is the load's fault, not the server's.
                if (early > TimeSpan.Zero)
                {
                    await Task.Delay(early);
                    due = Stopwatch.GetTimestamp();
                }

                result.Add(await connection.SendAsync(request.AsMemory(0, mix.Next(request))), Stopwatch.GetElapsedTime(due));
            }
        });
    }

    /// <summary>One event for each issue, so that all of them exist.</summary>
    public Task<LoadResult> CreateIssuesAsync(int connections, int issues) => RunAsync(connections, async (number, connection, request, result) =>
    {
        for (var issue = number; issue < issues; issue += connections)
            result.Add(await connection.SendAsync(request.AsMemory(0, mix.Of(request, issue))), TimeSpan.Zero);
    });

    private async Task<LoadResult> RunAsync(int connections, Func<int, Connection, byte[], LoadResult, Task> send)
    {
        var start = Stopwatch.GetTimestamp();
        var results = await Task.WhenAll(Enumerable.Range(0, connections).Select(async number =>
        {
            using var connection = await Connection.OpenAsync(target.Port);
            var result = new LoadResult();
            await send(number, connection, new byte[mix.MaxLength], result);
            return result;
        }));
        var all = new LoadResult { Elapsed = Stopwatch.GetElapsedTime(start) };
        foreach (var result in results)
            all.Add(result);

        return all;
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}

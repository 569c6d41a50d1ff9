using System.Threading.Channels;

namespace ErrorHub.Benchmarks.Raw;

/// <summary>What is stored of an event.</summary>
internal readonly record struct RawRow(Guid Id, DateTimeOffset At, byte[] Body);

/// <summary>Stores rows in one transaction.</summary>
internal interface IRawStore : IDisposable
{
    Task WriteAsync(IReadOnlyList<RawRow> rows);
}

/// <summary>One loop that commits whatever waits, as ErrorHub's does.</summary>
internal sealed class RawGroupCommit(IRawStore store)
{
    private const int MaxBatch = 500;

    private readonly Channel<(RawRow Row, TaskCompletionSource Done)> _queue =
        Channel.CreateBounded<(RawRow, TaskCompletionSource)>(new BoundedChannelOptions(10_000) { SingleReader = true });

    /// <summary>Queues a row and waits until it is committed.</summary>
    public async Task WriteAsync(RawRow row)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _queue.Writer.WriteAsync((row, done));
        await done.Task;
    }

    public async Task RunAsync()
    {
        List<RawRow> rows = [];
        List<TaskCompletionSource> waiting = [];
        while (await _queue.Reader.WaitToReadAsync())
        {
            while (rows.Count < MaxBatch && _queue.Reader.TryRead(out var next))
            {
                rows.Add(next.Row);
                waiting.Add(next.Done);
            }

            await store.WriteAsync(rows);
            foreach (var done in waiting)
                done.SetResult();

            rows.Clear();
            waiting.Clear();
        }
    }
}

using ErrorHub.Benchmarks.Load;

namespace ErrorHub.Benchmarks.Servers;

/// <summary>The raw baseline, this same program started as <c>raw</c>.</summary>
internal sealed class RawServer(ServerProcess process) : IAsyncDisposable
{
    // It reads neither, but is sent the same bytes.
    public Target Target => new(process.Port, 1, "0123456789abcdef0123456789abcdef");

    public static async Task<RawServer> StartReadyAsync(BenchDatabase database)
    {
        var process = ServerProcess.Start(
            Environment.ProcessPath!, ["raw", "--database", database.RawConnection], new Dictionary<string, string>(), database.DataDirectory);
        await process.WaitUntilReadyAsync();
        return new RawServer(process);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();
}

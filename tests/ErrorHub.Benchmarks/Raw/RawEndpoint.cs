using System.Buffers;
using System.Text.Json;
using ZstdSharp;

namespace ErrorHub.Benchmarks.Raw;

/// <summary>
/// The bound that ErrorHub is measured against: an HTTP endpoint that must do what any durable store of events must, and nothing
/// else. It reads the body, looks at every token of its JSON, compresses it, and answers when it is committed.
/// </summary>
internal static class RawEndpoint
{
    // As ErrorHub does; more would make smaller rows and fewer of them.
    private const int ZstdLevel = 1;

    // The lines of an envelope are JSON values one after the other.
    private static readonly JsonReaderOptions Envelope = new() { AllowMultipleValues = true };

    [ThreadStatic]
    private static Compressor? _compressor;

    public static async Task<int> RunAsync(string[] args)
    {
        var builder = WebApplication.CreateSlimBuilder(args);
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        var connection = app.Configuration["database"] ?? throw new BenchmarkException("--database is missing");
        using IRawStore store = connection.StartsWith("Data Source", StringComparison.Ordinal)
            ? new RawSqliteStore(connection)
            : new RawPostgreSqlStore(connection);
        var commits = new RawGroupCommit(store);
        app.Run(context => context.Request.Method == "POST" ? TakeAsync(context, commits) : Task.CompletedTask);
        _ = commits.RunAsync();
        await app.RunAsync();
        return 0;
    }

    private static async Task TakeAsync(HttpContext context, RawGroupCommit commits)
    {
        var length = (int)context.Request.ContentLength!.Value;
        var buffer = ArrayPool<byte>.Shared.Rent(length);
        await context.Request.Body.ReadExactlyAsync(buffer.AsMemory(0, length));
        var row = Read(buffer.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(buffer);
        await commits.WriteAsync(row);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = 2;
        await context.Response.Body.WriteAsync("{}"u8.ToArray());
    }

    private static RawRow Read(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, Envelope);
        while (reader.Read())
        {
            // Every token, as a store must that wants to know whether this is JSON.
        }

        var compressed = (_compressor ??= new Compressor(ZstdLevel)).Wrap(body).ToArray();
        var now = DateTimeOffset.UtcNow;
        return new RawRow(Guid.CreateVersion7(now), now, compressed);
    }
}

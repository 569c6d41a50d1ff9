using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using ErrorHub.EndToEnd.Tests.Hosting;

namespace ErrorHub.EndToEnd.Tests.Sdks;

/// <summary>Says 200 to every SDK and keeps what it sent, decompressed and otherwise byte by byte.</summary>
internal sealed class RecordingServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Recording> _recordings = new();

    public RecordingServer()
    {
        var authority = $"127.0.0.1:{Installation.FreePort()}";
        Dsn = $"http://{Installation.ProjectKey}@{authority}/1";
        _listener.Prefixes.Add($"http://{authority}/");
        _listener.Start();
        _ = ListenAsync();
    }

    public string Dsn { get; }

    /// <summary>What held an event; sessions and client reports are left out.</summary>
    public IReadOnlyList<Recording> Events => [.. _recordings.Where(r => r.HoldsEvent)];

    public void Dispose() => _listener.Close();

    private async Task ListenAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // Closed while it waited.
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        await using var body = context.Request.Headers["Content-Encoding"] == "gzip"
            ? new GZipStream(context.Request.InputStream, CompressionMode.Decompress)
            : context.Request.InputStream;
        using var bytes = new MemoryStream();
        await body.CopyToAsync(bytes);
        _recordings.Enqueue(new Recording(context.Request.Url!.AbsolutePath, bytes.ToArray()));
        context.Response.ContentType = "application/json";
        context.Response.Close("{}"u8.ToArray(), willBlock: false);
    }
}

/// <summary>One request of an SDK.</summary>
internal sealed record Recording(string Path, byte[] Body)
{
    /// <summary><c>envelope</c>, or <c>store</c> for the bare JSON of older SDKs: the fixture's file extension.</summary>
    public string Kind => Path.EndsWith("/store/", StringComparison.Ordinal) ? "store" : "envelope";

    public bool HoldsEvent => Kind == "store" || Lines is [_, var item, ..] && item.StartsWith("{\"type\":\"event\"", StringComparison.Ordinal);

    /// <summary>The event itself: an SDK writes it as one line.</summary>
    public JsonElement Event => JsonDocument.Parse(Kind == "store" ? Lines[0] : Lines[2]).RootElement;

    /// <summary>What the exception said, or the message of an event without one.</summary>
    public string Message => Event.TryGetProperty("exception", out var exception)
        ? exception.GetProperty("values").EnumerateArray().Last().GetProperty("value").GetString()!
        : Event.GetProperty("logentry").GetProperty("message").GetString()!;

    private string[] Lines => Encoding.UTF8.GetString(Body).Split('\n');
}

using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ErrorHub.Protocol.Envelopes;

namespace ErrorHub.Fuzz.Seeding;

/// <summary>Makes the inputs that a fuzzer starts from.</summary>
internal static class Seeds
{
    // A fuzzer changes small inputs more often in the place that matters, and runs them faster. Of real events these are the half.
    private const int MaxBytes = 8 * 1024;

    // Of one kind. Each is run some ten times before the search begins.
    private const int MaxPerKind = 150;

    /// <summary>Writes a folder of seeds for every target.</summary>
    /// <param name="data">The data folder, <c>shared/data</c>.</param>
    /// <param name="fixtures">What SDKs sent, <c>tests/Fixtures</c>.</param>
    /// <param name="into">Where the folders go.</param>
    internal static void Write(string data, string fixtures, string into)
    {
        var json = Corpus("json").ToList();
        var suite = FilesBelow(Path.Combine(data, "badinput/json-nst"), "*.json");
        var authored = CorpusFiles.Lines(Path.Combine(data, "badinput/authored/envelopes.jsonl")).ToList();
        var envelopes = FilesBelow(fixtures, "*.envelope");
        byte[][] events = [.. FilesBelow(Path.Combine(data, "events/samples"), "*.json"), .. FilesBelow(fixtures, "*.store"), .. EventsIn([.. envelopes, .. authored])];

        Write(into, "envelope", authored, envelopes, events.Select(e => Enveloped("event", e)), json.Select(j => Enveloped("event", j)),
            OtherItems.Select(i => Enveloped(i.Type, Encoding.UTF8.GetBytes(i.Payload))));
        Write(into, "event", events, json, suite.Select(j => Inside("extra", j)), suite.Select(j => Inside("exception", j)));
        Write(into, "store", events, events.Select(Base64OfZlib),
            Corpus("zlib").Select(b => Encoding.ASCII.GetBytes(Convert.ToBase64String(b))),
            events.Select(e => Encoding.UTF8.GetBytes("sentry_data=" + Uri.EscapeDataString(Encoding.UTF8.GetString(e)))));
        Write(into, "body", Requests(Path.Combine(data, "badinput/authored/bodies.jsonl")),
            Corpus("gzip").Select(b => Request("gzip", b)), Corpus("zlib").Select(b => Request("deflate", b)),
            Corpus("flate").Select(b => Request("deflate", b)), events.Select(e => Request("zstd", Zstd(e))), events.Select(e => Request("br", Brotli(e))));
        Write(into, "auth", Senders.Select(Encoding.UTF8.GetBytes), Corpus("url"));

        IEnumerable<byte[]> Corpus(string name) => CorpusFiles.Lines(Path.Combine(data, $"badinput/gofuzz/{name}.jsonl"));
    }

    /// <summary>One small payload of each item that is no event.</summary>
    internal static IReadOnlyList<(string Type, string Payload)> OtherItems { get; } =
    [
        ("session", """{"sid":"7c7b6585-f901-4351-bf8d-02711b721929","init":true,"started":"2026-07-01T10:00:00Z","status":"ok","errors":1,"attrs":{"release":"shop@1.0","environment":"production"}}"""),
        ("sessions", """{"aggregates":[{"started":"2026-07-01T10:00:00Z","exited":20,"errored":2,"crashed":1}],"attrs":{"release":"shop@1.0"}}"""),
        ("client_report", """{"timestamp":1782900000.5,"discarded_events":[{"reason":"queue_overflow","category":"error","quantity":23}]}"""),
        ("user_report", """{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","name":"Ann","email":"ann@example.com","comments":"It broke"}"""),
        ("feedback", """{"contexts":{"feedback":{"message":"It broke","contact_email":"ann@example.com","name":"Ann","url":"/pay","associated_event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}}}"""),
        ("security", """{"csp-report":{"document-uri":"https://shop.example/pay","violated-directive":"script-src 'self'","blocked-uri":"https://evil.example/x.js","referrer":""}}"""),
        ("attachment", "0123456789"),
    ];

    private static IReadOnlyList<string> Senders { get; } =
    [
        "https://0123456789abcdef0123456789abcdef@errorhub.example:8000/a/7",
        "Sentry sentry_version=7, sentry_client=sentry.dotnet/6.12.1,sentry_key=0123456789abcdef0123456789ABCDEF, sentry_secret=x\nBearer x",
        "\nBasic MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY6\n0123456789abcdef0123456789abcdef.no-cache\n2.0\nraven/3",
        "sentry_key=0123456789abcdef0123456789abcdef\n\n0123456789abcdef0123456789abcdef\n7\n",
        "9ec79c33-ec99-42ab-8353-589fcb2e04dc",
    ];

    private static void Write(string into, string target, params IEnumerable<byte[]>[] kinds)
    {
        var folder = Directory.CreateDirectory(Path.Combine(into, target)).FullName;
        foreach (var input in kinds.SelectMany(kind => Spread([.. kind.Where(i => i.Length is > 0 and <= MaxBytes)])))
            File.WriteAllBytes(Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(input))[..16]), input);
    }

    /// <summary>Some of all, evenly spread: what is alike lies side by side.</summary>
    private static IEnumerable<byte[]> Spread(List<byte[]> inputs) =>
        inputs.Count <= MaxPerKind ? inputs : Enumerable.Range(0, MaxPerKind).Select(i => inputs[(int)((long)i * inputs.Count / MaxPerKind)]);

    private static List<byte[]> FilesBelow(string folder, string pattern) =>
        [.. Directory.GetFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)];

    private static IEnumerable<byte[]> EventsIn(IEnumerable<byte[]> envelopes)
    {
        foreach (var body in envelopes)
            if (EnvelopeReader.TryRead(body, EnvelopeLimits.Default, out var envelope, out _))
                foreach (var item in envelope.Items.Where(i => i.Header.Type == "event"))
                    yield return item.Payload.ToArray();
    }

    private static byte[] Enveloped(string type, byte[] payload) =>
        [.. Encoding.UTF8.GetBytes($$"""{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","sent_at":"2026-07-01T09:00:00Z"}{{'\n'}}{"type":"{{type}}","length":{{payload.Length}}}{{'\n'}}"""), .. payload];

    private static byte[] Inside(string attribute, byte[] json) => [.. Encoding.UTF8.GetBytes($$"""{"{{attribute}}":{"a":"""), .. json, .. "}}"u8];

    /// <summary>A request as the body target reads it: its Content-Encoding, a line feed, and its body.</summary>
    private static byte[] Request(string coding, byte[] body) => [.. Encoding.UTF8.GetBytes(coding), (byte)'\n', .. body];

    private static IEnumerable<byte[]> Requests(string file)
    {
        foreach (var line in File.ReadLines(file))
        {
            using var document = JsonDocument.Parse(line);
            if (CorpusFiles.BytesOf(line) is { } body)
                yield return Request(document.RootElement.GetProperty("content_encoding").GetString()!, body);
        }
    }

    private static byte[] Base64OfZlib(byte[] json) =>
        Encoding.ASCII.GetBytes(Convert.ToBase64String(Compressed(json, to => new ZLibStream(to, CompressionLevel.Fastest, leaveOpen: true))));

    private static byte[] Brotli(byte[] json) => Compressed(json, to => new BrotliStream(to, CompressionLevel.Fastest, leaveOpen: true));

    private static byte[] Zstd(byte[] json)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(json).ToArray();
    }

    private static byte[] Compressed(byte[] json, Func<Stream, Stream> into)
    {
        using var output = new MemoryStream();
        using (var stream = into(output))
            stream.Write(json);

        return output.ToArray();
    }
}

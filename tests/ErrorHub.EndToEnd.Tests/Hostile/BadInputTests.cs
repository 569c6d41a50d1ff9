using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ErrorHub.EndToEnd.Tests.Hosting;
using ErrorHub.Fuzz.Seeding;
using ErrorHub.Tests;

namespace ErrorHub.EndToEnd.Tests.Hostile;

/// <summary>
/// Everything of the corpus of bad input, over HTTP: each gets a defined status, none a 5xx, the server lives, and its memory stays.
/// </summary>
public sealed class BadInputTests
{
    private const long MaxGrowth = 64 * 1024 * 1024;

    // Requests that the corpus expects to be cut off, or that are no HTTP at all: HTTP itself demands that the line is dropped.
    private static readonly string[] Dropped = ["tls-hello-on-plain", "short-body", "http2-preface-on-h1"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EveryBadInput_OverHttp_HasADefinedStatusAndCostsNoMemory()
    {
        var inputs = SharedData.Inputs("badinput").ToList();
        await using var installation = new SqliteInstallation().WithOwner();
        await using var process = await ErrorHubProcess.StartAsync(installation, Cancelled);
        using var http = new HttpClient { BaseAddress = process.Address };
        // What ordinary work needs is no growth: large bodies, all endpoints, many connections.
        await SendAllAsync(http, Enumerable.Repeat(("ordinary", OrdinaryBody()), 3_000));
        var before = process.PeakMemory;

        var statuses = await SendAllAsync(http, inputs.Select(i => (i.Name, i.Bytes)));
        await SendEncodedAsync(http, statuses);
        await SendRawAsync(process.Address, statuses);

        var grown = process.PeakMemory - before;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{statuses.Values.Sum()} requests, peak memory {before >> 20} MiB and {grown >> 20} MiB more; "
            + string.Join(", ", statuses.OrderBy(s => s.Key).Select(s => $"{s.Key}: {s.Value}")));
        Assert.DoesNotContain(statuses.Keys, status => status >= 500);
        Assert.True(statuses.Values.Sum() > 10_000);
        Assert.InRange(grown, 0, MaxGrowth);
        using var alive = await http.PostAsync(Path, new ByteArrayContent(Envelope("{\"message\":\"still here\"}"u8.ToArray())), Cancelled);
        Assert.Equal(HttpStatusCode.OK, alive.StatusCode);
    }

    private static string Path => $"/api/1/envelope/?sentry_key={Installation.ProjectKey}&sentry_version=7";

    private static byte[] Envelope(byte[] payload) => [.. "{}\n{\"type\":\"event\"}\n"u8, .. payload];

    private static byte[] OrdinaryBody() => Encoding.UTF8.GetBytes(
        $$$"""{"platform":"node","exception":{"values":[{"type":"Error","value":"{{{new string('x', 60_000)}}}"}]},"extra":{"log":"{{{new string('y', 700_000)}}}"}}""");

    // Each as an envelope, and as the event of one.
    private static async Task<SortedDictionary<int, int>> SendAllAsync(HttpClient http, IEnumerable<(string Name, byte[] Bytes)> inputs)
    {
        var statuses = new SortedDictionary<int, int>();
        await Parallel.ForEachAsync(inputs, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancelled }, async (input, token) =>
        {
            foreach (var body in (byte[][])[input.Bytes, Envelope(input.Bytes)])
            {
                using var response = await http.PostAsync(Path, new ByteArrayContent(body), token);
                Count(statuses, response.StatusCode, input.Name);
            }
        });
        return statuses;
    }

    // Compressed in every way there is, bombs and cut-off streams among them.
    private static async Task SendEncodedAsync(HttpClient http, SortedDictionary<int, int> statuses)
    {
        foreach (var line in File.ReadLines(SharedData.PathOf("badinput/authored/bodies.jsonl")))
        {
            using var document = JsonDocument.Parse(line);
            using var content = new ByteArrayContent(CorpusFiles.BytesOf(line)!);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-sentry-envelope");
            content.Headers.TryAddWithoutValidation("Content-Encoding", document.RootElement.GetProperty("content_encoding").GetString());
            using var response = await http.PostAsync(Path, content, Cancelled);
            Count(statuses, response.StatusCode, document.RootElement.GetProperty("name").GetString()!);
        }
    }

    private static async Task SendRawAsync(Uri address, SortedDictionary<int, int> statuses)
    {
        using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(SharedData.PathOf("badinput/authored/http-raw.json"), Cancelled));
        foreach (var request in document.RootElement.EnumerateArray())
        {
            var name = request.GetProperty("name").GetString()!;
            var bytes = Encoding.Latin1.GetString(request.GetProperty("b64").GetBytesFromBase64()).Replace("KEY", Installation.ProjectKey, StringComparison.Ordinal);
            var answer = await AnswerAsync(address, Encoding.Latin1.GetBytes(bytes));
            if (!answer.StartsWith("HTTP/1.1 ", StringComparison.Ordinal))
                Assert.Contains(name, Dropped);
            else
                Count(statuses, (HttpStatusCode)int.Parse(answer.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), name);
        }
    }

    /// <summary>The first bytes of the answer; empty when the line is dropped without one.</summary>
    private static async Task<string> AnswerAsync(Uri address, byte[] request)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address.Host, address.Port, Cancelled);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(8));
        var buffer = new byte[1024];
        try
        {
            await socket.SendAsync(request, limit.Token);
            return Encoding.Latin1.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return "";
        }
    }

    private static void Count(SortedDictionary<int, int> statuses, HttpStatusCode status, string name)
    {
        Assert.True((int)status < 500, $"{name} was answered {(int)status}");
        lock (statuses)
            statuses[(int)status] = statuses.GetValueOrDefault((int)status) + 1;
    }
}

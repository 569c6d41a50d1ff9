using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ErrorHub.EndToEnd.Tests.Hosting;
using Npgsql;

namespace ErrorHub.EndToEnd.Tests.Privacy;

/// <summary>
/// Forty secrets in every place of an event, through every encoding, to a running program. Afterwards they are nowhere: not in the database
/// and its log, the spool, attachments, what the program wrote, what its API says, nor a dump.
/// </summary>
public abstract class CanaryTests
{
    private static readonly string[] Encodings = ["identity", "gzip", "deflate", "br", "zstd"];

    private readonly Dictionary<string, int> _answers = [];

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Secrets_InEveryPlaceAndEncoding_AreNowhereAfterwards()
    {
        await using var installation = NewInstallation().WithOwner();
        await using var process = await ErrorHubProcess.StartAsync(installation, Cancelled);
        using var http = new HttpClient { BaseAddress = installation.BaseUrl };
        var search = new ByteSearch();

        foreach (var canary in Canary.All)
            for (var i = 0; i < Encodings.Length; i++)
            {
                // Each body goes by two encodings, so that one which the program refuses hides none.
                await SendAsync(http, canary, Encodings[i], isStore: false, i);
                await SendAsync(http, canary, Encodings[i], isStore: true, (i + 1) % CanaryEvent.Bodies);
            }

        await LookWhileItWaitsAsync(installation, http, search);
        await DrainedAsync(http);
        search.LookInFiles("data directory", installation.DataDirectory);
        await using (var db = await installation.OpenDatabaseAsync(Cancelled))
            await LookInDatabaseAsync(db, search);

        await LookInApiAsync(http, search);
        await LookInDumpAsync(installation, search);
        // It writes no text of events: that it writes at all is its control.
        search.Look("log", process.Log);

        Assert.Contains("Listening on", process.Log, StringComparison.Ordinal);
        foreach (var place in Places)
            Assert.True(search.MarkersIn(place) > 0, $"The marker was not seen in {place}, so a secret would not have been.");

        Assert.True(search.Leaks.Count == 0, string.Join('\n', search.Leaks.Prepend("Secrets were found:")));
        // .NET 10.0.13 and older may not inflate Brotli (README), and the program says so.
        Assert.All(_answers.Keys, answer => Assert.True(answer is "200" || answer.EndsWith("br 415", StringComparison.Ordinal), answer));
        Assert.True(_answers["200"] >= Canary.All.Count * 8, "Too few events were taken.");
    }

    /// <summary>Where the marker must be seen.</summary>
    protected abstract IEnumerable<string> Places { get; }

    protected abstract Installation NewInstallation();

    /// <summary>Keeps the program from storing; sends, and looks at what waits.</summary>
    protected abstract Task LookWhileItWaitsAsync(Installation installation, HttpClient http, ByteSearch search);

    protected virtual Task LookInDumpAsync(Installation installation, ByteSearch search) => Task.CompletedTask;

    /// <summary>The tables of the program.</summary>
    protected abstract string FindTables { get; }

    /// <summary>All secrets at once, as under load.</summary>
    protected Task SendAllAsync(HttpClient http) => Task.WhenAll(Canary.All.Select(canary => SendAsync(http, canary, "identity", isStore: false, 1)));

    private async Task LookInDatabaseAsync(DbConnection db, ByteSearch search)
    {
        foreach (var table in await db.ReadAsync(FindTables, r => r.GetString(0), Cancelled))
        {
            await db.ReadAsync(
                $"SELECT * FROM \"{table}\"",
                row =>
                {
                    for (var i = 0; i < row.FieldCount; i++)
                        if (row.GetValue(i) is byte[] bytes)
                            search.Look("database", bytes);
                        else
                            search.Look("database", Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture) ?? "");

                    return 0;
                },
                Cancelled);
        }
    }

    private static async Task LookInApiAsync(HttpClient http, ByteSearch search)
    {
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Installation.ApiToken);
        foreach (var path in (string[])["issues/?limit=100&query=", "events/?limit=100", "user-feedback/"])
        {
            using var answer = await http.GetAsync($"/api/0/projects/errorhub/default/{path}", Cancelled);
            search.Look("API", await answer.Content.ReadAsStringAsync(Cancelled));
        }

        using var issues = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync("/api/0/projects/errorhub/default/issues/?limit=100&query=", Cancelled));
        foreach (var issue in issues.RootElement.EnumerateArray())
            search.Look("API", await http.GetStringAsync($"/api/0/issues/{issue.GetProperty("id").GetString()}/events/latest/", Cancelled));
    }

    private static async Task DrainedAsync(HttpClient http)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var beat = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        string waiting;
        do
        {
            await beat.WaitForNextTickAsync(limit.Token);
            waiting = (await http.GetStringAsync("/metrics", Cancelled)).Split('\n').Single(l => l.StartsWith("errorhub_spool_events", StringComparison.Ordinal));
        }
        while (!waiting.EndsWith(" 0", StringComparison.Ordinal));
    }

    private async Task SendAsync(HttpClient http, Canary canary, string encoding, bool isStore, int body)
    {
        var id = Guid.CreateVersion7();
        var e = CanaryEvent.Write(canary, id, body);
        using var content = new ByteArrayContent(Encode(isStore ? e : Envelope(id, e, canary), encoding));
        if (encoding != "identity")
            content.Headers.ContentEncoding.Add(encoding);

        using var answer = await http.PostAsync($"/api/1/{(isStore ? "store" : "envelope")}/?sentry_key={Installation.ProjectKey}", content, Cancelled);
        var key = answer.StatusCode == HttpStatusCode.OK ? "200" : $"{(isStore ? "store" : "envelope")} {encoding} {(int)answer.StatusCode}";
        lock (_answers)
            _answers[key] = _answers.GetValueOrDefault(key) + 1;
    }

    private static byte[] Envelope(Guid id, byte[] e, Canary canary)
    {
        var attachment = CanaryEvent.Attachment(canary);
        var report = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new { event_id = id.ToString("n"), name = "", email = "", comments = $"{CanaryEvent.Marker} {canary.Text}" });
        using var bytes = new MemoryStream();
        Line($$"""{"event_id":"{{id:n}}"}""");
        Line($$"""{"type":"event","length":{{e.Length}}}""");
        bytes.Write(e);
        Line("");
        Line($$"""{"type":"attachment","length":{{attachment.Length}},"filename":"app.log","content_type":"text/plain"}""");
        bytes.Write(attachment);
        Line("");
        Line($$"""{"type":"user_report","length":{{report.Length}}}""");
        bytes.Write(report);
        Line("");
        return bytes.ToArray();

        void Line(string text) => bytes.Write(Encoding.UTF8.GetBytes(text + "\n"));
    }

    private static byte[] Encode(byte[] bytes, string encoding)
    {
        if (encoding == "identity")
            return bytes;

        using var to = new MemoryStream();
        using (Stream deflating = encoding switch
        {
            "gzip" => new GZipStream(to, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(to, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(to, CompressionLevel.Fastest, leaveOpen: true),
            _ => new ZstdSharp.CompressionStream(to, leaveOpen: true),
        })
            deflating.Write(bytes);

        return to.ToArray();
    }
}

public sealed class SqliteCanaryTests : CanaryTests
{
    protected override IEnumerable<string> Places => ["data directory", "spool", "spool, inflated", "database", "database, inflated", "API"];

    protected override string FindTables => "SELECT name FROM sqlite_master WHERE type = 'table'";

    protected override Installation NewInstallation() => new SqliteInstallation();

    protected override async Task LookWhileItWaitsAsync(Installation installation, HttpClient http, ByteSearch search)
    {
        // Another program that holds the file.
        await using var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(installation.DataDirectory, "errorhub.db")};Pooling=False");
        await other.OpenAsync(Cancelled);
        await using var held = other.BeginTransaction(deferred: false);
        await SendAllAsync(http);
        search.LookInFiles("spool", Path.Combine(installation.DataDirectory, "spool"));
    }
}

public sealed class PostgreSqlCanaryTests : CanaryTests
{
    protected override IEnumerable<string> Places => ["data directory", "spool", "spool, inflated", "database", "database, inflated", "API", "dump", "dump, inflated"];

    protected override string FindTables => "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'";

    protected override Installation NewInstallation() => new PostgreSqlInstallation();

    protected override async Task LookWhileItWaitsAsync(Installation installation, HttpClient http, ByteSearch search)
    {
        await using var db = (NpgsqlConnection)await installation.OpenDatabaseAsync(Cancelled);
        await using var held = await db.BeginTransactionAsync(Cancelled);
        await ExecuteAsync(db, "LOCK TABLE event_keys IN ACCESS EXCLUSIVE MODE");
        await SendAllAsync(http);
        search.LookInFiles("spool", Path.Combine(installation.DataDirectory, "spool"));
    }

    protected override async Task LookInDumpAsync(Installation installation, ByteSearch search)
    {
        var address = new NpgsqlConnectionStringBuilder(installation.Settings["ConnectionStrings__ErrorHub"]);
        var start = new ProcessStartInfo(Directory.GetFiles("/usr/lib/postgresql", "pg_dump", SearchOption.AllDirectories)[0])
        {
            RedirectStandardOutput = true,
            ArgumentList = { "--host", address.Host!, "--port", $"{address.Port}", "--username", address.Username!, address.Database! },
        };
        if (address.Password is { } password)
            start.Environment["PGPASSWORD"] = password;

        using var dumping = Process.Start(start)!;
        search.LookInDump("dump", await dumping.StandardOutput.ReadToEndAsync(Cancelled));
        await dumping.WaitForExitAsync(Cancelled);
        Assert.Equal(0, dumping.ExitCode);
    }

    private static async Task ExecuteAsync(NpgsqlConnection db, string sql)
    {
        await using var command = db.CreateCommand();
#pragma warning disable CA2100 // The tests' own constants.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(Cancelled);
    }
}

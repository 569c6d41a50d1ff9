using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ErrorHub.Ingest;
using ErrorHub.Protocol.Events;
using ErrorHub.Web.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Files with, before, after and without an event: rows 37, 38, 100 and 101 of protocol.md section 12.</summary>
public sealed class AttachmentTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private static readonly byte[] Binary = [.. "line one\r\nline two\n\0"u8, 0xff, 0x00];

    private readonly Sdk _sdk = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    public async Task Row37_BinaryAttachmentOfAnEvent_ComesBackByteByByte(string end)
    {
        var id = Sdk.NewId();
        var before = await _sdk.CountedAsync(Outcome.Accepted, "", "attachment");

        (await SendAsync(id, [Item("{\"type\":\"event\"}", Sdk.Event(id)), Item(Header(Binary.Length, "a.bin"), Binary)], end)).IsTaken(id);

        await _sdk.StoredAsync(id);
        var (name, bytes) = Assert.Single(await DownloadAllAsync(id));
        Assert.Equal("a.bin", name);
        Assert.Equal(Binary, bytes);
        Assert.Equal(before + Binary.Length, await _sdk.CountedAsync(Outcome.Accepted, "", "attachment"));
    }

    [Fact]
    public async Task Attachment_TextWithACard_IsStoredWithoutIt()
    {
        var id = Sdk.NewId();
        var log = "paid with 4111 1111 1111 1111\n"u8.ToArray();

        (await SendAsync(id, [Item("{\"type\":\"event\"}", Sdk.Event(id)), Item(Header(log.Length, "pay 4111111111111111.log"), log)], "")).IsTaken(id);

        await _sdk.StoredAsync(id);
        var (name, bytes) = Assert.Single(await DownloadAllAsync(id));
        Assert.Equal(("pay [creditcard].log", "paid with [creditcard]\n"), (name, Encoding.UTF8.GetString(bytes)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Row38_AttachmentsBeforeTheEventOrEmptyAtTheEnd_AreLinked(bool first)
    {
        var id = Sdk.NewId();
        byte[][] items = first
            ? [Item(Header(3, "full"), "abc"u8.ToArray()), Item(Header(0, "empty"), []), Item("{\"type\":\"event\"}", Sdk.Event(id))]
            : [Item("{\"type\":\"event\"}", Sdk.Event(id)), Item(Header(3, "full"), "abc"u8.ToArray()), Encoding.UTF8.GetBytes(Header(0, "empty"))];

        (await SendAsync(id, items, "")).IsTaken(id);

        await _sdk.StoredAsync(id);
        Assert.Equal([("empty", 0), ("full", 3)], (await DownloadAllAsync(id)).Select(f => (f.Name, f.Bytes.Length)).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Row100_AttachmentAloneForAKnownOrAFutureEvent_IsLinked(bool eventFirst)
    {
        var id = Sdk.NewId();
        if (eventFirst)
            await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(id), Sdk.Auth);

        (await SendAsync(id, [Item(Header(Binary.Length, "late.bin"), Binary)], "")).IsTaken(id);
        if (!eventFirst)
            await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(id), Sdk.Auth);

        await _sdk.StoredAsync(id);
        Assert.Equal(Binary, Assert.Single(await DownloadAllAsync(id)).Bytes);
    }

    [Fact]
    public async Task Row100_SentTwice_IsKeptOnce()
    {
        var id = Sdk.NewId();
        byte[][] items = [Item("{\"type\":\"event\"}", Sdk.Event(id)), Item(Header(3, "a"), "abc"u8.ToArray())];

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => SendAsync(id, items, "")));

        Assert.All(answers, answer => answer.IsTaken(id));
        Assert.Single(await DownloadAllAsync(id));
    }

    [Fact]
    public async Task Row101_MinidumpWithoutEvent_MakesANativeEventWithTheFile()
    {
        var id = Sdk.NewId();
        var dump = "MDMP\0\0native"u8.ToArray();

        (await SendAsync(id, [Item(
            $$"""{"type":"attachment","length":{{dump.Length}},"filename":"crash.dmp","attachment_type":"event.minidump"}""", dump)], "")).IsTaken(id);

        await IsNativeCrashAsync(id, dump);
    }

    [Fact]
    public async Task Row101_MinidumpEndpoint_AnswersTheIdAndTakesWhatTheFormSays()
    {
        var dump = "MDMP\0\0native"u8.ToArray();
        using var form = new MultipartFormDataContent("boundary")
        {
            { new StringContent("""{"release":"game@1.0","tags":{"level":"7"}}"""), "sentry" },
            { new ByteArrayContent(dump), "upload_file_minidump", "crash.dmp" },
        };

        var answer = await _sdk.SendAsync(HttpMethod.Post, $"/api/1/minidump/?sentry_key={Sdk.Key}", form);

        Assert.Equal((HttpStatusCode.OK, "text/plain"), (answer.Status, answer.MediaType));
        var id = Guid.ParseExact(answer.Body, "D").ToString("N");
        await IsNativeCrashAsync(id, dump);
        var stored = await _sdk.StoredAsync(id);
        Assert.Equal(("game@1.0", "7"), (stored.Row.Release, stored.Body.Tags.Single(t => t.Key == "level").Value));
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "--x\r\ncontent-disposition: form-data; name=\"upload_file_minidump\"; filename=\"a\"\r\n\r\nELF\r\n--x--\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\ncontent-disposition: form-data; name=\"upload_file_minidump\"; filename=\"a\"\r\n\r\nMDMP")]
    [InlineData("multipart/form-data", "--x\r\n")]
    [InlineData("application/octet-stream", "ELF")]
    public async Task Row101_FormWithoutAMinidump_400(string contentType, string body) =>
        (await _sdk.PostAsync($"/api/1/minidump?sentry_key={Sdk.Key}", body, ("Content-Type", contentType))).IsRefused(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Attachment_HostileNameAndType_IsDownloadedAsBytesUnderAHarmlessName()
    {
        var id = Sdk.NewId();
        var html = "<script>alert(1)</script>"u8.ToArray();
        var header = $$"""{"type":"attachment","length":{{html.Length}},"filename":"../../etc/\u202e<img src=x>\r\nX: y.html","content_type":"text/html"}""";
        (await SendAsync(id, [Item("{\"type\":\"event\"}", Sdk.Event(id)), Item(header, html)], "")).IsTaken(id);

        var row = Assert.Single((await ListAsync(id)).EnumerateArray().ToList());
        using var answer = await server.Api.GetAsync(new Uri(AddressOf(id) + row.GetProperty("id").GetString() + "/?download", UriKind.Relative), Cancelled);

        Assert.Equal("<img src=x>X: y.html", row.GetProperty("name").GetString());
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Contains("sandbox", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(html, await answer.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task Attachment_OverTheLimitOrOfATrace_IsCountedAndTheEventStored()
    {
        var id = Sdk.NewId();
        var large = new byte[20 * 1024 * 1024 + 1];
        var (tooLarge, unsupported) = (await _sdk.CountedAsync(Outcome.Invalid, "too_large", "attachment"), await _sdk.CountedAsync(Outcome.Filtered, "unsupported", "attachment"));

        (await SendAsync(
            id,
            [
                Item(Header(large.Length, "large"), large),
                Item("""{"type":"attachment","length":5,"content_type":"application/vnd.sentry.trace-attachment"}""", "trace"u8.ToArray()),
                Item("{\"type\":\"event\"}", Sdk.Event(id)),
            ],
            "")).IsTaken(id);

        await _sdk.StoredAsync(id);
        Assert.Empty(await DownloadAllAsync(id));
        Assert.Equal(tooLarge + large.Length, await _sdk.CountedAsync(Outcome.Invalid, "too_large", "attachment"));
        Assert.Equal(unsupported + 5, await _sdk.CountedAsync(Outcome.Filtered, "unsupported", "attachment"));
    }

    [Fact]
    public async Task Attachment_WithoutAnyEventId_IsCountedInvalid()
    {
        var before = await _sdk.CountedAsync(Outcome.Invalid, "invalid_envelope", "attachment");

        var answer = await _sdk.PostAsync(Sdk.Envelope, "{}\n" + Header(3, "a") + "\nabc", Sdk.Auth);

        Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Body));
        Assert.Equal(before + 3, await _sdk.CountedAsync(Outcome.Invalid, "invalid_envelope", "attachment"));
    }

    private async Task IsNativeCrashAsync(string id, byte[] dump)
    {
        var stored = await _sdk.StoredAsync(id);
        Assert.Equal(("Minidump", "native", SentryLevel.Fatal, false), (stored.Title, stored.Row.Platform, stored.Row.Level, stored.Body.Handled));
        var (name, bytes) = Assert.Single(await DownloadAllAsync(id));
        Assert.Equal("crash.dmp", name);
        Assert.Equal(dump, bytes);
        Assert.Equal("event.minidump", await server.QueryAsync(db => db.Attachments.Where(a => a.EventId == Guid.ParseExact(id, "N")).Select(a => a.Kind).SingleAsync(Cancelled)));
    }

    private async Task<Answer> SendAsync(string id, byte[][] items, string end) => await _sdk.PostAsync(
        Sdk.Envelope,
        [.. Encoding.UTF8.GetBytes($$"""{"event_id":"{{id}}"}""" + "\n"), .. items.SelectMany((item, i) => i == 0 ? item : [(byte)'\n', .. item]), .. Encoding.UTF8.GetBytes(end)],
        Sdk.Auth);

    private async Task<JsonElement> ListAsync(string id) =>
        await server.Api.GetFromJsonAsync<JsonElement>(new Uri(AddressOf(id), UriKind.Relative), Cancelled);

    private async Task<List<(string Name, byte[] Bytes)>> DownloadAllAsync(string id)
    {
        var files = new List<(string, byte[])>();
        foreach (var row in (await ListAsync(id)).EnumerateArray())
        {
            var address = AddressOf(id) + row.GetProperty("id").GetString() + "/?download=1";
            var bytes = await server.Api.GetByteArrayAsync(new Uri(address, UriKind.Relative), Cancelled);
            Assert.Equal((id, bytes.Length), (row.GetProperty("event_id").GetString(), row.GetProperty("size").GetInt32()));
            files.Add((row.GetProperty("name").GetString()!, bytes));
        }

        return files;
    }

    private static string AddressOf(string id) => $"/api/0/projects/errorhub/default/events/{id}/attachments/";

    private static string Header(int length, string name) => $$"""{"type":"attachment","length":{{length}},"filename":"{{name}}"}""";

    private static byte[] Item(string header, string payload) => Item(header, Encoding.UTF8.GetBytes(payload));

    private static byte[] Item(string header, byte[] payload) => [.. Encoding.UTF8.GetBytes(header), (byte)'\n', .. payload];
}

/// <summary>A disk that has no room for attachments.</summary>
public sealed class FullDiskTests(FullDiskServer server) : IClassFixture<FullDiskServer>
{
    private readonly Sdk _sdk = new(server);

    [Fact]
    public async Task Attachment_NoRoomOnTheDisk_EventIsStoredAndTheFileCounted()
    {
        var id = Sdk.NewId();

        (await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(id) + "\n{\"type\":\"attachment\",\"length\":3}\nabc", Sdk.Auth)).IsTaken(id);

        await _sdk.StoredAsync(id);
        Assert.Equal(3, await _sdk.CountedAsync(Outcome.Invalid, "unavailable", "attachment"));
    }
}

public sealed class FullDiskServer : ErrorHubServer
{
    protected override IEnumerable<string> Settings => [$"--ErrorHub:Attachments:MinFreeDiskBytes={long.MaxValue}"];
}

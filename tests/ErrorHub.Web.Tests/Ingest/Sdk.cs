using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ErrorHub.Events;
using ErrorHub.Ingest;
using ErrorHub.Protocol.Events;
using ErrorHub.Web.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Sends as SDKs do, and looks what became of it. Every answer must carry the CORS header (protocol.md section 12).</summary>
internal sealed class Sdk(ErrorHubServer server)
{
    public const string Key = ErrorHubServer.ProjectKey;
    public const string Envelope = "/api/1/envelope/";
    public const string Store = "/api/1/store/";

    public static (string, string) Auth { get; } = ("X-Sentry-Auth", $"Sentry sentry_version=7, sentry_key={Key}, sentry_client=t/1");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>The smallest event, with further top-level members.</summary>
    public static string Event(string id, string members = "") =>
        $$$"""{"event_id":"{{{id}}}","platform":"python","exception":{"values":[{"type":"ValueError","value":"boom"}]}{{{members}}}}""";

    /// <summary>An envelope of one event, as JavaScript SDKs write it: no length, no line feed at the end.</summary>
    public static string EnvelopeOf(string id, string payload) => $$"""{"event_id":"{{id}}"}""" + "\n{\"type\":\"event\"}\n" + payload;

    public static string EnvelopeOf(string id) => EnvelopeOf(id, Event(id));

    public Task<Answer> PostAsync(string path, string body, params (string Name, string Value)[] headers) =>
        PostAsync(path, Encoding.UTF8.GetBytes(body), headers);

    public Task<Answer> PostAsync(string path, byte[] body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, new ByteArrayContent(body), headers);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content, params (string Name, string Value)[] headers)
    {
        // As text, for a path with two slashes at its start would name a host.
        using var request = new HttpRequestMessage(method, new Uri(server.BaseAddress.AbsoluteUri.TrimEnd('/') + path)) { Content = content };
        foreach (var (name, value) in headers)
            if (!request.Headers.TryAddWithoutValidation(name, value))
                Assert.True(content!.Headers.TryAddWithoutValidation(name, value));

        using var response = await server.Client.SendAsync(request, Cancelled);
        Assert.Equal("*", Assert.Single(response.Headers.GetValues("Access-Control-Allow-Origin")));
        return new Answer(
            response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync(Cancelled), response.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>Sends an event's members by the envelope endpoint, expects 200, and reads what was stored.</summary>
    public async Task<SentryEvent> StoreAsync(string members) => (await StoreRowAsync(Event(NewId(), members))).Body;

    /// <summary>As <see cref="StoreAsync"/>, for a whole payload; the payload needs no id.</summary>
    public async Task<Stored> StoreRowAsync(string payload)
    {
        var id = NewId();
        var answer = await PostAsync(Envelope, EnvelopeOf(id, payload), Auth);
        answer.IsTaken(id);
        return await StoredAsync(id);
    }

    /// <summary>The one stored event of this id.</summary>
    public async Task<Stored> StoredAsync(string id, long projectId = 1)
    {
        var row = Assert.Single(await RowsAsync(id));
        Assert.Equal(projectId, row.ProjectId);
        Assert.True(EventJson.TryParse(PayloadCodec.Decompress(row.Body, row.Codec, row.BodyBytes), out var body));
        var issue = await server.QueryAsync(db => db.IssueFingerprints.AsNoTracking().Where(f => f.ProjectId == projectId && f.Hash == row.Hash)
            .Join(db.Issues, f => new { f.ProjectId, Id = f.IssueId }, i => new { i.ProjectId, i.Id }, (f, i) => i)
            .SingleAsync(Cancelled));
        return new Stored(row, body, issue.Title, issue.Culprit) { IssueId = issue.Id };
    }

    public async Task IsNotStoredAsync(string id) => Assert.Empty(await RowsAsync(id));

    /// <summary>How many items the open hour and the one before count so far, with what waits to be written.</summary>
    public async Task<long> CountedAsync(Outcome outcome, string reason, string category)
    {
        // What is counted is written with the next batch.
        await StoreRowAsync(Event(NewId()));
        return await server.QueryAsync(db => db.OutcomeHours
            .Where(o => o.ProjectId == 1 && o.Outcome == outcome && o.Reason == reason && o.Category == category)
            .SumAsync(o => o.Quantity, Cancelled));
    }

    private Task<List<StoredEvent>> RowsAsync(string id)
    {
        var eventId = Guid.ParseExact(id, "N");
        return server.QueryAsync(db => db.Events.AsNoTracking().Where(e => e.EventId == eventId).ToListAsync(Cancelled));
    }
}

/// <summary>What is stored of an event.</summary>
internal sealed record Stored(StoredEvent Row, SentryEvent Body, string Title, string? Culprit)
{
    public required Guid IssueId { get; init; }
}

/// <summary>An answer.</summary>
internal sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string Body, string? MediaType)
{
    /// <summary>Exactly 200 with exactly this id.</summary>
    public void IsTaken(string id) => Assert.Equal((HttpStatusCode.OK, $$"""{"id":"{{id}}"}""", "application/json"), (Status, Body, MediaType));

    /// <summary>A refusal as SDKs read it: JSON with a detail, the same text in X-Sentry-Error.</summary>
    public void IsRefused(HttpStatusCode status)
    {
        Assert.Equal((status, "application/json"), (Status, MediaType));
        using var json = JsonDocument.Parse(Body);
        Assert.StartsWith(
            json.RootElement.GetProperty("detail").GetString()!, Assert.Single(Headers.GetValues("X-Sentry-Error")), StringComparison.Ordinal);
    }
}

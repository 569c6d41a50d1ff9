using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using ErrorHub.Feedback;
using ErrorHub.Ingest;
using ErrorHub.Web.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>What users write: rows 98, 99 and 103 of protocol.md section 12.</summary>
public sealed class FeedbackTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private const string Hostile = "<img src=x onerror=alert(1)></script><script>alert(2)</script>";

    private readonly Sdk _sdk = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Row98_UserReportBeforeOrAfterItsEvent_IsLinked(bool reportFirst)
    {
        var id = Sdk.NewId();
        var before = await _sdk.CountedAsync(Outcome.Accepted, "", "feedback");
        if (reportFirst)
            await ReportAsync(id, "It broke");
        (await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(id), Sdk.Auth)).IsTaken(id);
        if (!reportFirst)
            await ReportAsync(id, "It broke");

        await _sdk.StoredAsync(id);
        var row = Assert.Single(await OfEventAsync(id));
        Assert.Equal(("Ann", "ann@example.com", "It broke"), (row.Name, row.Email, row.Comments));
        Assert.Equal(before + 1, await _sdk.CountedAsync(Outcome.Accepted, "", "feedback"));
    }

    [Fact]
    public async Task UserReport_WithACard_IsStoredWithoutIt()
    {
        var id = Sdk.NewId();

        await ReportAsync(id, "I paid with 4111 1111 1111 1111, write to b@example.com");

        var row = Assert.Single(await OfEventAsync(id));
        Assert.Equal(("ann@example.com", "I paid with [creditcard], write to [email]"), (row.Email, row.Comments));
    }

    [Fact]
    public async Task Row98_UserReportAgain_Overwrites()
    {
        var id = Sdk.NewId();

        await ReportAsync(id, "first");
        await ReportAsync(id, "second");

        Assert.Equal("second", Assert.Single(await OfEventAsync(id)).Comments);
    }

    [Theory]
    [InlineData("user_report", "{\"name\":\"Ann\",\"comments\":\"no event\"}")]
    [InlineData("user_report", "{\"event_id\":\"0123456789abcdef0123456789abcdef\",\"comments\":\" \"}")]
    [InlineData("feedback", "{\"contexts\":{\"feedback\":{\"message\":\"\"}}}")]
    [InlineData("feedback", "[]")]
    public async Task Row98_WordsThatAreNone_TakenAndCountedInvalid(string type, string payload)
    {
        var before = await _sdk.CountedAsync(Outcome.Invalid, "invalid_json", "feedback");

        var answer = await _sdk.PostAsync(Sdk.Envelope, "{}\n" + $$"""{"type":"{{type}}"}""" + "\n" + payload, Sdk.Auth);

        Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Body));
        Assert.Equal(before + 1, await _sdk.CountedAsync(Outcome.Invalid, "invalid_json", "feedback"));
    }

    [Fact]
    public async Task Row99_FeedbackWithAttachment_IsStoredForItsEventWithTheFile()
    {
        var (id, about) = (Sdk.NewId(), Sdk.NewId());
        await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(about), Sdk.Auth);
        var feedback = $$$"""
            {"event_id":"{{{id}}}","type":"feedback","contexts":{"feedback":{"message":"The cart is empty","contact_email":"ann@example.com",
            "name":"Ann","url":"https://shop.example/cart","associated_event_id":"{{{about}}}"} } }
            """.ReplaceLineEndings("");

        (await _sdk.PostAsync(
            Sdk.Envelope,
            $$"""{"event_id":"{{id}}"}""" + $"\n{{\"type\":\"feedback\"}}\n{feedback}\n{{\"type\":\"attachment\",\"length\":4,\"filename\":\"screen.png\"}}\nshot",
            Sdk.Auth)).IsTaken(id);

        var row = Assert.Single(await OfEventAsync(about));
        Assert.Equal((Guid.ParseExact(id, "N"), "The cart is empty", "https://shop.example/cart"), (row.FeedbackId, row.Comments, row.Url));
        var files = await server.Api.GetFromJsonAsync<JsonElement>(
            new Uri($"/api/0/projects/errorhub/default/events/{id}/attachments/", UriKind.Relative), Cancelled);
        Assert.Equal("screen.png", Assert.Single(files.EnumerateArray().ToList()).GetProperty("name").GetString());
        await _sdk.IsNotStoredAsync(id);
    }

    [Fact]
    public async Task Row103_Dialog_IsAScriptThatShowsItsTextsAsText()
    {
        var answer = await _sdk.SendAsync(HttpMethod.Get, Dialog(Sdk.NewId()) + "&title=" + Uri.EscapeDataString(Hostile), null);

        Assert.Equal((HttpStatusCode.OK, "text/javascript"), (answer.Status, answer.MediaType));
        Assert.Contains("__sentry_reportdialog_closed__", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<", answer.Body[answer.Body.LastIndexOf('{')..], StringComparison.Ordinal);
        Assert.Contains("\\u003Cimg src=x", answer.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("innerHTML", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?dsn=http://ffffffffffffffffffffffffffffffff@h/1&eventId=0123456789abcdef0123456789abcdef", HttpStatusCode.NotFound, "dsn")]
    [InlineData("?dsn=http://" + Sdk.Key + "@h/2&eventId=0123456789abcdef0123456789abcdef", HttpStatusCode.NotFound, "dsn")]
    [InlineData("?dsn=nothing&eventId=0123456789abcdef0123456789abcdef", HttpStatusCode.NotFound, "dsn")]
    [InlineData("?eventId=0123456789abcdef0123456789abcdef", HttpStatusCode.NotFound, "dsn")]
    [InlineData("?dsn=http://" + Sdk.Key + "@h/1&eventId=x", HttpStatusCode.BadRequest, "eventId")]
    [InlineData("?dsn=http://" + Sdk.Key + "@h/1", HttpStatusCode.BadRequest, "eventId")]
    public async Task Row103_WrongAddress_IsRefusedByNameForBothMethods(string query, HttpStatusCode status, string parameter)
    {
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            var answer = await _sdk.SendAsync(method, "/api/embed/error-page/" + query, method == HttpMethod.Post ? new StringContent("name=a") : null);

            Assert.Equal((status, "application/json"), (answer.Status, answer.MediaType));
            using var json = JsonDocument.Parse(answer.Body);
            Assert.Equal(parameter, Assert.Single(json.RootElement.EnumerateObject().ToList()).Name);
            Assert.Equal(answer.Body, Assert.Single(answer.Headers.GetValues("X-Sentry-Context")));
        }
    }

    [Fact]
    public async Task Row103_Form_StoresWhatTheUserWroteForTheEvent()
    {
        var id = Sdk.NewId();
        using var form = new FormUrlEncodedContent([new("name", "Ann"), new("email", "ann@example.com"), new("comments", Hostile)]);

        Assert.Equal(HttpStatusCode.OK, (await _sdk.SendAsync(HttpMethod.Post, Dialog(id), form)).Status);

        var row = Assert.Single(await OfEventAsync(id));
        Assert.Equal(("Ann", "ann@example.com", Hostile), (row.Name, row.Email, row.Comments));
    }

    [Fact]
    public async Task Row103_FormWithoutItsFields_400NamesThem()
    {
        var answer = await _sdk.PostAsync(Dialog(Sdk.NewId()), "name=Ann&email=ann", ("Content-Type", "application/x-www-form-urlencoded"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        using var json = JsonDocument.Parse(answer.Body);
        Assert.Equal(["comments", "email"], json.RootElement.GetProperty("errors").EnumerateObject().Select(e => e.Name).Order());
    }

    private static string Dialog(string id) => $"/api/embed/error-page/?dsn={Uri.EscapeDataString($"http://{Sdk.Key}@localhost/1")}&eventId={id}";

    private async Task ReportAsync(string id, string comments) => (await _sdk.PostAsync(
        Sdk.Envelope,
        Encoding.UTF8.GetBytes($$"""{"event_id":"{{id}}"}""" + "\n{\"type\":\"user_report\"}\n"
            + $$"""{"event_id":"{{id}}","name":"Ann","email":"ann@example.com","comments":"{{comments}}"}"""),
        Sdk.Auth)).IsTaken(id);

    private Task<List<UserFeedback>> OfEventAsync(string id)
    {
        var eventId = Guid.ParseExact(id, "N");
        return server.QueryAsync(db => db.UserFeedback.AsNoTracking().Where(f => f.ProjectId == 1 && f.EventId == eventId).ToListAsync(Cancelled));
    }
}

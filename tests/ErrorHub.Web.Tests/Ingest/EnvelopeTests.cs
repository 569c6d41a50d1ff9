using System.Net;
using System.Text;
using System.Text.Json;
using ErrorHub.Ingest;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Framing, ids and sizes: rows 34 to 45 and 48 to 59 of protocol.md section 12.</summary>
public sealed class EnvelopeTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    [Theory]
    [InlineData(Sdk.Envelope)]
    [InlineData(Sdk.Store)]
    public async Task Row34_EmptyBody_400(string path) => (await _sdk.PostAsync(path, "", Sdk.Auth)).IsRefused(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("{}")]
    [InlineData("{}\n")]
    public async Task Row35_HeaderOnly_IsTaken(string body)
    {
        var answer = await _sdk.PostAsync(Sdk.Envelope, body, Sdk.Auth);

        Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task Row36_IdWithoutItem_IsTakenAndNothingStored()
    {
        var id = Sdk.NewId();

        (await _sdk.PostAsync(Sdk.Envelope, $$"""{"event_id":"{{id}}"}""", Sdk.Auth)).IsTaken(id);

        await _sdk.IsNotStoredAsync(id);
    }

    [Theory]
    [InlineData("{\"type\":\"attachment\",\"length\":3,\"filename\":\"a\"}\nabc\n{\"type\":\"event\"}\nEVENT")]
    [InlineData("{\"type\":\"attachment\",\"length\":0,\"filename\":\"a\"}\n\n{\"type\":\"event\"}\nEVENT")]
    [InlineData("{\"type\":\"event\"}\nEVENT\n{\"type\":\"attachment\",\"length\":0,\"filename\":\"a\"}")]
    [InlineData("{\"type\":\"session\"}\n{}\n{\"type\":\"event\"}\nEVENT\n{\"type\":\"client_report\"}\n{}")]
    [InlineData("\r\n{\"type\":\"event\"}\r\nEVENT\r\n\r\n{\"type\":\"session\"}\r\n{}\n\n")]
    [InlineData("{\"lol\":\"haha\"}\n{}\n{\"type\":\"foo_bar\",\"length\":5}\na\nb\0c\n{\"type\":\"event\"}\nEVENT")]
    public Task Row38To40And45_ItemsAroundTheEvent_Stored(string items) => IsStoredAsync(items);

    [Fact]
    public Task Row41_LengthOfTheLastAttachmentTooLong_EventStored() =>
        IsStoredAsync("{\"type\":\"event\"}\nEVENT\n{\"type\":\"attachment\",\"length\":500}\nabc");

    [Fact]
    public async Task Row42_LengthOfTheEventTooShort_StoredWhole()
    {
        var body = (await IsStoredAsync("{\"type\":\"event\",\"length\":20}\nEVENT")).Body;

        Assert.Equal("boom", Assert.Single(body.Exceptions).Value);
    }

    [Theory]
    [InlineData("\"3\"")]
    [InlineData("3.0")]
    public Task Row43_LengthAsTextOrDouble_Stored(string length) =>
        IsStoredAsync($$"""{"type":"attachment","length":{{length}}}""" + "\na\nb\n{\"type\":\"event\"}\nEVENT");

    [Theory]
    [InlineData("-1")]
    [InlineData("\"x\"")]
    public async Task Row44_LengthThatIsNone_400(string length) =>
        (await _sdk.PostAsync(Sdk.Envelope, "{}\n" + $$"""{"type":"attachment","length":{{length}}}""" + "\nabc", Sdk.Auth))
            .IsRefused(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Row48_IdInPayloadOnly_IsTheId()
    {
        var id = Sdk.NewId();

        (await _sdk.PostAsync(Sdk.Envelope, "{}\n{\"type\":\"event\"}\n" + Sdk.Event(id), Sdk.Auth)).IsTaken(id);

        await _sdk.StoredAsync(id);
    }

    [Fact]
    public async Task Row49_TwoIds_TheHeadersWins()
    {
        var (header, payload) = (Sdk.NewId(), Sdk.NewId());

        (await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(header, Sdk.Event(payload)), Sdk.Auth)).IsTaken(header);

        Assert.Equal(header, (await _sdk.StoredAsync(header)).Body.EventId?.ToString());
        await _sdk.IsNotStoredAsync(payload);
    }

    [Fact]
    public async Task Row50_DashedUpperCaseId_IsPlain()
    {
        var id = Guid.NewGuid();

        var answer = await _sdk.PostAsync(
            Sdk.Envelope, Sdk.EnvelopeOf(id.ToString("D").ToUpperInvariant(), Sdk.Event(id.ToString("D").ToUpperInvariant())), Sdk.Auth);

        answer.IsTaken(id.ToString("N"));
        await _sdk.StoredAsync(id.ToString("N"));
    }

    [Fact]
    public async Task Row51_NoId_GetsOne()
    {
        var answer = await _sdk.PostAsync(Sdk.Envelope, "{}\n{\"type\":\"event\"}\n{\"message\":\"no id\"}", Sdk.Auth);

        using var json = JsonDocument.Parse(answer.Body);
        var id = json.RootElement.GetProperty("id").GetString()!;
        Assert.Matches("^[0-9a-f]{32}$", id);
        await _sdk.StoredAsync(id);
    }

    [Fact]
    public async Task Row53_TwoEvents_TheFirstIsStored()
    {
        var body = (await IsStoredAsync("{\"type\":\"event\"}\nEVENT\n{\"type\":\"event\"}\n{\"message\":\"second\"}")).Body;

        Assert.Equal("boom", Assert.Single(body.Exceptions).Value);
    }

    [Theory]
    [InlineData("\"garbage\"")]
    [InlineData("\"2026-11-25T03:00:00+00:00\"")]
    [InlineData("\"2026-11-25T03:00:00.123456789Z\"")]
    [InlineData("\"2026-11-25T11:00:00+08:00\"")]
    [InlineData("\"2026-11-25T03:00:00Z\",\"sent_at\":17")]
    public async Task Row54_SentAtInEveryForm_Stored(string sentAt)
    {
        var id = Sdk.NewId();

        var answer = await _sdk.PostAsync(
            Sdk.Envelope, $$"""{"event_id":"{{id}}","sent_at":{{sentAt}}}""" + "\n{\"type\":\"event\"}\n" + Sdk.Event(id), Sdk.Auth);

        answer.IsTaken(id);
        await _sdk.StoredAsync(id);
    }

    [Theory]
    [InlineData("hello\n{}")]
    [InlineData("[]\n{}")]
    [InlineData("{\"event_id\":\"\xff\xfe\n{}")]
    public async Task Row55_HeaderIsNoJson_400(string body) =>
        (await _sdk.PostAsync(Sdk.Envelope, Encoding.Latin1.GetBytes(body), Sdk.Auth)).IsRefused(HttpStatusCode.BadRequest);

    [Theory]
    [InlineData("{\"broken")]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    public async Task Row56And57_PayloadIsNoEvent_TakenCountedAndNotStored(string payload)
    {
        var id = Sdk.NewId();
        var before = await _sdk.CountedAsync(Outcome.Invalid, "invalid_json", "error");

        (await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(id, payload), Sdk.Auth)).IsTaken(id);

        await _sdk.IsNotStoredAsync(id);
        Assert.Equal(before + 1, await _sdk.CountedAsync(Outcome.Invalid, "invalid_json", "error"));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(50)]
    public async Task Row58_EventOverTheLimit_413(int megabytes)
    {
        var id = Sdk.NewId();
        var before = await _sdk.CountedAsync(Outcome.Invalid, "too_large", "error");
        // Many keys: what is only one long text is cut, and then fits.
        var members = new StringBuilder(",\"modules\":{\"a\":\"1\"");
        for (var i = 0; members.Length < megabytes * 1024 * 1024; i++)
            members.Append(System.Globalization.CultureInfo.InvariantCulture, $",\"module-{i}-{new string('x', 200)}\":\"1.0\"");

        var answer = await _sdk.PostAsync(Sdk.Envelope, Sdk.EnvelopeOf(id, Sdk.Event(id, members.Append('}').ToString())), Sdk.Auth);

        answer.IsRefused(HttpStatusCode.RequestEntityTooLarge);
        await _sdk.IsNotStoredAsync(id);
        Assert.Equal(before + 1, await _sdk.CountedAsync(Outcome.Invalid, "too_large", "error"));
    }

    [Fact]
    public async Task Row58_EventThatTrimmingMakesSmall_Stored()
    {
        var value = new string('x', 1_500_000);

        Assert.InRange((await IsStoredAsync("{\"type\":\"event\"}\n" + $$"""{"message":"{{value}}"}""")).Row.BodyBytes, 1, 20_000);
    }

    [Fact]
    public async Task Row59_HeaderLineOfAMegabyte_400() =>
        (await _sdk.PostAsync(Sdk.Envelope, $$"""{"junk":"{{new string('x', 1024 * 1024)}}"}""" + "\n{\"type\":\"event\"}\n{}", Sdk.Auth))
            .IsRefused(HttpStatusCode.BadRequest);

    // EVENT stands for the smallest event.
    private async Task<Stored> IsStoredAsync(string items)
    {
        var id = Sdk.NewId();

        var answer = await _sdk.PostAsync(
            Sdk.Envelope, $$"""{"event_id":"{{id}}"}""" + "\n" + items.Replace("EVENT", Sdk.Event(id), StringComparison.Ordinal), Sdk.Auth);

        answer.IsTaken(id);
        return await _sdk.StoredAsync(id);
    }
}

using ErrorHub.Protocol.Events;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>What is stored of events in every shape: rows 72 to 89 and 93 of protocol.md section 12.</summary>
public sealed class EventTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    [Theory]
    [InlineData("""[{"type":"ValueError","value":"v"}]""")]
    [InlineData("""{"values":[{"type":"ValueError","value":"v"}]}""")]
    [InlineData("""{"type":"ValueError","value":"v"}""")]
    public async Task Row72_ExceptionShapes_AreOne(string exception) =>
        Assert.Equal("ValueError: v", (await _sdk.StoreRowAsync($$$"""{"exception":{{{exception}}}}""")).Title);

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    public async Task Row72_NoException_IsAMessage(string exception) =>
        Assert.Equal("hello", (await _sdk.StoreRowAsync($$"""{"message":"hello","exception":{{exception}}}""")).Title);

    [Fact]
    public async Task Row73_EntriesThatSayNothing_AreRemoved()
    {
        var body = (await _sdk.StoreRowAsync("""{"exception":{"values":[null,{"type":null,"value":null},{"type":"E","value":"v"}]}}""")).Body;

        Assert.Equal("E", Assert.Single(body.Exceptions).Type);
    }

    [Theory]
    [InlineData("""{"a":1}""", """ValueError: {"a":1}""")]
    [InlineData("42", "ValueError: 42")]
    [InlineData("null", "ValueError")]
    public async Task Row74_ValueThatIsNoText_IsItsJson(string value, string title) =>
        Assert.Equal(title, (await _sdk.StoreRowAsync($$$"""{"exception":{"type":"ValueError","value":{{{value}}}}}""")).Title);

    [Fact]
    public async Task Row74_LongValue_IsCut()
    {
        var body = (await _sdk.StoreRowAsync($$$"""{"exception":{"type":"ValueError","value":"{{{new string('x', 100_000)}}}"}}""")).Body;

        Assert.Equal(8192, Assert.Single(body.Exceptions).Value!.Length);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"handled":false}""")]
    [InlineData("""{"type":"generic","handled":null}""")]
    public async Task Row75_Mechanisms_Stored(string mechanism) =>
        Assert.Single((await _sdk.StoreRowAsync($$$"""{"exception":{"type":"E","value":"v","mechanism":{{{mechanism}}}}}""")).Body.Exceptions);

    [Theory]
    [InlineData("null", 0)]
    [InlineData("\"str\"", 0)]
    [InlineData("""[null,{"function":"last"}]""", 1)]
    public async Task Row77_FrameShapes_Stored(string frames, int count)
    {
        var body = (await _sdk.StoreRowAsync($$$$"""{"exception":{"type":"E","value":"v","stacktrace":{"frames":{{{{frames}}}}}}}""")).Body;

        Assert.Equal(count, Assert.Single(body.Exceptions).StackTrace?.Frames.Count ?? 0);
    }

    [Fact]
    public async Task Row77_600Frames_TheLast250AreKept()
    {
        var frames = string.Join(',', Enumerable.Range(0, 600).Select(i => $$"""{"function":"f{{i}}"}"""));

        var body = (await _sdk.StoreRowAsync($$$$"""{"exception":{"type":"E","value":"v","stacktrace":{"frames":[{{{{frames}}}}]}}}""")).Body;

        var kept = Assert.Single(body.Exceptions).StackTrace!.Frames;
        Assert.Equal((250, "f599"), (kept.Count, kept[^1].Function));
    }

    [Theory]
    [InlineData("list, seconds")]
    [InlineData("values, text")]
    [InlineData("list, milliseconds")]
    public async Task Row79_BreadcrumbShapes_AreOne(string shape)
    {
        // A recent time: older events are moved to now, and their breadcrumbs with them (protocol.md 7.5).
        var time = DateTimeOffset.FromUnixTimeMilliseconds((DateTimeOffset.UtcNow.ToUnixTimeSeconds() * 1000) - 500);
        var breadcrumbs = shape switch
        {
            "list, seconds" => $$"""[null,{"timestamp":{{time.ToUnixTimeSeconds()}}.5,"message":"m"}]""",
            "values, text" => $$$"""{"values":[{"timestamp":"{{{time:yyyy-MM-ddTHH:mm:ss.f}}}Z","message":"m"}]}""",
            _ => $$"""[{"timestamp":{{time.ToUnixTimeMilliseconds()}},"message":"m"}]""",
        };

        var crumb = Assert.Single((await _sdk.StoreAsync($",\"breadcrumbs\":{breadcrumbs}")).Breadcrumbs);

        Assert.Equal(("m", time), (crumb.Message, crumb.Timestamp));
    }

    [Fact]
    public async Task Row79_500Breadcrumbs_TheLast200AreKept()
    {
        var crumbs = string.Join(',', Enumerable.Range(0, 500).Select(i => $$"""{"message":"m{{i}}"}"""));

        var kept = (await _sdk.StoreAsync($",\"breadcrumbs\":[{crumbs}]")).Breadcrumbs;

        Assert.Equal((200, "m499"), (kept.Count, kept[^1].Message));
    }

    [Fact]
    public async Task Row80_Tags_TextAndNotes()
    {
        var body = await _sdk.StoreAsync(""","tags":{"a":1,"b":true,"c d":null,"e":"x\ny"}""");

        Assert.Equal("1", ValueOf(body, "a"));
        Assert.Equal("True", ValueOf(body, "b"));
        Assert.Null(ValueOf(body, "c d"));
        Assert.Null(ValueOf(body, "c-d"));
        Assert.Null(ValueOf(body, "e"));
        Assert.Contains(body.Errors, e => e.Name.StartsWith("tags", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Row80_TagPairs_Stored() =>
        Assert.Equal("b", ValueOf(await _sdk.StoreAsync(""","tags":[["a","b"],["k",null]]"""), "a"));

    [Fact]
    public async Task Row80_500TagsAndALongKey_Capped()
    {
        var tags = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"t{i}\":\"v\""));

        var body = await _sdk.StoreAsync($",\"tags\":{{\"{new string('k', 300)}\":\"v\",{tags}}}");

        Assert.InRange(body.Tags.Count, 50, 100);
        Assert.All(body.Tags, tag => Assert.InRange(tag.Key.Length, 1, 200));
    }

    [Fact]
    public async Task Row81_EnvironmentAsTag_IsTheEnvironment()
    {
        var body = await _sdk.StoreAsync(""","tags":{"environment":"prod","release":"x"}""");

        Assert.Equal(("prod", null), (body.Environment, ValueOf(body, "release")));
    }

    [Theory]
    [InlineData("""{"id":42,"email":null}""", "42")]
    [InlineData("""{"id":"a","ip_address":"{{auto}}"}""", "a")]
    [InlineData("""{"id":"a","ip_address":"bogus"}""", "a")]
    public async Task Row82_User_NumbersAndAddresses(string user, string id)
    {
        var stored = (await _sdk.StoreAsync($",\"user\":{user}")).User!;

        // The address is counted by its hash and not kept.
        Assert.Equal((id, null), (stored.Id, stored.IpAddress));
    }

    [Fact]
    public async Task Row82_AddressAlone_IsCountedAndNotKept()
    {
        var stored = await _sdk.StoreRowAsync("""{"message":"m","platform":"javascript","user":{"ip_address":"{{auto}}"}}""");

        Assert.NotNull(stored.Row.UserHash);
        Assert.Null(stored.Body.User);
    }

    [Theory]
    [InlineData("\"message\":\"the string\"", "the string")]
    [InlineData("\"message\":{}", "<unlabeled event>")]
    [InlineData("\"message\":false", "<unlabeled event>")]
    [InlineData("\"message\":{\"message\":\"hi %s\",\"params\":[\"x\"]}", "hi x")]
    [InlineData("\"message\":\"old\",\"logentry\":{\"formatted\":\"new\"}", "new")]
    public async Task Row84_MessageShapes_HaveTheirTitle(string message, string title) =>
        Assert.Equal(title, (await _sdk.StoreRowAsync($"{{{message}}}")).Title);

    [Theory]
    [InlineData("iso")]
    [InlineData("Z")]
    [InlineData("+01:00")]
    [InlineData("seconds")]
    [InlineData("milliseconds")]
    public async Task Row85_TwoHoursAgoInEveryForm_IsThatTime(string form)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 7200);
        var text = form switch
        {
            "iso" => $"\"{time:yyyy-MM-ddTHH:mm:ss}\"",
            "Z" => $"\"{time:yyyy-MM-ddTHH:mm:ss}Z\"",
            "+01:00" => $"\"{time.ToOffset(TimeSpan.FromHours(1)):yyyy-MM-ddTHH:mm:sszzz}\"",
            "seconds" => $"{time.ToUnixTimeSeconds()}.0",
            _ => $"{time.ToUnixTimeMilliseconds()}",
        };

        Assert.Equal(time, (await _sdk.StoreRowAsync($$"""{"message":"m","timestamp":{{text}}}""")).Row.Timestamp);
    }

    [Theory]
    [InlineData("\"invalid\"", 1)]
    [InlineData("false", 1)]
    [InlineData("null", 0)]
    public async Task Row85_NoTime_IsWhenItWasReceived(string timestamp, int errors)
    {
        var (row, body, _, _) = await _sdk.StoreRowAsync($$"""{"message":"m","timestamp":{{timestamp}}}""");

        Assert.Equal(row.ReceivedAt, row.Timestamp);
        Assert.Equal(errors, body.Errors.Count);
    }

    [Theory]
    [InlineData(180, 180, 0)]
    [InlineData(10, -30, -30)]
    [InlineData(0, -2880, -2880)]
    public async Task Row86_SendersClock_CorrectedWhenMuchOff(int sentMinutes, int eventMinutes, int expectedMinutes)
    {
        var id = Sdk.NewId();
        var now = DateTimeOffset.UtcNow;

        var answer = await _sdk.PostAsync(
            Sdk.Envelope,
            $$"""{"event_id":"{{id}}","sent_at":"{{now.AddMinutes(sentMinutes):yyyy-MM-ddTHH:mm:ssZ}}"}""" + "\n{\"type\":\"event\"}\n"
            + $$"""{"message":"m","timestamp":{{now.AddMinutes(eventMinutes).ToUnixTimeSeconds()}}}""",
            Sdk.Auth);

        answer.IsTaken(id);
        var row = (await _sdk.StoredAsync(id)).Row;
        Assert.InRange((row.Timestamp - now.AddMinutes(expectedMinutes)).TotalSeconds, -5, 5);
    }

    [Fact]
    public async Task Row87_TomorrowWithoutSentAt_IsWhenItWasReceived()
    {
        var (row, body, _, _) = await _sdk.StoreRowAsync($$"""{"message":"m","timestamp":{{DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds()}}}""");

        Assert.Equal(row.ReceivedAt, row.Timestamp);
        Assert.Contains(body.Errors, e => e.Type == "future_timestamp");
    }

    [Theory]
    [InlineData("\"warning\"", SentryLevel.Warning)]
    [InlineData("40", SentryLevel.Error)]
    [InlineData("\"critical\"", SentryLevel.Fatal)]
    [InlineData("\"log\"", SentryLevel.Info)]
    [InlineData("\"wat\"", SentryLevel.Error)]
    [InlineData("null", SentryLevel.Error)]
    [InlineData("\"WARN\"", SentryLevel.Warning)]
    public async Task Row88_Levels_AreKnownOnes(string level, SentryLevel expected) =>
        Assert.Equal(expected, (await _sdk.StoreAsync($",\"level\":{level}")).Level);

    [Theory]
    [InlineData("\"message\":\"cut \\ud83d\"", "cut \ufffd")]
    [InlineData("\"message\":\"zero\\u0000byte\"", null)]
    [InlineData("\"message\":\"first\",\"message\":\"second\"", "second")]
    public async Task Row89_JsonThatHurts_Stored(string members, string? title)
    {
        var stored = await _sdk.StoreRowAsync($"{{{members}}}");

        Assert.DoesNotContain('\0', stored.Title);
        Assert.Equal(title ?? stored.Title, stored.Title);
    }

    [Fact]
    public async Task Row89_InvalidUtf8_Stored()
    {
        var id = Sdk.NewId();
        byte[] body = [.. System.Text.Encoding.UTF8.GetBytes(Sdk.EnvelopeOf(id, "{\"message\":\"bad ")), 0xff, .. "\"}"u8];

        (await _sdk.PostAsync(Sdk.Envelope, body, Sdk.Auth)).IsTaken(id);

        Assert.Equal("bad \ufffd", (await _sdk.StoredAsync(id)).Title);
    }

    [Fact]
    public async Task Row89_Depth200_Stored() =>
        Assert.Single((await _sdk.StoreAsync(",\"extra\":{\"deep\":" + string.Concat(Enumerable.Repeat("[", 200)) + new string(']', 200) + "}")).Extra);

    [Theory]
    [InlineData("""["a",null,1,true,3.5]""", "a|1|True|3")]
    [InlineData("\"str\"", "str")]
    public async Task Row93_Fingerprints_AreText(string fingerprint, string expected) =>
        Assert.Equal(expected, string.Join('|', (await _sdk.StoreAsync($",\"fingerprint\":{fingerprint}")).Fingerprint!));

    [Fact]
    public async Task Row93_Default_IsTheUsualGroupingAndAddedPartsSplitIt()
    {
        var usual = await _sdk.StoreRowAsync(Sdk.Event(Sdk.NewId()));
        var said = await _sdk.StoreRowAsync(Sdk.Event(Sdk.NewId(), ""","fingerprint":["{{default}}"]"""));
        var split = await _sdk.StoreRowAsync(Sdk.Event(Sdk.NewId(), ""","fingerprint":["{{ default }}","x"]"""));
        var again = await _sdk.StoreRowAsync(Sdk.Event(Sdk.NewId(), ""","fingerprint":["{{ default }}","x"]"""));

        Assert.Equal(usual.IssueId, said.IssueId);
        Assert.NotEqual(usual.IssueId, split.IssueId);
        Assert.Equal(split.IssueId, again.IssueId);
    }

    private static string? ValueOf(SentryEvent e, string tag) => e.Tags.Find(t => t.Key == tag).Value;
}

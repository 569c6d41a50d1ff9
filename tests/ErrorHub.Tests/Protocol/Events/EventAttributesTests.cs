using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Protocol.Events;

public sealed class EventAttributesTests
{
    [Fact]
    public void TryParse_EmptyObject_HasDefaults()
    {
        var e = Event.Parse("{}");

        Assert.Equal((null, null, "other", SentryLevel.Error), (e.EventId, e.Timestamp, e.Platform, e.Level));
        Assert.Empty(e.Errors);
    }

    [Theory]
    [InlineData("\"warning\"", SentryLevel.Warning, 0)]
    [InlineData("40", SentryLevel.Error, 0)]
    [InlineData("\"critical\"", SentryLevel.Fatal, 0)]
    [InlineData("\"log\"", SentryLevel.Info, 0)]
    [InlineData("\"wat\"", SentryLevel.Error, 1)]
    [InlineData("null", SentryLevel.Error, 0)]
    [InlineData("\"WARN\"", SentryLevel.Warning, 0)]
    [InlineData("{}", SentryLevel.Error, 1)]
    public void TryParse_Level_NamesAndNumbers(string json, SentryLevel level, int errors)
    {
        var e = Event.Parse($$"""{"level":{{json}}}""");

        Assert.Equal(level, e.Level);
        Assert.Equal(errors, e.Errors.Count);
    }

    [Theory]
    [InlineData("\"invalid\"", 1)]
    [InlineData("false", 1)]
    [InlineData("null", 0)]
    public void TryParse_BadTimestamp_IsAbsentAndNoted(string json, int errors)
    {
        var e = Event.Parse($$"""{"timestamp":{{json}}}""");

        Assert.Null(e.Timestamp);
        Assert.Equal(errors, e.Errors.Count);
    }

    [Theory]
    [InlineData("1.5", "1.5", 0)]
    [InlineData("\" app@1.0+7 \"", "app@1.0+7", 0)]
    [InlineData("\"\"", null, 0)]
    [InlineData("\"a/b\"", null, 1)]
    [InlineData("\"..\"", null, 1)]
    [InlineData("{}", null, 1)]
    public void TryParse_Release_IsATextWithoutPathCharacters(string json, string? release, int errors)
    {
        var e = Event.Parse($$"""{"release":{{json}}}""");

        Assert.Equal(release, e.Release);
        Assert.Equal(errors, e.Errors.Count);
    }

    [Fact]
    public void TryParse_LongNames_AreCutToTheirLimit()
    {
        var e = Event.Parse($$"""
            {"release":"{{new string('r', 300)}}","environment":"{{new string('e', 100)}}","dist":"x y","transaction":"{{new string('t', 300)}}",
             "logger":"{{new string('l', 100)}}","server_name":"{{new string('s', 300)}}"}
            """);

        Assert.Equal((200, 64, 200, 64, 256), (e.Release!.Length, e.Environment!.Length, e.Transaction!.Length, e.Logger!.Length, e.ServerName!.Length));
        Assert.EndsWith("...", e.Transaction, StringComparison.Ordinal);
        Assert.Null(e.Dist);
        Assert.Equal("dist", Assert.Single(e.Errors).Name);
    }

    [Fact]
    public void TryParse_Tags_ObjectAndPairsAreOneShape()
    {
        var e = Event.Parse("""{"tags":{"a":1,"b":true,"c d":null,"e":"x\ny","f g":" h ","i":2.5,"":"x","k!":"x","l":{}}}""");

        Assert.Equal([new("a", "1"), new("b", "True"), new("f-g", "h"), new("i", "2.5")], e.Tags);
        Assert.Equal(["tags.e", "tags.", "tags.k!", "tags.l"], e.Errors.Select(x => x.Name));

        e = Event.Parse("""{"tags":[["a","b"],["k",null],["a","second"],{"key":"c","value":"d"},null,7]}""");
        Assert.Equal([new("a", "b"), new("c", "d")], e.Tags);
    }

    [Fact]
    public void TryParse_ManyAndLongTags_AreCapped()
    {
        var tags = string.Join(',', Enumerable.Range(0, 500).Select(i => $"\"t{i}\":\"{new string('v', 300)}\""));
        var e = Event.Parse($$$"""{"tags":{"{{{new string('k', 300)}}}":"v",{{{tags}}} }}""");

        Assert.Equal(100, e.Tags.Count);
        Assert.All(e.Tags, tag => Assert.Equal(200, tag.Value.Length));
        Assert.Single(e.Errors);
    }

    [Fact]
    public void TryParse_ReservedTags_MoveOrGo()
    {
        var e = Event.Parse("""{"tags":{"environment":"prod","release":"x","sentry:user":"y","a":"b"},"site":"shop"}""");

        Assert.Equal("prod", e.Environment);
        Assert.Null(e.Release);
        Assert.Equal([new("a", "b"), new("site", "shop")], e.Tags);
        Assert.Equal("dev", Event.Parse("""{"tags":{"environment":"prod"},"environment":"dev"}""").Environment);
    }

    [Theory]
    [InlineData("""["a",null,1,true,3.5]""", "a|1|True|3")]
    [InlineData("\"str\"", "str")]
    [InlineData("[]", null)]
    [InlineData("null", null)]
    [InlineData("""["{{ default }}","x",{}]""", "{{ default }}|x")]
    public void TryParse_Fingerprint_PartsAreText(string json, string? parts) =>
        Assert.Equal(parts, Event.Parse($$"""{"fingerprint":{{json}}}""").Fingerprint is { } f ? string.Join('|', f) : null);

    [Theory]
    [InlineData("\"hi\"", "hi")]
    [InlineData("{}", null)]
    [InlineData("false", null)]
    [InlineData("null", null)]
    [InlineData("""{"message":"hi %s","params":["x"]}""", "hi x")]
    [InlineData("""{"message":"%(a)s {b} {c} 100% %d","params":{"a":1,"b":[2]}}""", "1 [2] {c} 100% %d")]
    [InlineData("""{"message":"{} {1} %s","params":["x","y"]}""", "x y y")]
    [InlineData("""{"formatted":"done","message":"%s","params":["x"]}""", "done")]
    [InlineData("""["a"]""", "[\"a\"]")]
    public void TryParse_Message_IsTextInEveryShape(string json, string? text)
    {
        Assert.Equal(text, Event.Parse($$"""{"message":{{json}}}""").Message?.Text);
        Assert.Equal(text, Event.Parse($$"""{"logentry":{{json}}}""").Message?.Text);
    }

    [Fact]
    public void TryParse_MessageAndLogEntry_LogEntryWinsAndTextFillsIt()
    {
        Assert.Equal("entry", Event.Parse("""{"message":"text","logentry":{"formatted":"entry"}}""").Message?.Text);

        var message = Event.Parse("""{"message":"order 5","logentry":{"message":"order %s"}}""").Message;
        Assert.Equal(("order %s", "order 5"), (message?.Message, message?.Formatted));
        Assert.Null(Event.Parse("""{"logentry":{"message":"same","formatted":"same"}}""").Message?.Message);
    }

    [Fact]
    public void TryParse_LegacyInterfaces_AreTheirModernParts()
    {
        var e = Event.Parse("""
            {"sentry.interfaces.Exception":{"type":"ValueError","value":"boom"},"sentry.interfaces.Http":{"url":"http://a/b"},
             "sentry.interfaces.User":{"id":1},"sentry.interfaces.Message":{"message":"hi"}}
            """);

        Assert.Equal("ValueError", Assert.Single(e.Exceptions).Type);
        Assert.Equal(("http://a/b", "1", "hi"), (e.Request?.Url, e.User?.Id, e.Message?.Text));
        Assert.Empty(e.Other);
    }

    [Fact]
    public void TryParse_User_NullsNumbersAndOtherKeys()
    {
        var e = Event.Parse("""{"user":{"id":42,"email":null,"ip_address":"bogus","plan":"pro","data":{"a":1},"geo":{"city":"Wien"}}}""");

        Assert.Equal(("42", null, null), (e.User!.Id, e.User.Email, e.User.IpAddress));
        Assert.Equal(["a", "plan"], e.User.Data.Keys.Order());
        Assert.Equal("user.ip_address", Assert.Single(e.Errors).Name);
        Assert.Equal("{{auto}}", Event.Parse("""{"user":{"ip_address":"{{auto}}"}}""").User?.IpAddress);
        Assert.Null(Event.Parse("""{"user":{"id":null,"email":null}}""").User);
        Assert.Null(Event.Parse("""{"user":[]}""").User);
    }

    [Fact]
    public void TryParse_Request_EveryShapeOfItsParts()
    {
        var request = Event.Parse("""
            {"request":{"url":"https://shop/pay?a=1&a=2&b=%C3%A9#top","method":"post","headers":{"A":["x","y"],"B":null},
             "cookies":"s=1; t","data":{"card":"…"},"env":{"REMOTE_ADDR":"10.0.0.1"}}}
            """).Request!;

        Assert.Equal(("https://shop/pay", "top", "POST"), (request.Url, request.Fragment, request.Method));
        Assert.Equal([new("a", "1"), new("a", "2"), new("b", "é")], request.QueryString);
        Assert.Equal([new("A", "x,y")], request.Headers);
        Assert.Equal([new("s", "1"), new("t", "")], request.Cookies);
        Assert.Equal("10.0.0.1", request.Env["REMOTE_ADDR"].GetString());

        request = Event.Parse("""{"request":{"url":null,"query_string":"?a=b","headers":[["A","x"]],"cookies":{"c":"d"}}}""").Request!;
        Assert.Null(request.Url);
        Assert.Equal([new("a", "b")], request.QueryString);
        Assert.Equal("x", request.Header("a"));
        Assert.Equal([new("c", "d")], request.Cookies);

        request = Event.Parse("""{"request":{"query_string":[["a","b"],["a","c"]]}}""").Request!;
        Assert.Equal([new("a", "b"), new("a", "c")], request.QueryString);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"url":" ? ","headers":{" ":"x"},"method":"a b","fragment":"#","env":[]}""")]
    public void TryParse_RequestThatSaysNothing_IsNone(string json) => Assert.Null(Event.Parse($$"""{"request":{{json}}}""").Request);

    [Fact]
    public void TryParse_UrlWithSpacesAroundItsParts_HasThemTrimmed()
    {
        var request = Event.Parse("""{"request":{"url":"http://shop/a ?b=c# d"}}""").Request!;

        Assert.Equal(("http://shop/a", "d"), (request.Url, request.Fragment));
    }

    [Fact]
    public void TryParse_Contexts_OnlyObjectsAreKept()
    {
        var e = Event.Parse("""
            {"contexts":{"os":null,"runtime":{"name":"node"},"bad":5,"cut":"[Object]",
             "trace":{"trace_id":"771A43A4192642F0B136D5159A501700","span_id":"x"}}}
            """);

        Assert.Equal(["runtime", "trace"], e.Contexts.Keys.Order());
        Assert.Equal("771a43a4192642f0b136d5159a501700", e.TraceId);
        Assert.Equal("contexts.bad", Assert.Single(e.Errors).Name);
        Assert.Empty(Event.Parse("""{"contexts":[]}""").Contexts);
    }

    [Fact]
    public void TryParse_Sdk_PackagesAsObjectAndNullIntegrations()
    {
        var sdk = Event.Parse("""{"sdk":{"name":"sentry.cocoa","version":"8","packages":{"name":"p","version":"1"},"integrations":[null,"Crash"]}}""").Sdk!;

        Assert.Equal(("sentry.cocoa", "8"), (sdk.Name, sdk.Version));
        Assert.Equal("""[{"name":"p","version":"1"}]""", sdk.Packages?.GetRawText());
        Assert.Equal("""["Crash"]""", sdk.Integrations?.GetRawText());
        Assert.Null(Event.Parse("""{"sdk":null}""").Sdk);
    }

    [Theory]
    [InlineData("[*,null,5]", "1782900000.5")]
    [InlineData("""{"values":[*]}""", "1782900000.5")]
    [InlineData("*", "1782900000.5")]
    [InlineData("[*]", "\"2026-07-01T10:00:00.5Z\"")]
    [InlineData("[*]", "1782900000500")]
    public void TryParse_Breadcrumbs_AllShapesAreOneModel(string list, string timestamp)
    {
        var json = list.Replace("*", $$$"""{"timestamp":{{{timestamp}}},"message":"hi","level":"warning","data":{"a":1}}""", StringComparison.Ordinal);

        var crumb = Assert.Single(Event.Parse($$"""{"breadcrumbs":{{json}}}""").Breadcrumbs);

        Assert.Equal(new DateTimeOffset(2026, 7, 1, 10, 0, 0, 500, TimeSpan.Zero), crumb.Timestamp);
        Assert.Equal(("default", SentryLevel.Warning, "hi", """{"a":1}"""), (crumb.Type, crumb.Level, crumb.Message, crumb.Data?.GetRawText()));
    }

    [Fact]
    public void TryParse_500Breadcrumbs_TheLast200AreKept()
    {
        var crumbs = Event.Parse($$"""{"breadcrumbs":[{{string.Join(',', Enumerable.Range(0, 500).Select(i => $"{{\"message\":\"{i}\"}}"))}}]}""").Breadcrumbs;

        Assert.Equal((200, "300", "499"), (crumbs.Count, crumbs[0].Message, crumbs[^1].Message));
    }

    [Fact]
    public void TryParse_UnknownKeys_AreKeptAsSent()
    {
        var e = Event.Parse("""{"_meta":{"a":1},"debug_meta":{"images":[{"type":"sourcemap","debug_id":"x"},{"type":"future"}]},"wat":[1],"spans":[1]}""");

        Assert.Equal(["_meta", "debug_meta", "wat"], e.Other.Keys.Order(StringComparer.Ordinal));
        Assert.Empty(Event.Parse("""{"debug_meta":{"images":"none"}}""").Other);
    }

    [Fact]
    public void TryParse_LargeExtra_IsCutWithinItsBudget()
    {
        var e = Event.Parse($$$"""{"extra":{"big":"{{{new string('x', 100_000)}}}","list":[{{{string.Join(',', Enumerable.Repeat("\"abcdefgh\"", 5_000))}}}],"small":1}}""");

        Assert.Equal(16_382, e.Extra["big"].GetString()!.Length);
        Assert.EndsWith("...", e.Extra["big"].GetString(), StringComparison.Ordinal);
        Assert.InRange(e.Extra["list"].GetArrayLength(), 1_000, 2_000);
        Assert.Equal(1, e.Extra["small"].GetInt32());
    }

    [Fact]
    public void TryParse_ManyProblems_NotedAtMost50Times() =>
        Assert.Equal(50, Event.Parse($$"""{"breadcrumbs":[{{string.Join(',', Enumerable.Repeat("5", 1_000))}}]}""").Errors.Count);

    [Fact]
    public void TryParse_Checksum_IsTheFingerprintOfOldSdks() =>
        Assert.Equal(["abc"], Event.Parse("""{"checksum":"abc"}""").Fingerprint!);
}

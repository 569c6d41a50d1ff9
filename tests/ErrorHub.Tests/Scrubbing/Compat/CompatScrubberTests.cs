using System.Buffers;
using System.Text;
using System.Text.Json;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;
using ErrorHub.Scrubbing.Compat;

namespace ErrorHub.Tests.Scrubbing.Compat;

/// <summary>The profile of Sentry on the way of an event: selectors, rules, methods, and what stays behind.</summary>
public class CompatScrubberTests
{
    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData("extra.a", """{"a":null,"b":{"a":"x","c":["x"]}}""")]
    [InlineData("A", """{"a":null,"b":{"a":null,"c":["x"]}}""")]
    [InlineData("extra.**", """{"a":null,"b":null}""")]
    [InlineData("extra.*.a", """{"a":"x","b":{"a":null,"c":["x"]}}""")]
    [InlineData("b.**", """{"a":"x","b":{"a":null,"c":null}}""")]
    [InlineData("extra.**.0", """{"a":"x","b":{"a":"x","c":[null]}}""")]
    [InlineData("$array", """{"a":"x","b":{"a":"x","c":null}}""")]
    [InlineData("$object.a", """{"a":null,"b":{"a":null,"c":["x"]}}""")]
    [InlineData("$string && !b.**", """{"a":null,"b":{"a":"x","c":["x"]}}""")]
    [InlineData("extra.a | c", """{"a":null,"b":{"a":"x","c":null}}""")]
    [InlineData("~$string & c", """{"a":"x","b":{"a":"x","c":null}}""")]
    [InlineData("(a || c) && !(extra.a)", """{"a":"x","b":{"a":null,"c":null}}""")]
    [InlineData("'a'", """{"a":null,"b":{"a":null,"c":["x"]}}""")]
    [InlineData("$user.**", """{"a":"x","b":{"a":"x","c":["x"]}}""")]
    [InlineData("$user", """{"a":"x","b":{"a":"x","c":["x"]}}""")]
    public void Selector_OfEachForm_SelectsItsValues(string selector, string expected)
    {
        var e = Scrub("""{"extra":{"a":"x","b":{"a":"x","c":["x"]}}}""", Pii($$$"""{"applications":{"{{{selector}}}":["@anything:remove"]}}"""));
        Assert.Equal(expected, JsonSerializer.Serialize(e.Extra, Relaxed));
    }

    [Theory]
    [InlineData("a &&", "a name is missing at character 5; others than letters, digits, - and _ stand in '…'")]
    [InlineData("(a", "a ) is missing at character 3")]
    [InlineData("a b", "character 3 is not expected")]
    [InlineData("$nothing.a", "there is no type $nothing")]
    [InlineData("'a", "a quote is not closed")]
    [InlineData("a..b", "a name is missing at character 3; others than letters, digits, - and _ stand in '…'")]
    public void Selector_ThatCannotBeRead_SaysWhere(string selector, string problem) => Assert.Equal(problem, SelectorParser.Parse(selector).Problem);

    [Fact]
    public void Selector_OfManyLevels_IsRefusedAndOfManyStarsIsQuick()
    {
        Assert.NotNull(SelectorParser.Parse(new string('(', 2_000) + "a").Problem);
        Assert.NotNull(SelectorParser.Parse(new string('!', 2_000) + "a").Problem);
        var path = new PiiPath();
        for (var i = 0; i < 150; i++)
            path.Enter(new PiiStep("a", 0, PiiTypes.Object), PiiReach.Always, false);

        var selector = SelectorParser.Parse("x." + string.Concat(Enumerable.Repeat("**.a.", 500)) + "b").Selector!;
        Assert.False(selector.Selects(path));
        Assert.True(SelectorParser.Parse("a.**.a.**.a").Selector!.Selects(path));
    }

    [Theory]
    [InlineData("""{"type":"pattern","pattern":"card (\\d+) of (\\w+)","replaceGroups":[1,2],"redaction":{"method":"replace","text":"#"}}""", "card # of # 10.1.2.3", """[["r","s",5,6],["r","s",10,11]]""")]
    [InlineData("""{"type":"pattern","pattern":"\\d+","redaction":{"method":"mask"}}""", "card ** of Anna **.*.*.*", """[["r","m",5,7],["r","m",16,18],["r","m",19,20],["r","m",21,22],["r","m",23,24]]""")]
    [InlineData("""{"type":"pattern","pattern":"(?P<who>\\p{Lu}\\pL+)$","redaction":{"method":"remove"}}""", "card 12 of Anna 10.1.2.3", null)]
    [InlineData("""{"type":"pattern","pattern":"[[:upper:]][[:alpha:]]+","redaction":{"method":"remove"}}""", "card 12 of  10.1.2.3", """[["r","x",11,11]]""")]
    [InlineData("""{"type":"ip","redaction":{"method":"replace","text":"<ip>"}}""", "card 12 of Anna <ip>", """[["r","s",16,20]]""")]
    [InlineData("""{"type":"redact_pair","keyPattern":"^a$","redaction":{"method":"mask"}}""", "************************", """[["r","m",0,24]]""")]
    [InlineData("""{"type":"redact_pair","keyPattern":"of anna"}""", "card 12 of Anna 10.1.2.3", null)]
    [InlineData("""{"type":"multiple","rules":["@ip:mask","one"],"redaction":{"method":"replace","text":"!"}}""", "card ! of Anna ********", """[["one","s",5,6],["@ip:mask","m",15,23]]""")]
    [InlineData("""{"type":"multiple","rules":["@ip","one"],"hideInner":true}""", "card  of Anna [ip]", """[["r","x",5,5],["r","s",14,18]]""")]
    [InlineData("""{"type":"alias","rule":"one","hideInner":true,"redaction":{"method":"mask"}}""", "card ** of Anna 10.1.2.3", """[["r","m",5,7]]""")]
    public void Rule_OfEachType_TakesWhatItFinds(string rule, string expected, string? remarks)
    {
        var e = Scrub("""{"extra":{"a":"card 12 of Anna 10.1.2.3"}}""", Pii($$$"""{"rules":{"r":{{{rule}}},"one":{"type":"pattern","pattern":"\\b12\\b"}},"applications":{"$string":["r"]}}"""));
        Assert.Equal(expected, e.Extra["a"].GetString());
        Assert.Equal(remarks, e.Other.TryGetValue("_meta", out var meta) ? meta.GetProperty("extra").GetProperty("a").GetProperty("").GetProperty("rem").GetRawText() : null);
    }

    [Theory]
    [InlineData("""{"rules":{"r":{"type":"pattern","pattern":"(?<=a)b"}}}""", "Rule r: The pattern cannot be matched in linear time: ")]
    [InlineData("""{"rules":{"r":{"type":"pattern","pattern":"(a)\\1"}}}""", "Rule r: The pattern cannot be matched in linear time: ")]
    [InlineData("""{"rules":{"r":{"type":"redact_pair","keyPattern":"(?=a)"}}}""", "Rule r: The pattern cannot be matched in linear time: ")]
    [InlineData("""{"rules":{"r":{"type":"pattern","pattern":"a["}}}""", "Rule r: The pattern cannot be read, at character 2: unterminated bracket.")]
    [InlineData("""{"rules":{"r":{"type":"pattern","pattern":"(?:(?:a{900}){900}){900}"}}}""", "Rule r: The pattern cannot be ")]
    [InlineData("""{"rules":{"r":{"type":"pattern","pattern":"[a-z&&[^b]]"}}}""", "Rule r: Sets of characters that are joined")]
    [InlineData("""{"rules":{"r":{"type":"pattern","pattern":"a*"}}}""", "Rule r: The pattern finds the empty text, so it would find something everywhere.")]
    [InlineData("""{"rules":{"r":{"type":"pattern","pattern":"a","replaceGroups":[1]}}}""", "Rule r: its pattern has no group 1.")]
    [InlineData("""{"rules":{"r":{"type":"pattern"}}}""", "Rule r: its \"pattern\" is missing.")]
    [InlineData("""{"rules":{"r":{"type":"face"}}}""", "Rule r: there is no type face.")]
    [InlineData("""{"rules":{"r":{"type":"ip","redaction":{"method":"encrypt"}}}}""", "Rule r: there is no redaction method encrypt.")]
    [InlineData("""{"rules":{"r":{"type":"alias","rule":"s"},"s":{"type":"alias","rule":"r"}}}""", "Rule r: it is made of itself.")]
    [InlineData("""{"applications":{"$string":["nothing"]}}""", "Selector $string: there is no rule nothing.")]
    [InlineData("""{"applications":{"a b":["@ip"]}}""", "Selector a b: character 3 is not expected.")]
    [InlineData("""{"applications":["@ip"]}""", "\"applications\" must be an object.")]
    [InlineData("""{"application":{}}""", "There is no \"application\" beside rules, applications and vars.")]
    [InlineData("{\n\"rules\":", "It is no JSON: line 2, character ")]
    [InlineData("[]", "It must be a JSON object")]
    public void Config_ThatCannotBe_SaysWhichRuleAndWhy(string json, string problem) =>
        Assert.StartsWith(problem, Assert.Single(PiiConfigReader.Read(json).Problems), StringComparison.Ordinal);

    [Fact]
    public void Scrub_DefaultSettings_LeaveTheGapsThatSentryLeaves()
    {
        var e = Scrub(
            """
            {"exception":{"values":[{"type":"E","value":"card 4111111111111111 password=x","stacktrace":{"frames":[{"function":"f","vars":{"api_key":"k","mail":"a@b.cc"}}]}}]},
             "tags":{"secret":"x"},"user":{"id":"7","email":"a@b.cc","ip_address":"203.0.113.9"},"contexts":{"mine":{"password":"x"},"os":{"password":"x"}},
             "request":{"headers":{"Authorization":"Basic x","User-Agent":"auth/1"},"cookies":"csrf=1; other=2"}}
            """, new ScrubbingSettings { Profile = ScrubbingProfile.SentryCompat });

        Assert.Equal("card 4111111111111111 password=x", e.Exceptions[0].Value);
        Assert.Equal("""{"api_key":"[Filtered]","mail":"a@b.cc"}""", JsonSerializer.Serialize(e.Exceptions[0].StackTrace!.Frames[0].Vars));
        Assert.Equal("x", e.Tags[0].Value);
        Assert.Equal(("7", "a@b.cc", null), (e.User!.Id, e.User.Email, e.User.IpAddress));
        Assert.Equal("""{"mine":{"password":"[Filtered]"},"os":{"password":"x"}}""", JsonSerializer.Serialize(e.Contexts));
        Assert.Equal(["[Filtered]", "auth/1"], e.Request!.Headers.Select(h => h.Value));
        Assert.Equal(["[Filtered]", "2"], e.Request.Cookies.Select(c => c.Value));
        Assert.StartsWith("sentry-compat-1+", e.Receipt!.Policy, StringComparison.Ordinal);
        Assert.Contains(new Removal("request.headers.0.1", "@password:filter", "replaced", 1, "1-7"), e.Receipt.Removals);
        Assert.Contains(new Removal("user.ip_address", "@ip:replace", "replaced", 1, "8-15"), e.Receipt.Removals);
    }

    [Fact]
    public void Scrub_OwnRulesPartsAndAddresses_HoldInThisProfileToo()
    {
        var e = Scrub(
            """{"exception":{"values":[{"type":"E","value":"case PAT-123456"}]},"tags":{"a":"PAT-123456"},"logentry":{"formatted":"from 203.0.113.9"},"request":{"url":"https://x/","data":"x"},"event_id":"0123456789abcdef0123456789abcdef"}""",
            new ScrubbingSettings { Profile = ScrubbingProfile.SentryCompat, Rules = [new OwnRule("patient-no", @"PAT-\d{6}"), new OwnRule("hex", "[0-9a-f]{32}")], IpAddresses = AddressHandling.Truncate, Bodies = PartHandling.Drop });

        Assert.Equal(("case [patient-no]", "[patient-no]", "from 203.0.113.0"), (e.Exceptions[0].Value, e.Tags[0].Value, e.Message!.Text));
        Assert.Null(e.Request!.Data);
        Assert.Equal("0123456789abcdef0123456789abcdef", e.EventId.ToString());
    }

    [Fact]
    public void Scrub_HashOfAnAddress_CountsAsTheUserUnlessThereIsOne()
    {
        var settings = Pii("""{"applications":{"$user.ip_address":["@ip:hash"]},"vars":{"hashKey":""}}""") with { IpAddresses = AddressHandling.Keep };
        var alone = Scrub("""{"user":{"ip_address":"127.0.0.1"}}""", settings);
        Assert.Equal(("AE12FE3B5F129B5CC4CDD2B136B7B7947C4D2741", null), (alone.User!.Id, alone.User.IpAddress));
        Assert.Equal("""{"user":{"id":{"":{"rem":[["@ip:hash","p",0,40]],"len":9}}}}""", alone.Other["_meta"].GetRawText());

        var named = Scrub("""{"user":{"id":"7","ip_address":"127.0.0.1"}}""", settings);
        Assert.Equal(("7", null), (named.User!.Id, named.User.IpAddress));
        var keyed = Scrub("""{"user":{"ip_address":"127.0.0.1"}}""", settings with { PiiConfig = settings.PiiConfig!.Replace("\"\"", "\"k\"", StringComparison.Ordinal) });
        Assert.NotEqual(alone.User.Id, keyed.User!.Id);
    }

    [Fact]
    public void Scrub_MetaOfTheSender_StaysWithoutTheValuesItQuotes()
    {
        var e = Scrub(
            """{"extra":{"a":"[gone] 10.1.2.3"},"_meta":{"extra":{"a":{"":{"rem":[["mine","s",0,6]],"len":30,"val":"secret 10.1.2.3","err":[["invalid_data",{"reason":"secret"}]]}}}}}""",
            Pii("""{"applications":{"$string":["@ip"]}}"""));
        Assert.Equal("""{"extra":{"a":{"":{"rem":[["mine","s",0,6],["@ip","s",7,11]],"len":30,"err":["invalid_data"]}}}}""", e.Other["_meta"].GetRawText());
    }

    [Fact]
    public void Scrub_CharactersBeyondTheFirstPlane_CountAsOneEach()
    {
        var e = Scrub("""{"extra":{"a":"😀é 10.1.2.3"}}""", Pii("""{"applications":{"$string":["@ip"]}}"""));
        Assert.Equal("""[["@ip","s",3,7]]""", e.Other["_meta"].GetProperty("extra").GetProperty("a").GetProperty("").GetProperty("rem").GetRawText());
        Assert.Equal(11, e.Other["_meta"].GetProperty("extra").GetProperty("a").GetProperty("").GetProperty("len").GetInt32());
    }

    [Fact]
    public void Scrub_AnyPiecesInAnyPlace_ComesToRestAsValidJson()
    {
        string[] pieces =
        [
            "password", "=", " ", "'", "\"", "\\", "token:", "auth", "@", "a.b", "example.org", "4111 1111 1111 1111", "078-05-1120", "DE89370400440532013000", "10.1.2.3", "::1",
            "::ffff:", "//", "u:p@", "/home/", "bob", "C:\\Users\\", "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "\n", "é", "😀", "\uD800", "Bearer ", "[ip]", "[Filtered]", "***", "PAT-1",
        ];
        string[] keys = ["a", "password", "x-token", "ip", "PAT-1", "values", "0", "", "$string", "cookies", "session"];
        ScrubbingSettings[] all =
        [
            new() { Profile = ScrubbingProfile.SentryCompat, Rules = [new OwnRule("patient-no", @"PAT-\d"), new OwnRule("letters", "[a-z]{3}")] },
            Pii("""{"rules":{"h":{"type":"pattern","pattern":"\\w{3}","redaction":{"method":"hash"}},"m":{"type":"pattern","pattern":"\\d","redaction":{"method":"mask"}}},"applications":{"$string":["h","@common"],"extra.**":["m"],"$user.**":["@anything:hash"]}}""") with { IpAddresses = AddressHandling.Truncate },
        ];
        var random = new Random(20261126);
        for (var round = 0; round < 2_000; round++)
        {
            var e = new SentryEvent
            {
                Message = new SentryMessage { Formatted = Text() },
                Exceptions = [new SentryException { Type = "E", Value = Text() }],
                User = new SentryUser { Id = Text(), IpAddress = "203.0.113.9" },
                Extra = new() { [Key()] = Value(3) },
                Tags = [new("t", Text())],
                Other = new() { ["mine"] = Value(2) },
            };
            var policy = ScrubbingPolicy.Of(all[round % 2]);
            Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(Write(e)), out var sent));
            var once = Write(EventScrubber.Scrub(sent, policy));
            Assert.DoesNotContain("failed", once, StringComparison.Ordinal);
            using (JsonDocument.Parse(once))
                Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(once), out e));

            Assert.Equal(once, Write(EventScrubber.Scrub(e, policy)));
        }

        string Text() => string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => pieces[random.Next(pieces.Length)]));
        string Key() => keys[random.Next(keys.Length)];
        JsonElement Value(int depth) => random.Next(depth > 0 ? 6 : 4) switch
        {
            0 => JsonSerializer.SerializeToElement(random.Next()),
            1 => JsonSerializer.SerializeToElement(true),
            < 4 => JsonSerializer.SerializeToElement(Text().Replace("\uD800", "", StringComparison.Ordinal)),
            4 => JsonSerializer.SerializeToElement(Enumerable.Range(0, random.Next(3)).Select(_ => Value(depth - 1)).ToArray()),
            _ => JsonSerializer.SerializeToElement(Enumerable.Range(0, random.Next(4)).Select(_ => Key()).Distinct().ToDictionary(k => k, _ => Value(depth - 1))),
        };
    }

    private static ScrubbingSettings Pii(string config) => new() { Profile = ScrubbingProfile.SentryCompat, DataScrubber = false, IpAddresses = AddressHandling.Keep, PiiConfig = config };

    private static SentryEvent Scrub(string json, ScrubbingSettings settings)
    {
        Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(json), out var e));
        return EventScrubber.Scrub(e, ScrubbingPolicy.Of(settings));
    }

    private static string Write(SentryEvent e)
    {
        var output = new ArrayBufferWriter<byte>();
        EventJson.Write(e, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

using System.Buffers;
using System.Text;
using System.Text.Json;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;

namespace ErrorHub.Tests.Scrubbing;

/// <summary>What a project's own settings change of the strict profile.</summary>
public class ScrubbingPolicyTests
{
    private static readonly ScrubbingSettings Keys = new() { SensitiveKeys = ["customer_no", "Vorgang", "id2"], SafeKeys = ["order-token", "email"] };

    [Fact]
    public void Scrub_DefaultSettings_AreTheBuiltInPolicyItself()
    {
        Assert.Same(ScrubbingPolicy.Strict, ScrubbingPolicy.Of(new ScrubbingSettings()));
        Assert.Same(ScrubbingPolicy.Strict, ScrubbingPolicy.Of(ScrubbingSettings.Parse(null)));
        Assert.Equal("strict-2", ScrubbingPolicy.Strict.Version);
        Assert.Null(new ScrubbingSettings().ToJson());
    }

    [Theory]
    [InlineData("""{"customer_no":"A1"}""", """{"customer_no":"[Filtered]"}""")]
    [InlineData("""{"oldCustomerNo":17}""", """{"oldCustomerNo":"[Filtered]"}""")]
    [InlineData("""{"vorgangsnummer":["x"]}""", """{"vorgangsnummer":"[Filtered]"}""")]
    [InlineData("""{"a":"customer_no=A1; b=c"}""", """{"a":"customer_no=[Filtered]; b=c"}""")]
    [InlineData("""{"a":"no {\"customerNo\":\"A1\"} here"}""", """{"a":"no {\"customerNo\":\"[Filtered]\"} here"}""")]
    [InlineData("""{"a":["customer_no","A1"]}""", """{"a":["customer_no","[Filtered]"]}""")]
    [InlineData("""{"order_token":"abc","shopOrderToken":"abc"}""", """{"order_token":"abc","shopOrderToken":"[Filtered]"}""")]
    [InlineData("""{"order-token":4111111111111111,"a":4111111111111111}""", """{"order-token":4111111111111111,"a":"[creditcard]"}""")]
    [InlineData("""{"email":"a@b.cc","mail":"a@b.cc"}""", """{"email":"a@b.cc","mail":"[email]"}""")]
    [InlineData("""{"email":{"password":"x"}}""", """{"email":{"password":"[Filtered]"}}""")]
    [InlineData("""{"a":"order_token=abcdef12 token=abcdef12"}""", """{"a":"order_token=abcdef12 token=[Filtered]"}""")]
    [InlineData("""{"id2":"x","grid2000":"x","bid":"x"}""", """{"id2":"[Filtered]","grid2000":"[Filtered]","bid":"x"}""")]
    public void Scrub_KeysOfTheOwner_AreKeptOrGo(string extra, string expected)
    {
        var e = Scrub($$"""{"extra":{{extra}}}""", Keys);
        Assert.Equal(expected, JsonSerializer.Serialize(e.Extra, Relaxed));
        Assert.StartsWith("strict-2+", e.Receipt!.Policy, StringComparison.Ordinal);
    }

    [Fact]
    public void Scrub_KeysOfTheOwner_ReachFieldsThatHaveNames()
    {
        var e = Scrub(
            """{"user":{"id":"42","email":"a@b.cc","username":"mia"},"server_name":"node-7","tags":{"customer_no":"A1"},"request":{"headers":{"X-Customer-No":"A1"},"cookies":"email=x; b=y"}}""",
            Keys with { SensitiveKeys = ["customer_no", "username", "server name"] });

        Assert.Equal(("42", "a@b.cc", "[Filtered]", "[Filtered]"), (e.User!.Id, e.User.Email, e.User.Username, e.ServerName));
        Assert.Equal("[Filtered]", e.Tags[0].Value);
        Assert.Equal("[Filtered]", e.Request!.Headers[0].Value);
        Assert.Equal(["x", "[Filtered]"], e.Request.Cookies.Select(c => c.Value));
    }

    [Theory]
    [InlineData(AddressHandling.Remove, null, "from [ip] and [ip] by [ip]")]
    [InlineData(AddressHandling.Truncate, "203.0.113.0", "from 203.0.113.0 and 2001:db8:85a3:: by 192.0.2.0")]
    [InlineData(AddressHandling.Keep, "203.0.113.9", "from 203.0.113.9 and 2001:db8:85a3:1::7 by ::ffff:192.0.2.44")]
    public void Scrub_Addresses_AreTreatedAsSet(AddressHandling handling, string? ofUser, string message)
    {
        var settings = new ScrubbingSettings { IpAddresses = handling };
        var e = Scrub("""{"message":"from 203.0.113.9 and 2001:db8:85a3:1::7 by ::ffff:192.0.2.44","user":{"id":"1","ip_address":"203.0.113.9"}}""", settings);

        Assert.Equal((message, ofUser), (e.Message!.Text, e.User!.IpAddress));
        AssertAtRest(e, settings);
    }

    [Fact]
    public void Scrub_PartsMasked_KeepTheirShape()
    {
        var settings = new ScrubbingSettings { SourceLines = PartHandling.Mask, Variables = PartHandling.Mask, Bodies = PartHandling.Mask };
        var e = Scrub(
            """
            {"exception":[{"stacktrace":{"frames":[{"function":"f","context_line":"  var id2 = Find(\"Anna\", 17); // for Anna","pre_context":["# Anna","x"],
              "vars":{"name":"Anna Schmidt","n":3,"ok":true,"none":null,"empty":"","list":[{"a":"x"}],"password":"hunter2"}}]}}],
             "request":{"data":{"name":"Anna","items":[1,2]}},"contexts":{"response":{"status_code":500,"data":"Anna"}}}
            """, settings);
        var frame = e.Exceptions[0].StackTrace!.Frames[0];

        Assert.Equal("  var id2 = Find(\"****\", **); // *** ****", frame.ContextLine);
        Assert.Equal(["# ****", "x"], frame.PreContext);
        Assert.Equal(
            """{"name":"[text 8-15]","n":"[number]","ok":true,"none":null,"empty":"","list":[{"a":"[text 1-7]"}],"password":"[Filtered]"}""",
            JsonSerializer.Serialize(frame.Vars, Relaxed));
        Assert.Equal("""{"name":"[text 1-7]","items":["[number]","[number]"]}""", e.Request!.Data!.Value.GetRawText());
        Assert.Equal("""{"status_code":500,"data":"[text 1-7]"}""", e.Contexts["response"].GetRawText());
        Assert.Contains(new Removal("exception.values.0.stacktrace.frames.0.vars", "variables", "masked", 4, "8-15"), e.Receipt!.Removals);
        AssertAtRest(e, settings);
    }

    [Fact]
    public void Scrub_PartsDropped_LeaveNothingOfThem()
    {
        var settings = new ScrubbingSettings { SourceLines = PartHandling.Drop, Variables = PartHandling.Drop, Bodies = PartHandling.Drop };
        var e = Scrub(
            """
            {"threads":[{"id":1,"stacktrace":{"frames":[{"function":"f","context_line":"Anna","post_context":["Anna"],"vars":{"Anna":1}}]}}],
             "request":{"url":"https://x/","data":"Anna"},"contexts":{"response":{"data":{"Anna":1}}}}
            """, settings);

        Assert.DoesNotContain("Anna", Write(e), StringComparison.Ordinal);
        Assert.Equal(
            ["threads.values.0.stacktrace.frames.0.context_line source-lines", "threads.values.0.stacktrace.frames.0.post_context source-lines",
             "threads.values.0.stacktrace.frames.0.vars variables", "request.data bodies", "contexts.response.data bodies"],
            e.Receipt!.Removals.Select(r => $"{r.Path} {r.Rule}"));
        AssertAtRest(e, settings);
    }

    [Fact]
    public void Masks_QuotesEscapesAndComments_LeaveTheCode()
    {
        Assert.Equal("x = '***' + \"**\" + y1", Masks.OfSource("x = 'abc' + \"\\\"\" + y1"));
        Assert.Equal("call('**********", Masks.OfSource("call('not closed"));
        Assert.Equal("-- *****, ****", Masks.OfSource("-- Anna1, born"));
        Assert.Equal("a[i] = ****;", Masks.OfSource("a[i] = 0x1F;"));
        Assert.Equal("fetch(\"*********************\")", Masks.OfSource("fetch(\"https://example.org/1\")"));
    }

    [Theory]
    [InlineData("""{"sensitiveKeys":["a","---"]}""", "sensitiveKeys, line 2: The key has no letter and no digit.")]
    [InlineData("""{"safeKeys":["","0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"]}""", "safeKeys, line 2: The key has more than 128 characters.")]
    public void Check_KeyThatCannotBe_SaysInWhichLine(string json, string problem)
    {
        var settings = ScrubbingSettings.Parse(json);
        Assert.Equal(problem, Assert.Single(ScrubbingPolicy.Check(settings)).ToString());
        Assert.Throws<ArgumentException>(() => ScrubbingPolicy.Of(settings));
    }

    [Theory]
    [InlineData("""{"variables":"perhaps"}""")]
    [InlineData("""{"variables":1}""")]
    [InlineData("""{"newer":true}""")]
    [InlineData("""{"safeKeys":[null]}""")]
    [InlineData("""{"rules":null}""")]
    [InlineData("""{"rules":[{"name":"x"}]}""")]
    [InlineData("null")]
    [InlineData("{")]
    public void Parse_WhatThisVersionDoesNotKnow_IsRefused(string json) => Assert.ThrowsAny<JsonException>(() => ScrubbingSettings.Parse(json));

    [Fact]
    public void ToJson_ReadAgain_IsTheSame()
    {
        var settings = Keys with { IpAddresses = AddressHandling.Truncate, Bodies = PartHandling.Drop };
        Assert.Equal(settings.ToJson(), ScrubbingSettings.Parse(settings.ToJson()).ToJson());
        Assert.Equal("""{"bodies":"drop"}""", new ScrubbingSettings { Bodies = PartHandling.Drop }.ToJson());
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static void AssertAtRest(SentryEvent e, ScrubbingSettings settings)
    {
        var once = Write(e);
        EventScrubber.Scrub(e, ScrubbingPolicy.Of(settings));
        Assert.Equal(once, Write(e));
    }

    private static SentryEvent Scrub(string json, ScrubbingSettings settings)
    {
        Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(json), out var e));
        EventScrubber.Scrub(e, ScrubbingPolicy.Of(settings));
        return e;
    }

    private static string Write(SentryEvent e)
    {
        var output = new ArrayBufferWriter<byte>();
        EventJson.Write(e, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}

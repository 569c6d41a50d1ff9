using System.Buffers;
using System.Text;
using System.Text.Json;
using ErrorHub.Grouping;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;

namespace ErrorHub.Tests.Scrubbing;

public class EventScrubberTests
{
    private const string Card = "4111111111111111";

    /// <summary>A card in every place that text can be in.</summary>
    private const string Everywhere = """
        {
          "transaction": "pay CARD", "culprit": "at CARD", "server_name": "h CARD", "fingerprint": ["f CARD"],
          "logentry": {"message": "m CARD", "formatted": "f CARD", "params": ["p CARD", {"CARD": 1}]},
          "exception": {"values": [{"type": "E", "value": "v CARD", "unknown": ["CARD"],
            "mechanism": {"type": "generic", "description": "CARD", "help_link": "https://x/?c=CARD", "data": {"a": "CARD"}, "meta": {"a": "CARD"}},
            "stacktrace": {"frames": [{"function": "f", "context_line": "x = 'CARD'", "pre_context": ["CARD"], "post_context": ["CARD"],
              "vars": {"a": "CARD", "b": {"c": ["CARD"]}, "d": CARD}, "unknown": "CARD"}]}}]},
          "threads": {"values": [{"id": 1, "name": "CARD", "held_locks": {"a": "CARD"}}]},
          "breadcrumbs": [{"message": "CARD", "category": "c CARD", "data": {"a": "CARD"}}],
          "request": {"url": "https://x/CARD", "query_string": "a=CARD", "fragment": "CARD", "cookies": "a=CARD",
            "headers": {"X-Card": "CARD", "Referer": "https://x/?a=CARD"}, "env": {"A": "CARD"}, "data": "a=CARD&b=4111%201111%201111%201111"},
          "user": {"id": "CARD", "username": "CARD", "name": "CARD", "email": "CARD@x.org", "geo": {"city": "CARD"}, "plan": "CARD"},
          "tags": {"card": "CARD"}, "contexts": {"app": {"a": "CARD"}}, "extra": {"a": {"b": "CARD"}, "CARD": 1}, "unknown": {"a": "CARD"}
        }
        """;

    [Fact]
    public void Scrub_CardInEveryPlace_LeavesNone()
    {
        var e = Read(Everywhere.Replace("CARD", Card, StringComparison.Ordinal));
        EventScrubber.Scrub(e);
        var json = Write(e);
        Assert.DoesNotContain("4111", json, StringComparison.Ordinal);
        Assert.True(json.Split("[creditcard]").Length > 30, json);
        Assert.DoesNotContain("scrubbing_failed", json, StringComparison.Ordinal);
    }

    [Fact]
    public void Scrub_Twice_ChangesNothing()
    {
        var e = Read(Everywhere.Replace("CARD", Card, StringComparison.Ordinal));
        EventScrubber.Scrub(e);
        var (once, hash) = (Write(e), Grouper.GroupingOf(e).Hash.ToString());
        EventScrubber.Scrub(e);
        Assert.Equal(once, Write(e));
        var again = Read(once);
        Assert.Equal(once, Write(again));
        Assert.Equal(hash, Grouper.GroupingOf(again).Hash.ToString());
    }

    [Theory]
    [InlineData("""{"extra":{"a":"a+b;password=hunt{er}2,,o"}}""", "becomes a form once its brace is gone")]
    [InlineData("""{"extra":{"a":"\ufffd8,7eJyr;g,+33\ufffd3138],-DOB=,-2^]{}33,\u0018,,o"}}""", "likewise, as the fuzzer found it")]
    [InlineData("""{"errors":[{"type":"invalid_data","name":"password_of_LONG","value":"name=a LONG"}]}""", "a note that a replacement makes longer")]
    public void Scrub_TextThatReadsDifferentlyAfterwards_ComesToRest(string json, string why)
    {
        var settings = new ScrubbingSettings { Profile = ScrubbingProfile.SentryCompat, Rules = [new OwnRule("longer", "a L")] };
        foreach (var policy in (ScrubbingPolicy[])[ScrubbingPolicy.Strict, ScrubbingPolicy.Of(settings)])
        {
            var once = Write(EventScrubber.Scrub(Read(json.Replace("LONG", "L" + new string('x', 190), StringComparison.Ordinal)), policy));
            Assert.True(Write(EventScrubber.Scrub(Read(once), policy)) == once, why);
        }
    }

    [Fact]
    public void Scrub_SameFaultOfTwoPatients_IsOneIssue()
    {
        var first = Read("""{"message":"No bed for anna@example.org, MRN 0012345, born 12 April 1985, password was hunter"}""");
        var second = Read("""{"message":"No bed for b.c@klinik.example.de, MRN A99-1, born 3 May 1990, password was sesame"}""");
        Assert.NotEqual(Grouper.GroupingOf(first).Hash.ToString(), Grouper.GroupingOf(second).Hash.ToString());

        EventScrubber.Scrub(first);
        EventScrubber.Scrub(second);
        Assert.Equal("No bed for [email], MRN [mrn], born [birthdate], password was [Filtered]", EventHeading.Of(first).Title);
        Assert.Equal(Grouper.GroupingOf(first).Hash.ToString(), Grouper.GroupingOf(second).Hash.ToString());
    }

    [Fact]
    public void Scrub_User_KeepsTheIdAlone()
    {
        var e = Read("""{"user":{"id":"42","email":"a@b.cc","name":"Anna Schmidt","ip_address":"203.0.113.9"}}""");
        EventScrubber.Scrub(e);
        Assert.Equal(("42", "[email]", "[Filtered]", null), (e.User!.Id, e.User.Email, e.User.Name, e.User.IpAddress));

        e = Read("""{"user":{"ip_address":"203.0.113.9"}}""");
        EventScrubber.Scrub(e);
        Assert.Null(e.User);
    }

    [Fact]
    public void Scrub_SourceLines_KeepCodeThatNamesSecrets()
    {
        var e = Read("""{"exception":[{"stacktrace":{"frames":[{"context_line":"var pw = \"S3cr3t\";","vars":{"pw":"S3cr3t"}}]}}]}""");
        EventScrubber.Scrub(e);
        var frame = e.Exceptions[0].StackTrace!.Frames[0];
        Assert.Equal("var pw = \"S3cr3t\";", frame.ContextLine);
        Assert.Equal("[Filtered]", frame.Vars["pw"].GetString());
    }

    [Fact]
    public void Scrub_ValueThatCannotBeRead_CostsTheFieldAndSaysSo()
    {
        var e = new SentryEvent();
        using (var document = JsonDocument.Parse("{\"a\":\"secret\"}"))
            e.Extra = new() { ["a"] = document.RootElement, ["b"] = JsonSerializer.SerializeToElement(1) };

        EventScrubber.Scrub(e);
        Assert.Equal("[Filtered]", e.Extra["a"].GetString());
        Assert.Equal(1, e.Extra["b"].GetInt32());
        Assert.Equal(new EventError("scrubbing_failed", "extra.a", null), Assert.Single(e.Errors));
    }

    [Theory]
    [InlineData("a=", "%")]
    [InlineData("sk-", "")]
    [InlineData("pwd=,a", "")]
    [InlineData("a@b.cc ", "")]
    [InlineData("eyJ", "")]
    public void Scrub_LongTextMadeToBeExpensive_Ends(string piece, string end) =>
        // A call within a call for each piece overflows the stack, and a search to the end for each takes a quarter of an hour.
        Assert.NotEmpty(ValueScrubber.Scrub(string.Concat(Enumerable.Repeat(piece, 400_000)) + end, TextPlace.Prose));

    [Fact]
    public void Scrub_PiecesOfSecretsInAnyOrder_ComesToRest()
    {
        string[] pieces =
        [
            "password", "=", ":", " is ", "'", "\"", "\\", "{", "}", "[", "]", "(", ",", ";", "&", "%40", "%", "@", "a.b", "example.org", "4111", " ", "-", "1111", "DE89",
            "3704004405320130", "10.1.2.3", "::1", "//", "https", "eyJhbGciOiJIUzI1NiJ9", ".", "Bearer ", "Basic ", "/home/", "bob", "\\Users\\", "+49", "301234567", "SSN ",
            "078-05-1120", "born ", "1985", "[email]", "[Filtered]", "token", "-----BEGIN RSA PRIVATE KEY-----", "-----END ", "\n", "é", "\u200B", "１", "\uD800", "Cookie", "^", "x",
        ];
        var random = new Random(20261126);
        for (var round = 0; round < 20_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 14)).Select(_ => pieces[random.Next(pieces.Length)]));
            var scrubbed = ValueScrubber.Scrub(text, TextPlace.Prose);
            Assert.True(ValueScrubber.Scrub(scrubbed, TextPlace.Prose) == scrubbed, $"{text}\n{scrubbed}\n{ValueScrubber.Scrub(scrubbed, TextPlace.Prose)}");
        }
    }

    private static SentryEvent Read(string json)
    {
        Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(json), out var e));
        return e;
    }

    private static string Write(SentryEvent e)
    {
        var output = new ArrayBufferWriter<byte>();
        EventJson.Write(e, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    [Fact]
    public void Scrub_SecretInTheNameOfATag_RemovesTheTagAndNamesItNowhere()
    {
        Assert.True(EventJson.TryParse(
            """{"tags":{"got 536-22-8145 here":"a","the password is hunter2xyz":"b","card 4111 1111 1111 1111!":"c","/home/anna/app":"c","ward-b-12":"d"}}"""u8.ToArray(), out var e));
        e = EventScrubber.Scrub(e);

        Assert.Equal(["ward-b-12"], e.Tags.Select(t => t.Key));
        Assert.Equal(["[Filtered]", "[Filtered]"], e.Errors.Select(error => error.Name));
        Assert.Equal(["creditcard", "secret", "ssn", "user"], e.Receipt!.Removals.Select(r => r.Rule).Order());
    }
}

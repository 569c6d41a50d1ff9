using System.Buffers;
using System.Text;
using ErrorHub.Normalization;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;
using ErrorHub.Sessions;

namespace ErrorHub.Tests.Scrubbing;

/// <summary>Each key of an event can hold a text of its sender, also those that are meant for names.</summary>
public class EveryKeyTests
{
    private const string Card = "4111111111111111";
    private const string Mailbox = "anna.schmidt@klinik-nord.example";
    private const string Token = "ghp_0123456789abcdefghijklmnopqrstuvwxyz";

    /// <summary>All keys of the protocol that hold text, and what it calls them by other names.</summary>
    public static TheoryData<string> Keys =>
    [
        """{"message":"SECRET"}""", """{"logentry":{"message":"a %s SECRET","formatted":"SECRET","params":["SECRET"]}}""",
        """{"event_id":"SECRET"}""", """{"timestamp":"at SECRET"}""", """{"received":"at SECRET"}""", """{"platform":"SECRET"}""", """{"level":"SECRET"}""",
        """{"logger":"SECRET"}""", """{"transaction":"SECRET"}""", """{"culprit":"SECRET"}""", """{"server_name":"SECRET"}""", """{"release":"SECRET"}""",
        """{"release":"app@1.0.0 SECRET"}""", """{"dist":"SECRET"}""", """{"environment":"SECRET"}""", """{"type":"SECRET"}""",
        """{"fingerprint":["{{ default }}","SECRET"]}""", """{"fingerprint":"SECRET"}""", """{"checksum":"SECRET"}""", """{"site":"SECRET"}""",
        """{"tags":{"a":"SECRET","environment":"SECRET"}}""", """{"tags":[["SECRET","b"]]}""", """{"modules":{"SECRET":"1.0","requests":"SECRET"}}""",
        """{"user":{"id":"SECRET"}}""", """{"user":{"username":"SECRET"}}""", """{"user":{"name":"SECRET","email":"SECRET","ip_address":"SECRET"}}""",
        """{"user":{"geo":{"city":"SECRET"},"segment":"SECRET","data":{"SECRET":"SECRET"}}}""",
        """{"request":{"url":"https://a.example/SECRET?b=SECRET#SECRET","method":"SECRET","query_string":"a=SECRET&SECRET=1","data":{"a":"SECRET"},"cookies":"SECRET=SECRET","headers":{"X-A":"SECRET","SECRET":"1"},"env":{"A":"SECRET"}}}""",
        """{"exception":[{"type":"SECRET","value":"SECRET","module":"SECRET","mechanism":{"type":"SECRET","source":"SECRET","description":"SECRET","data":{"a":"SECRET"},"meta":{"a":"SECRET"}}}]}""",
        """{"exception":[{"value":"a","stacktrace":{"frames":[{"function":"f","vars":{"a":"SECRET"},"context_line":"SECRET","pre_context":["SECRET"],"platform":"SECRET","other":"SECRET"}]}}]}""",
        """{"threads":[{"name":"SECRET","other":"SECRET"}]}""", """{"breadcrumbs":[{"type":"SECRET","category":"SECRET","message":"SECRET","level":"SECRET","data":{"a":"SECRET"}}]}""",
        """{"contexts":{"a":{"b":"SECRET"},"os":{"name":"SECRET"},"SECRET":{"a":1}}}""", """{"extra":{"a":"SECRET","SECRET":1}}""",
        """{"sdk":{"name":"SECRET"}}""", """{"sdk":{"name":"a","version":"SECRET","integrations":["SECRET"],"packages":[{"name":"SECRET","version":"1"}],"settings":{"a":"SECRET"}}}""",
        """{"errors":[{"type":"invalid_data","name":"a","value":"SECRET"}]}""", """{"_meta":{"a":{"":{"val":"SECRET"}}}}""", """{"template":{"filename":"a","context_line":"SECRET"}}""",
        """{"csp":{"blocked_uri":"SECRET"}}""", """{"what_no_one_knows":{"a":["SECRET"]}}""", """{"SECRET":1}""", """{"spans":[{"description":"SECRET"}]}""", """{"project":"SECRET","version":"SECRET"}""",
    ];

    /// <summary>Those in which numbers are ids and names have versions, so that only what is secret by itself is looked for.</summary>
    public static TheoryData<string> Ids =>
    [
        """{"exception":[{"value":"a","thread_id":"SECRET","stacktrace":{"registers":{"r0":"SECRET"},"frames":[{"function":"SECRET","raw_function":"SECRET","module":"SECRET","package":"SECRET","filename":"SECRET","abs_path":"SECRET","instruction_addr":"SECRET"}]}}]}""",
        """{"threads":[{"id":"SECRET","name":"a"}]}""", """{"debug_meta":{"images":[{"type":"elf","code_file":"SECRET"}]}}""", """{"contexts":{"trace":{"trace_id":"SECRET","op":"SECRET"}}}""",
    ];

    [Theory]
    [MemberData(nameof(Keys))]
    public void Scrub_SecretUnderAnyKey_LeavesNone(string json) => Assert.All([Card, Mailbox, Token], secret => AssertGone(json, secret));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Scrub_TokenUnderAnyKeyOfIds_LeavesNone(string json) => AssertGone(json, Token);

    [Theory]
    [InlineData("""{"release":"my-app@1.2.3+build.5","environment":"production","dist":"1.2.3.4"}""")]
    [InlineData("""{"release":"com.example.app@4.0.1","environment":"staging-eu-1","dist":"42"}""")]
    [InlineData("""{"release":"app@1.2.3","environment":"pr-1234"}""")]
    [InlineData("""{"release":"shop@10.2.3.4+20261126112233","environment":"dev_anna"}""")]
    [InlineData("""{"release":"shop@1.0.0-rc.two","environment":"QA (Berlin)"}""")]
    [InlineData("""{"release":"org.acme.shop@2.0.0.Final"}""")]
    [InlineData("""{"release":"8f14e45fceea167a5a36dedd4bea2543c6f8a1b0","dist":"8f14e45f"}""")]
    [InlineData("""{"release":"1234567890123456789012345678901234567890"}""")]
    [InlineData("""{"release":"2026-11-26T10-20-30.15"}""")]
    [InlineData("""{"platform":"csharp","logger":"Shop.Orders.OrderService","server_name":"web-7.eu.example.com"}""")]
    [InlineData("""{"sdk":{"name":"sentry.javascript.node","version":"8.0.0","integrations":["Http"],"packages":[{"name":"npm:@sentry/node","version":"8.0.0.1"}]}}""")]
    [InlineData("""{"modules":{"react-dom":"18.2.0","@sentry/node":"8.0.0-beta.one","System.Private.CoreLib":"10.0.0.0","grpc":"1.62.1.9"}}""")]
    [InlineData("""{"exception":[{"type":"System.Net.Http.HttpRequestException","value":"a","module":"System.Net.Http, Version=10.0.1.2","mechanism":{"type":"onunhandledrejection","source":"InnerException"}}]}""")]
    public void Scrub_NormalNames_ChangesNothing(string json)
    {
        var before = Write(Read(json));
        var e = EventScrubber.Scrub(Read(json));
        Assert.Empty(e.Receipt!.Removals);
        e.Receipt = null;
        Assert.Equal(before, Write(e));
    }

    [Fact]
    public void Of_SessionsOfNamesThatHoldASecret_LoseItAsEventsDo()
    {
        Assert.True(SessionReport.TryParse(Encoding.UTF8.GetBytes($$$"""
            {"sid":"c07f4b0e5ac2487a9b7fd8d2ba1a2b11","started":"2026-11-25T10:00:00Z","init":true,"attrs":{"release":"app@1.2.3.4 {{{Mailbox}}}","environment":"{{{Token}}}"}}
            """), out var report));
        var received = ReceivedSessions.Of(1, DateTimeOffset.UnixEpoch, report, ScrubbingPolicy.Strict);
        Assert.Equal(("app@1.2.3.4 [email]", "[token]"), (received.Report.Release, received.Report.Environment));
    }

    private static void AssertGone(string json, string secret)
    {
        var e = EventScrubber.Scrub(Read(json.Replace("SECRET", secret, StringComparison.Ordinal)));
        var text = Write(e);
        Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(DerivedTags.Of(e), t => t.Value.Contains(secret, StringComparison.OrdinalIgnoreCase));
        // What stays out altogether needs no receipt.
        var isLeftOut = !Write(Read(json)).Contains("SECRET", StringComparison.OrdinalIgnoreCase);
        Assert.True(isLeftOut || e.Receipt!.Removals.Count > 0, text);
        Assert.Equal(text, Write(EventScrubber.Scrub(Read(text))));
    }

    private static SentryEvent Read(string json)
    {
        Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(json), out var e));
        return e;
    }

    private static string Write(SentryEvent e)
    {
        var json = new ArrayBufferWriter<byte>();
        EventJson.Write(e, json);
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }
}

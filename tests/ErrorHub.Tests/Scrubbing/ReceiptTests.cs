using System.Buffers;
using System.Text;
using ErrorHub.Privacy;
using ErrorHub.Protocol.Events;
using ErrorHub.Scrubbing;

namespace ErrorHub.Tests.Scrubbing;

public class ReceiptTests
{
    [Fact]
    public void Scrub_FindsInManyPlaces_SaysWhereByWhichRuleAndHowOften()
    {
        var e = Read("""
            {
              "message": "from a@b.cc to c@d.ee with 4111111111111111",
              "exception": {"values": [{"value": "x"}, {"value": "password=hunter2", "stacktrace": {"frames": [
                {"function": "f"}, {"vars": {"user": {"pin": 12345678}, "a@b.cc": 1}, "pre_context": ["", "x = 'a@b.cc'"]}]}}]},
              "breadcrumbs": [{"data": {"body": "{\"list\": [1, {\"token\": \"0123456789abcdef\"}]}", "form": "a=1&card=4111%201111%201111%201111"}}],
              "request": {"cookies": "sid=1", "headers": {"Authorization": "Bearer x"}},
              "user": {"id": "1", "email": "a@b.cc", "ip_address": "203.0.113.9"}
            }
            """);
        EventScrubber.Scrub(e);

        Assert.Equal(ScrubbingPolicy.Strict.Version, e.Receipt!.Policy);
        Assert.Equal(0, e.Receipt.More);
        Assert.Equal(
            [
                new Removal("logentry.formatted", "email", "replaced", 2, "1-7"),
                new Removal("logentry.formatted", "creditcard", "replaced", 1, "16-31"),
                new Removal("exception.values.1.value", "secret", "replaced", 1, "1-7"),
                new Removal("exception.values.1.stacktrace.frames.1.pre_context.1", "email", "replaced", 1, "1-7"),
                new Removal("exception.values.1.stacktrace.frames.1.vars.user.pin", "sensitive-key", "removed", 1, "8-15"),
                new Removal("exception.values.1.stacktrace.frames.1.vars", "email", "replaced", 1, "1-7"),
                new Removal("breadcrumbs.values.0.data.body.list.1.token", "sensitive-key", "removed", 1, "16-31"),
                new Removal("breadcrumbs.values.0.data.form.card", "creditcard", "replaced", 1, "16-31"),
                new Removal("request.cookies.sid", "cookie", "removed", 1, "1-7"),
                new Removal("request.headers.Authorization", "sensitive-key", "removed", 1, "8-15"),
                new Removal("user.email", "email", "removed", 1, "1-7"),
                new Removal("user.ip_address", "ip", "removed", 1, "8-15"),
            ],
            e.Receipt.Removals);
    }

    [Fact]
    public void RemovalCount_OfAReceipt_PutsPositionsInListsTogether()
    {
        var receipt = new ScrubbingReceipt("strict-2",
            [
                new Removal("exception.values.0.stacktrace.frames.12.vars.a1", "email", "replaced", 2, "1-7"),
                new Removal("exception.values.1.stacktrace.frames.3.vars.a1", "email", "removed", 1, "8-15"),
                new Removal("exception.values.1.stacktrace.frames.3.vars.a1", "ip", "removed", 1, "8-15"),
                new Removal("", "failed", "dropped", 1, "1-7"),
            ]);

        Assert.Equal(
            [
                new RemovalCount("email", "exception.values[*].stacktrace.frames[*].vars.a1", 3),
                new RemovalCount("ip", "exception.values[*].stacktrace.frames[*].vars.a1", 1),
                new RemovalCount("failed", "", 1),
            ],
            RemovalCount.Of(receipt));
        Assert.Empty(RemovalCount.Of(null));
    }

    [Fact]
    public void Scrub_NothingToFind_LeavesThePolicyAlone()
    {
        var e = Read("""{"message":"out of order"}""");
        EventScrubber.Scrub(e);
        Assert.Equal((ScrubbingPolicy.Strict.Version, 0), (e.Receipt!.Policy, e.Receipt.Removals.Count));
        Assert.Contains($$"""
            "errorhub":{"policy":"{{ScrubbingPolicy.Strict.Version}}"}
            """, Write(e), StringComparison.Ordinal);
    }

    [Fact]
    public void Scrub_NothingToFind_SharesOneReceipt()
    {
        var (first, second) = (Read("""{"message":"out of order"}"""), Read("""{"extra":{"a":[1,"b"]}}"""));
        EventScrubber.Scrub(first);
        EventScrubber.Scrub(second);
        Assert.Same(first.Receipt, second.Receipt);
    }

    [Fact]
    public void Scrub_MoreThanAReceiptHolds_CountsTheRest()
    {
        var e = Read($$"""{"extra":{"list":[{{string.Join(',', Enumerable.Repeat("\"a@b.cc\"", ScrubbingReceipt.MaxRemovals + 7))}}]} }""");
        EventScrubber.Scrub(e);
        Assert.Equal((ScrubbingReceipt.MaxRemovals, 7), (e.Receipt!.Removals.Count, e.Receipt.More));
        Assert.Equal("extra.list.63", e.Receipt.Removals[^1].Path);
    }

    [Fact]
    public void Scrub_LongKeys_KeepPathsShort()
    {
        var e = Read($$"""{"extra":{"{{new string('k', 300)}}":"a@b.cc"} }""");
        EventScrubber.Scrub(e);
        Assert.Equal(Removal.MaxPath, Assert.Single(e.Receipt!.Removals).Path.Length);
    }

    [Fact]
    public void Write_Receipt_ReadsBackTheSame()
    {
        var e = Read("""{"message":"a@b.cc"}""");
        EventScrubber.Scrub(e);
        var again = Read(Write(e));
        Assert.Equal(e.Receipt!.Removals, again.Receipt!.Removals);
        Assert.Equal(Write(e), Write(again));
    }

    [Theory]
    [InlineData("1")]
    [InlineData("{}")]
    [InlineData("""{"policy":1}""")]
    public void Read_ReceiptOfAnotherShape_IsNone(string receipt) => Assert.Null(Read($$"""{"errorhub":{{receipt}}}""").Receipt);

    [Fact]
    public void Scrub_OutOfTime_DropsWhatIsLeftAndSaysSo()
    {
        var text = string.Concat(Enumerable.Repeat("at 10:15 ", 10_000));
        var e = Read($$"""{"extra":{"a":"{{text}}","b":"{{text}}","c":"nothing to look for"},"transaction":"call a@b.cc"}""");
        EventScrubber.Scrub(e, TimeSpan.Zero, ScrubbingPolicy.Strict);

        // The clock is not asked for little; then what no detector begins at still goes through.
        Assert.Equal("call [email]", e.Transaction);
        Assert.Equal("[Filtered]", e.Extra["b"].GetString());
        Assert.Equal("nothing to look for", e.Extra["c"].GetString());
        Assert.Equal(new Removal("extra.b", "time", "dropped", 1, "4096+"), e.Receipt!.Removals[^1]);
    }

    // Found by the fuzz target: the names of a form are paths of the receipt, and are decoded for that.
    [Fact]
    public void Scrub_FormWithANulInAName_LeavesNoneInWhatIsStored()
    {
        var e = Read("""{"extra": {"form": "a%00b=4111%201111%201111%201111&c=1%00"}}""");
        EventScrubber.Scrub(e);

        Assert.Single(e.Receipt!.Removals);
        Assert.DoesNotContain("\\u0000", Write(e), StringComparison.Ordinal);
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
}

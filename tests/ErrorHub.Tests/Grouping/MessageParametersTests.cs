using System.Diagnostics;
using ErrorHub.Grouping;
using static ErrorHub.Tests.Grouping.Grouped;

namespace ErrorHub.Tests.Grouping;

public sealed class MessageParametersTests
{
    [Theory]
    [InlineData("order 1001 not found", "order <number> not found")]
    [InlineData("total -3.5, limit 1,000.25", "total <number>, limit <number>")]
    [InlineData("user 9ec79c33-ec99-42ab-8353-589fcb2e04dc is gone", "user <uuid> is gone")]
    [InlineData("commit 3f9c2b71aa is gone", "commit <hex> is gone")]
    [InlineData("at 0x7FFF5C", "at <hex>")]
    [InlineData("mail to ada@example.org bounced", "mail to <email> bounced")]
    [InlineData("GET https://shop/pay?order=7 failed", "GET <url> failed")]
    [InlineData("connect 10.0.0.1:5432 refused", "connect <ip> refused")]
    [InlineData("connect 2001:db8::ff00:42:8329 refused", "connect <ip> refused")]
    [InlineData("since 2026-07-01T10:00:00.123Z", "since <date>")]
    [InlineData("since 01/07/2026 10:00:00", "since <date> <date>")]
    [InlineData("timeout after 1.5s", "timeout after <duration>")]
    [InlineData("timeout after 30 seconds", "timeout after <duration>")]
    [InlineData("no file /var/lib/shop/a.db", "no file <path>")]
    [InlineData("no file C:\\shop\\a.db", "no file <path>")]
    [InlineData("table 'orders' and \"users\" and `x`", "table <quoted> and <quoted> and <quoted>")]
    public void GroupingOf_ValuesInAMessage_AreParameters(string text, string parameterised) =>
        Assert.Equal(["message: " + parameterised], Message(text).Why);

    [Theory]
    [InlineData("can't pay, won't pay")]
    [InlineData("SHA256 and utf8 are no parameters")]
    [InlineData("Foo::bar() failed")]
    [InlineData("deadbeef or facade")]
    [InlineData("yes/no")]
    public void GroupingOf_Words_StayWords(string text) => Assert.Equal(["message: " + text], Message(text).Why);

    [Fact]
    public void GroupingOf_DifferentMessages_AreDifferent() => AssertDifferent(Message("order 7 not found"), Message("user 7 not found"));

    [Fact]
    public void GroupingOf_LongMessages_AreComparedByTheirBeginning() =>
        AssertSame(Message(new string('x', 600) + "a"), Message(new string('x', 600) + "b"));

    [Theory]
    [InlineData("a@", "")]
    [InlineData("a.", "@")]
    [InlineData("1.", "")]
    [InlineData("/a", "")]
    [InlineData("'", "")]
    [InlineData("a:", "")]
    [InlineData("0000:", "g")]
    [InlineData("a://", " ")]
    [InlineData("-", "1")]
    [InlineData("a1", "_")]
    public void Remove_TextMadeToBacktrack_TakesNoTime(string repeated, string end)
    {
        var text = string.Concat(Enumerable.Repeat(repeated, 8_192 / repeated.Length)) + end;

        var start = Stopwatch.GetTimestamp();
        MessageParameters.Remove(text);

        // A few milliseconds when linear; minutes when it backtracks.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }
}

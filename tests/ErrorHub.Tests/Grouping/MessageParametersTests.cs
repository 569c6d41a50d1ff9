using System.Diagnostics;
using ErrorHub.Grouping;
using static ErrorHub.Tests.Grouping.Grouped;

namespace ErrorHub.Tests.Grouping;

public sealed class MessageParametersTests
{
    [Theory]
    [InlineData("GET https://shop/pay?order=7 failed", "GET <url> failed")]
    [InlineData("see https://shop/pay.", "see <url>.")]
    [InlineData("postgres://ada:secret@db:5432/shop is down", "<url> is down")]
    [InlineData("(wss://shop/live)", "(<url>)")]
    public void Remove_Url(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Theory]
    [InlineData("mail to ada@example.org bounced", "mail to <email> bounced")]
    [InlineData("ada.lovelace+shop@mail.example.org.", "<email>.")]
    [InlineData("package@latest", "package@latest")]
    public void Remove_Email(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Theory]
    [InlineData("user 9ec79c33-ec99-42ab-8353-589fcb2e04dc is gone", "user <uuid> is gone")]
    [InlineData("{9EC79C33-EC99-42AB-8353-589FCB2E04DC}", "{<uuid>}")]
    public void Remove_Uuid(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Theory]
    [InlineData("since 2026-07-01", "since <date>")]
    [InlineData("since 2026-07-01T10:00:00.123Z", "since <date>")]
    [InlineData("since 2026-07-01 10:00:00,123 +02:00, again", "since <date>, again")]
    [InlineData("since 01/07/2026 10:00:00", "since <date>")]
    [InlineData("since 1.7.2026 10:00", "since <date>")]
    [InlineData("at 10:00:00", "at <date>")]
    [InlineData("Wed, 01 Jul 2026 10:00:00 GMT", "<date>")]
    [InlineData("Jul 1, 2026 late", "<date> late")]
    [InlineData("1 July 2026", "<date>")]
    [InlineData("it may 5 times fail", "it <date> times fail")]
    [InlineData("monday is closed", "monday is closed")]
    [InlineData("version 1.2.3", "version <number>")]
    public void Remove_Date(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Theory]
    [InlineData("connect 10.0.0.1:5432 refused", "connect <ip> refused")]
    [InlineData("connect 10.0.0.1: refused", "connect <ip>: refused")]
    [InlineData("connect 2001:db8::ff00:42:8329 refused", "connect <ip> refused")]
    [InlineData("connect ::1 refused", "connect <ip> refused")]
    [InlineData("[fe80::1]:80", "[<ip>]:<number>")]
    [InlineData("version 1.2.3.4.5", "version <number>")]
    [InlineData("Foo::bar() failed", "Foo::bar() failed")]
    [InlineData("dead::beef", "dead::beef")]
    public void Remove_Ip(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Theory]
    [InlineData("no file /var/lib/shop/a.db", "no file <path>")]
    [InlineData("no file /var/lib/shop.", "no file <path>.")]
    [InlineData("no file C:\\shop\\a.db", "no file <path>")]
    [InlineData("no file C:\\Program Files\\shop\\a.db found", "no file <path> found")]
    [InlineData("no file \\\\nas\\shop\\a.db", "no file <path>")]
    [InlineData("no template orders/pay.html", "no template <path>")]
    [InlineData("yes/no", "yes/no")]
    [InlineData("and/or 1/2", "and/or <number>/<number>")]
    public void Remove_Path(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Theory]
    [InlineData("table 'orders' and \"users\" and `x`", "table <quoted> and <quoted> and <quoted>")]
    [InlineData("Tabelle „Orders“, «x», “y”, 「z」", "Tabelle <quoted>, <quoted>, <quoted>, <quoted>")]
    [InlineData("can't pay, won't pay", "can't pay, won't pay")]
    [InlineData("'it's his'", "<quoted>")]
    [InlineData("a 'quote without end", "a 'quote without end")]
    public void Remove_Quoted(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Theory]
    [InlineData("commit 3f9c2b71aa is gone", "commit <hex> is gone")]
    [InlineData("at 0x7FFF5C", "at <hex>")]
    [InlineData("deadbeef or facade", "deadbeef or facade")]
    public void Remove_Hex(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Theory]
    [InlineData("order 01ARZ3NDEKTSV4RRFFQ69G5FAV is gone", "order <id> is gone")]
    [InlineData("421 d2e1a72fcca58-7a1b2c3d4e5sm1234567b3a.12 - gsmtp", "<number> <id>.<number> - gsmtp")]
    [InlineData("SHA256 and utf8 are no parameters", "SHA256 and utf8 are no parameters")]
    public void Remove_Id(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Theory]
    [InlineData("timeout after 1.5s", "timeout after <duration>")]
    [InlineData("timeout after 30 seconds", "timeout after <duration>")]
    [InlineData("timeout after 12ms.", "timeout after <duration>.")]
    [InlineData("30 seconded", "<number> seconded")]
    public void Remove_Duration(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Theory]
    [InlineData("order 1001 not found", "order <number> not found")]
    [InlineData("total -3.5, limit 1,000.25", "total <number>, limit <number>")]
    [InlineData("shop-7 is 1e-9", "shop-<number> is <number>")]
    [InlineData("used 12MB", "used <number>MB")]
    [InlineData("utf8 x86_64", "utf8 x86_64")]
    public void Remove_Number(string text, string parameterised) => Assert.Equal(parameterised, MessageParameters.Remove(text));

    [Fact]
    public void GroupingOf_Message_IsParameterised()
    {
        Assert.Equal(["message: order <number> not found"], Message("order 7 not found").Why);
        AssertDifferent(Message("order 7 not found"), Message("user 7 not found"));
    }

    [Fact]
    public void GroupingOf_LongMessages_AreComparedByTheirBeginning()
    {
        AssertSame(Message(new string('x', 600) + "a"), Message(new string('x', 600) + "b"));
        AssertSame(Message("a\n\nb\nc"), Message("a\n\nb\nd"));
        AssertDifferent(Message("a\nb"), Message("a\nc"));
    }

    [Theory]
    [InlineData("a@", "")]
    [InlineData("a.", "@")]
    [InlineData("1.", "")]
    [InlineData("/a", "")]
    [InlineData("'", "")]
    [InlineData("'a ", "")]
    [InlineData("a:", "")]
    [InlineData("0000:", "g")]
    [InlineData("a://", " ")]
    [InlineData("-", "1")]
    [InlineData("a1", "_")]
    [InlineData("a1-", "")]
    [InlineData("jan 1 ", "")]
    [InlineData("\\\\a", "")]
    [InlineData("1:1:", "")]
    public void Remove_TextMadeToBacktrack_TakesNoTime(string repeated, string end)
    {
        var text = string.Concat(Enumerable.Repeat(repeated, 8_192 / repeated.Length)) + end;

        var start = Stopwatch.GetTimestamp();
        MessageParameters.Remove(text);

        // A few milliseconds when linear; minutes when it backtracks.
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Remove_AnyText_NeverThrows()
    {
        string[] pieces =
        [
            "1", "12", "2026", "-", "+", ".", ",", ":", "::", "/", "\\", "\\\\", "C:", "@", "a", "ff", "0x", "T", "Z", " ", "\n", "jan", "Mon,", "'", "\"", "“", "”", "ms",
            "http", "://", "e", "E", "_", "%", "é", "\0", "\ud800", "9ec79c33-ec99-42ab-8353-589fcb2e04dc", "GMT",
        ];
        var random = new Random(4);
        for (var i = 0; i < 100_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => pieces[random.Next(pieces.Length)]));
            Assert.Equal(MessageParameters.Remove(text), MessageParameters.Remove(text));
            MessageParameters.RemoveNumbers(text);
        }
    }
}

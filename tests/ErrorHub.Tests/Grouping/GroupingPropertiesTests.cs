using System.Text.Json.Nodes;
using ErrorHub.Grouping;
using ErrorHub.Protocol.Events;
using static ErrorHub.Tests.Grouping.Grouped;

namespace ErrorHub.Tests.Grouping;

/// <summary>What holds of every event, whatever is in it.</summary>
public sealed class GroupingPropertiesTests
{
    // Pieces that the cleaners of names look for, so that random names hit their branches.
    private static readonly string[] Pieces =
    [
        "", " ", "<", ">", "(", ")", "[", "]", "{", "}", "::", ".", "+", "-", "$", "$$", "`1", "_m", "0123456789abcdef", "<>c", "d__4", "b__", "g__", "|", "@", "/",
        "\\", "?", "*", "&", "~", "operator", "operator<", "lambda", "{lambda", "{closure:", "class@anonymous", "-[", "+[", "_block_invoke", "closure #1", " in ",
        " as ", " -> ", "_R", "_ZN", "17h", "999999999999", "::h", "block in ", "eval at ", "node_modules/", "pay", "Cart", "\0", "\ud800", "é", "場所", "$LT$",
        "(wrapper", "new ", "(anonymous namespace)", "`anonymous namespace'", "?A0x", "IA__", "__GI_", ".part.", " const", "checkOrder", "VB$StateMachine_", "clo@1",
    ];

    private static readonly string[] Platforms =
        ["csharp", "java", "javascript", "python", "native", "go", "ruby", "php", "dart", "elixir", "cocoa", "other", "wat"];

    [Fact]
    public void GroupingOf_AnyNames_NeverThrowsAndIsTheSameAgain()
    {
        var random = new Random(4);
        for (var i = 0; i < 40_000; i++)
        {
            var e = new SentryEvent { Platform = Pick(random, Platforms), Exceptions = [Exception(random), Exception(random)] };

            var hash = Grouper.GroupingOf(e).Hash.ToString();
            var explained = Grouper.Explain(e);

            Assert.Equal(hash, Grouper.GroupingOf(e).Hash.ToString());
            Assert.Equal(hash, explained.Hashes.Identity.ToString());
        }
    }

    [Fact]
    public void GroupingOf_LongNamesMadeToBacktrack_TakeLinearTime()
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        foreach (var platform in Platforms)
            foreach (var piece in Pieces.Where(p => p.Length > 0))
            {
                var name = string.Concat(Enumerable.Repeat(piece, 20_000 / piece.Length));
                var frames = Enumerable.Range(0, 10).Select(_ => new SentryStackFrame { Function = name, Module = name, Filename = name, Package = name }).ToList();
                Grouper.GroupingOf(new SentryEvent { Platform = platform, Exceptions = [new() { Type = "T", StackTrace = new() { Frames = frames } }] });
            }

        // A second or so; hours when it backtracks.
        Assert.InRange(System.Diagnostics.Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("event_id", "\"9ec79c33ec9942ab8353589fcb2e04dc\"")]
    [InlineData("timestamp", "1750000000")]
    [InlineData("level", "\"fatal\"")]
    [InlineData("logger", "\"shop\"")]
    [InlineData("transaction", "\"GET /pay\"")]
    [InlineData("server_name", "\"web-7\"")]
    [InlineData("release", "\"shop@2\"")]
    [InlineData("environment", "\"staging\"")]
    [InlineData("tags", """{"region":"eu"}""")]
    [InlineData("user", """{"id":"7"}""")]
    [InlineData("request", """{"url":"https://shop/pay?order=7"}""")]
    [InlineData("breadcrumbs", """[{"message":"clicked"}]""")]
    [InlineData("contexts", """{"os":{"name":"Linux"}}""")]
    [InlineData("extra", """{"order":7}""")]
    [InlineData("modules", """{"shop":"2.0"}""")]
    [InlineData("message", "\"order 7 failed\"")]
    public void GroupingOf_FieldThatIsNoPartOfTheFault_ChangesNothing(string field, string value)
    {
        const string Fault = """
            {"platform":"python","exception":[{"type":"T","value":"v","stacktrace":{"frames":[{"function":"pay","module":"shop","in_app":true}]} }]}
            """;
        var e = JsonNode.Parse(Fault)!.AsObject();
        e.Insert(0, field, JsonNode.Parse(value));

        AssertSame(Event(Fault), Event(e.ToJsonString()));
    }

    [Fact]
    public void HashesOf_OtherRoute_DiffersOnlyInTheStrictOne()
    {
        var (here, there) = (Hashes("worker"), Hashes("request"));

        Assert.Equal(here.Identity.ToString(), there.Identity.ToString());
        Assert.Equal(here.Family.ToString(), there.Family.ToString());
        Assert.NotEqual(here.Strict.ToString(), there.Strict.ToString());
        Assert.Equal(3, new[] { here.Identity, here.Strict, here.Family }.Select(h => h.ToString()).Distinct().Count());

        static GroupingHashes Hashes(string caller) => Grouper.HashesOf(Normalization.Normalized.Event($$$"""
            {"platform":"python","exception":[{"type":"T","stacktrace":{"frames":[
             {"function":"{{{caller}}}","module":"shop","in_app":true},{"function":"pay","module":"shop","in_app":true}]} }]}
            """));
    }

    [Fact]
    public void HashesOf_OtherType_IsTheSameFamily()
    {
        Assert.Equal(Family("A"), Family("B"));

        static string Family(string type) => Grouper.HashesOf(Normalization.Normalized.Event($$$"""
            {"platform":"python","exception":[{"type":"{{{type}}}","stacktrace":{"frames":[{"function":"pay","module":"shop","in_app":true}]} }]}
            """)).Family.ToString();
    }

    private static SentryException Exception(Random random) => new()
    {
        Type = random.Next(8) == 0 ? null : Name(random),
        Value = Name(random),
        Mechanism = random.Next(3) == 0 ? null : new Mechanism
        {
            Synthetic = random.Next(4) == 0,
            IsExceptionGroup = random.Next(2) == 0,
            ExceptionId = random.Next(4) == 0 ? null : random.Next(3),
            ParentId = random.Next(3) == 0 ? null : random.Next(3),
        },
        StackTrace = random.Next(6) == 0 ? null : new SentryStackTrace { Frames = [.. Enumerable.Range(0, random.Next(6)).Select(_ => Frame(random))] },
    };

    private static SentryStackFrame Frame(Random random) => new()
    {
        Function = random.Next(8) == 0 ? null : Name(random),
        Module = random.Next(3) == 0 ? null : Name(random),
        Filename = random.Next(3) == 0 ? null : Name(random),
        AbsPath = random.Next(3) == 0 ? null : Name(random),
        Package = random.Next(3) == 0 ? null : Name(random),
        ContextLine = random.Next(3) == 0 ? Name(random) : null,
        Platform = random.Next(8) == 0 ? Pick(random, Platforms) : null,
        InApp = random.Next(3) switch { 0 => true, 1 => false, _ => null },
        LineNo = random.Next(3),
        ColNo = random.Next(2_000),
    };

    private static string Name(Random random) => string.Concat(Enumerable.Range(0, random.Next(7)).Select(_ => Pick(random, Pieces)));

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}

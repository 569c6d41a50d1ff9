using ErrorHub.Grouping;
using static ErrorHub.Tests.Grouping.Grouped;

namespace ErrorHub.Tests.Grouping;

/// <summary>Which parts of an event are its identity.</summary>
public sealed class GrouperTests
{
    private const string Main = """{"function":"main","module":"shop","lineno":1,"in_app":true}""";
    private const string Pay = """{"function":"pay","module":"shop.cart","filename":"shop/cart.py","lineno":20,"in_app":true}""";
    private const string Refund = """{"function":"refund","module":"shop.cart","in_app":true}""";
    private const string Send = """{"function":"send","module":"requests","in_app":false}""";
    private const string Connect = """{"function":"connect","module":"urllib3","in_app":false}""";

    [Fact]
    public void GroupingOf_AppFrames_IsTypeAndTheFirstOfThem()
    {
        var grouping = Frames("python", Main, Pay, Send);

        Assert.Equal("app", grouping.Variant);
        Assert.Equal(["type: T", "frame: pay in shop.cart"], grouping.Why);
    }

    [Fact]
    public void GroupingOf_OtherRouteToTheSameFrame_IsTheSame() =>
        AssertSame(Frames("python", Main, Pay, Send), Frames("python", """{"function":"worker","module":"shop.jobs","in_app":true}""", Pay, Connect));

    [Fact]
    public void GroupingOf_OtherAppFrame_IsAnother() => AssertDifferent(Frames("python", Pay, Send), Frames("python", Refund, Send));

    [Fact]
    public void GroupingOf_OtherType_IsAnother() => AssertDifferent(
        Frames("python", Pay),
        Event($$$"""{"platform":"python","exception":[{"type":"Other","stacktrace":{"frames":[{{{Pay}}}]} }]}"""));

    [Fact]
    public void GroupingOf_NoAppFrame_IsTheTopThree()
    {
        var grouping = Frames("python", """{"function":"start","module":"lib","in_app":false}""", Connect, Send, """{"function":"open","module":"ssl","in_app":false}""");

        Assert.Equal("system", grouping.Variant);
        Assert.Equal(["type: T", "frame: open in ssl", "frame: send in requests", "frame: connect in urllib3"], grouping.Why);
    }

    [Fact]
    public void GroupingOf_FramesTheSdkSaidNothingOf_WinOverLibraryFrames() => Assert.Equal(
        ["type: T", "frame: pay in shop.cart"],
        Frames("python", Main.Replace(",\"in_app\":true", ""), Pay.Replace(",\"in_app\":true", ""), Send).Why);

    [Theory]
    [InlineData("\"lineno\":20", "\"lineno\":99")]
    [InlineData("\"lineno\":20", "\"lineno\":20,\"colno\":7,\"context_line\":\"x = 1\"")]
    [InlineData("\"lineno\":20", "\"lineno\":20,\"abs_path\":\"/releases/42/shop/cart.py\"")]
    [InlineData("\"lineno\":20", "\"lineno\":20,\"instruction_addr\":\"0x7fff5c\"")]
    [InlineData("\"lineno\":20", "\"lineno\":20,\"vars\":{\"order\":7}")]
    public void GroupingOf_WhatChangesFromBuildToBuild_DoesNotSplit(string before, string after) =>
        AssertSame(Frames("python", Pay), Frames("python", Pay.Replace(before, after, StringComparison.Ordinal)));

    [Fact]
    public void GroupingOf_OrderNumberInTheValue_DoesNotSplit()
    {
        AssertSame(Of("order 1001 not found"), Of("order 1002 not found"));
        AssertSame(Of("order 1001 not found"), Of("other"));

        static GroupingResult Of(string value) =>
            Event($$$"""{"exception":[{"type":"T","value":"{{{value}}}","stacktrace":{"frames":[{{{Pay}}}]} }]}""");
    }

    [Fact]
    public void GroupingOf_WrappedException_IsThatOfItsCause()
    {
        const string Cause = $$$"""{"type":"SqlError","value":"v","stacktrace":{"frames":[{{{Pay}}}]}}""";

        AssertSame(Event($$"""{"exception":[{{Cause}}]}"""), Event($$$"""
            {"exception":[{{{Cause}}},{"type":"PaymentFailed","stacktrace":{"frames":[{{{Refund}}}]} }]}
            """));
    }

    [Fact]
    public void GroupingOf_CauseWithoutFrames_TakesThoseOfItsWrapper() => Assert.Equal(
        ["type: SqlError", "frame: pay in shop.cart"],
        Event($$$"""{"exception":[{"type":"SqlError"},{"type":"PaymentFailed","stacktrace":{"frames":[{{{Pay}}}]} }]}""").Why);

    [Fact]
    public void GroupingOf_SyntheticType_IsNotPartOfIt() => Assert.Equal(
        ["frame: pay in shop.cart"],
        Event($$$"""{"exception":[{"type":"SIGSEGV","mechanism":{"type":"signal","synthetic":true},"stacktrace":{"frames":[{{{Pay}}}]} }]}""").Why);

    [Fact]
    public void GroupingOf_DeeperRecursion_IsTheSame() => AssertSame(
        Frames("python", Connect, Send, Send),
        Frames("python", Connect, Send, Send, Send, Send, Send));

    [Fact]
    public void GroupingOf_FramesWithoutNames_AreSkipped() => Assert.Equal(
        ["type: T", "frame: pay"],
        Frames("native", """{"function":"pay"}""", """{"function":"??"}""", """{"instruction_addr":"0x0"}""", """{"function":"abort"}""").Why);

    [Fact]
    public void GroupingOf_OnlyNoise_IsBetterThanNothing() =>
        Assert.Equal(["type: T", "frame: abort"], Frames("native", """{"function":"main"}""", """{"function":"abort"}""").Why);

    [Fact]
    public void GroupingOf_MainThatIsTheApps_IsNoNoise() => Assert.Equal(
        ["type: T", "frame: main"],
        Frames("native", """{"function":"main","in_app":true}""", """{"function":"g_free","in_app":false}""").Why);

    [Theory]
    [InlineData("python", "abort")]
    [InlineData("ruby", "exit")]
    [InlineData("java", "clone")]
    public void GroupingOf_NoiseOfNativePrograms_IsAnAppsNameElsewhere(string platform, string function) =>
        Assert.Equal($"frame: {function} in shop", Frames(platform, Pay, $$"""{"function":"{{function}}","module":"shop","in_app":true}""").Why[1]);

    [Fact]
    public void GroupingOf_NoFrames_IsTypeAndParameterisedValue()
    {
        var grouping = Event("""{"exception":[{"type":"T","value":"order 1001 not found"}]}""");

        Assert.Equal("message", grouping.Variant);
        Assert.Equal(["type: T", "message: order <number> not found"], grouping.Why);
        AssertSame(grouping, Event("""{"exception":[{"type":"T","value":"order 7 not found"}]}"""));
    }

    [Fact]
    public void GroupingOf_MessageWithAStack_IsItsText() => Assert.Equal(
        ["message: order <number> failed"],
        Event($$$"""{"message":"order 7 failed","stacktrace":{"frames":[{{{Pay}}}]}}""").Why);

    [Fact]
    public void GroupingOf_MessageTemplate_WinsOverItsText()
    {
        AssertSame(Of("Ada"), Of("Grace"));

        static GroupingResult Of(string name) => Event($$"""{"logentry":{"message":"hello %s","formatted":"hello {{name}}"} }""");
    }

    [Fact]
    public void GroupingOf_NoExceptionAndNoMessage_IsTheStackOfTheCrashedThread() => Assert.Equal(
        ["frame: pay in shop.cart"],
        Event($$$"""
            {"threads":[{"id":1,"stacktrace":{"frames":[{{{Refund}}}]} },{"id":2,"crashed":true,"stacktrace":{"frames":[{{{Pay}}}]} }]}
            """).Why);

    [Fact]
    public void GroupingOf_NothingAtAll_IsTheUnlabeledEvent() => AssertSame(Event("{}"), Event("""{"tags":{"a":"b"},"level":"fatal"}"""));

    [Fact]
    public void GroupingOf_PartsThatReadAlikeTogether_AreDifferent() => AssertDifferent(
        Event("""{"fingerprint":["ab","c"]}"""), Event("""{"fingerprint":["a","bc"]}"""));

    [Fact]
    public void GroupingOf_GuardOnTop_IsItsCaller()
    {
        const string Check = """{"function":"check_order","module":"shop.rules","in_app":true}""";

        Assert.Equal(["type: T", "frame: pay in shop.cart"], Frames("python", Main, Pay, Check).Why);
        // It called something that threw, so it is a function like any other.
        Assert.Equal(["type: T", "frame: check_order in shop.rules"], Frames("python", Main, Pay, Check, Send).Why);
        Assert.Equal("frame: checkout in shop", Frames("python", Main, Pay, """{"function":"checkout","module":"shop","in_app":true}""").Why[1]);
    }

    [Fact]
    public void GroupingOf_FaultOfTheRuntimeInAGuard_IsTheGuards() => Assert.Equal(
        ["type: java.lang.NullPointerException", "frame: checkOrder in shop.Rules"],
        Event("""
            {"platform":"java","exception":[{"type":"NullPointerException","module":"java.lang","stacktrace":{"frames":[
             {"function":"pay","module":"shop.Cart","in_app":true},{"function":"checkOrder","module":"shop.Rules","in_app":true}]} }]}
            """).Why);

    [Fact]
    public void GroupingOf_StackOverflow_IsTheCycleWhereverItEnded()
    {
        const string A = """{"function":"a","module":"shop","in_app":true}""";
        const string B = """{"function":"b","module":"shop","in_app":true}""";
        const string Leaf = """{"function":"leaf","module":"shop","in_app":true}""";
        var ends = new[] { Overflow(Main, A, B, A, B, A, B), Overflow(Main, A, B, A, B, A), Overflow(Main, A, B, A, B, A, B, Leaf) };

        Assert.All(ends, end => Assert.Equal(["type: RecursionError", "frame: a in shop", "frame: b in shop"], end.Why));

        static GroupingResult Overflow(params string[] frames) => Event($$$"""
            {"platform":"python","exception":[{"type":"RecursionError","stacktrace":{"frames":[{{{string.Join(',', frames)}}}]} }]}
            """);
    }

    [Fact]
    public void GroupingOf_MutualRecursion_CountsEachFunctionOnce() => AssertSame(
        Frames("python", Main.Replace("true", "false"), Connect, Send, Connect, Send),
        Frames("python", Main.Replace("true", "false"), Connect, Send, Connect, Send, Connect, Send, Connect, Send));

    [Fact]
    public void GroupingOf_DotNetCauseWithoutAppFrames_GoesOnWithItsWrapper() => Assert.Equal(
        ["type: System.FormatException", "frame: Pay in Shop.Cart"],
        Event("""
            {"platform":"csharp","exception":[
             {"type":"System.FormatException","stacktrace":{"frames":[{"module":"System.Number","function":"Parse","in_app":false}]} },
             {"type":"Shop.PaymentException","stacktrace":{"frames":[{"module":"Shop.Cart","function":"Pay","in_app":true}]} }]}
            """).Why);

    [Fact]
    public void GroupingOf_DotNetLibraries_CountByTheirClasses() => AssertSame(
        Frames("csharp", Library("System.IO.File", "Open"), Library("System.IO.FileStream", "Init")),
        Frames("csharp", Library("System.IO.File", "OpenCore"), Library("System.IO.FileStream", "Init"), Library("System.IO.FileStream", "Validate")));

    [Fact]
    public void GroupingOf_NoNamesAtAll_IsToldApartByTheMessage()
    {
        Assert.Equal(["type: TypeError", "frame: <anonymous> in main.js", "message: x is <quoted>"], Of("x is 'a'").Why);
        AssertSame(Of("x is 'a'"), Of("x is 'b'"));
        AssertDifferent(Of("x is 'a'"), Of("y is 'a'"));

        static GroupingResult Of(string value) => Event($$"""
            {"platform":"javascript","exception":[{"type":"TypeError","value":"{{value}}","stacktrace":{"frames":[
             {"function":"?","filename":"https://shop/main.js","in_app":true}]} }]}
            """);
    }

    private static string Library(string module, string function) => $$"""{"module":"{{module}}","function":"{{function}}","in_app":false}""";
}

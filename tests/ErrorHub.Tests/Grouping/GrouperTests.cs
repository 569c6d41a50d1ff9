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
        ["type: T", "frame: pay in shop.cart", "frame: main in shop"],
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
        Assert.Equal(["type: T", "frame: abort", "frame: main"], Frames("native", """{"function":"main"}""", """{"function":"abort"}""").Why);

    [Fact]
    public void GroupingOf_MainThatIsTheApps_IsNoNoise() => Assert.Equal(
        ["type: T", "frame: main"],
        Frames("native", """{"function":"main","in_app":true}""", """{"function":"g_free","in_app":false}""").Why);

    [Theory]
    [InlineData("python", "abort")]
    [InlineData("ruby", "raise")]
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
    public void GroupingOf_Version1_GivesTheHashesItAlwaysGave()
    {
        // Stored hashes identify issues: when this fails, the algorithm changed and needs a new version.
        var grouping = Frames("python", Main, Pay, Send);

        Assert.Equal(1, grouping.Hash.Version);
        Assert.Equal("ff204847a6d3c9f1a01b0544489656f7", grouping.Hash.ToString());
        Assert.Equal("36efe086db94a14c52d385c3a9c765b7", Message("order 7 failed").Hash.ToString());
    }
}

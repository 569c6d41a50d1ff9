using System.Diagnostics;
using ErrorHub.Protocol.Events;
using ErrorHub.Stacks;

namespace ErrorHub.Tests.Stacks;

/// <summary>The rule files and the patterns in them.</summary>
public sealed class StackRulesTests
{
    [Theory]
    [InlineData("pay", "pay", true)]
    [InlineData("pay", "payment", false)]
    [InlineData("pay*", "payment", true)]
    [InlineData("*pay", "prepay", true)]
    [InlineData("*pay", "payment", false)]
    [InlineData("*/gems/*", "/usr/lib/gems/a/b.rb", true)]
    [InlineData("to*Error", "toSqlError", true)]
    [InlineData("to*Error", "toSqlErrors", false)]
    [InlineData("a*b*c", "a1b2c", true)]
    [InlineData("a*b*c", "a1c2b", false)]
    [InlineData("check+", "check", true)]
    [InlineData("check+", "checkOrder", true)]
    [InlineData("check+", "check_order", true)]
    [InlineData("check+", "checkout", false)]
    [InlineData("*", "anything", true)]
    [InlineData("Pay", "pay", false)]
    public void Of_Pattern_Matches(string pattern, string name, bool matches) =>
        Assert.Equal(matches ? FrameTraits.Noise : FrameTraits.None, new NamePatterns([(pattern, FrameTraits.Noise)]).Of(name));

    [Fact]
    public void Of_HostilePatternAndName_TakesLinearTime()
    {
        var pattern = string.Concat(Enumerable.Repeat("a*", 1_000)) + "b";
        var start = Stopwatch.GetTimestamp();

        Assert.Equal(FrameTraits.None, new NamePatterns([(pattern, FrameTraits.Noise)]).Of(new string('a', 100_000)));
        Assert.InRange(Stopwatch.GetElapsedTime(start), TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Read_LineThatIsNoRule_IsNamedByItsNumber()
    {
        var failure = Assert.Throws<FormatException>(() => RuleFile.Read("shop", "# fine\nnoise function pay\n\nnoise colour red\n").ToList());

        Assert.Equal("shop:4: 'noise colour red' is no rule.", failure.Message);
    }

    [Fact]
    public void For_EveryKind_HasRulesThatRead() =>
        Assert.All(Enum.GetValues<FrameKind>(), kind => Assert.True(StackRules.For(kind).IsGuard("throwIfNull", "shop", new SentryStackFrame())));

    [Theory]
    [InlineData(FrameKind.Java, "run", "java.util.concurrent.FutureTask", FrameTraits.Noise)]
    [InlineData(FrameKind.Java, "pay", "shop.Cart", FrameTraits.None)]
    [InlineData(FrameKind.DotNet, "Throw", "System.Runtime.ExceptionServices.ExceptionDispatchInfo", FrameTraits.Noise)]
    [InlineData(FrameKind.DotNet, "Pay", "Systematic.Cart", FrameTraits.None)]
    [InlineData(FrameKind.Native, "abort", "", FrameTraits.Noise)]
    [InlineData(FrameKind.Native, "strategy", "", FrameTraits.None)]
    [InlineData(FrameKind.Native, "operator new", "", FrameTraits.Noise)]
    [InlineData(FrameKind.Other, "abort", "", FrameTraits.None)]
    public void NoiseOf_Frame_IsWhatTheRulesSay(FrameKind kind, string function, string module, FrameTraits traits) =>
        Assert.Equal(traits, StackRules.For(kind).NoiseOf(function, module, new SentryStackFrame()));

    [Theory]
    [InlineData(FrameKind.Python, "C:\\app\\Lib\\site-packages\\shop\\a.py", null)]
    [InlineData(FrameKind.Native, null, "/System/Library/Frameworks/AppKit.framework/AppKit")]
    [InlineData(FrameKind.Native, null, "C:\\Windows\\System32\\user32.dll")]
    public void IsLibrary_PathOrPackage_IsOne(FrameKind kind, string? path, string? package) =>
        Assert.True(StackRules.For(kind).IsLibrary(new SentryStackFrame { Function = "pay", AbsPath = path, Package = package }));
}

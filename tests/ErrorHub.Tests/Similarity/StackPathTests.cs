using ErrorHub.Similarity;
using ErrorHub.Tests.Normalization;

namespace ErrorHub.Tests.Similarity;

/// <summary>What of an event is compared.</summary>
public sealed class StackPathTests
{
    private const string Main = """{"function":"main","module":"shop"}""";
    private const string Pay = """{"function":"pay","module":"shop.cart"}""";

    [Fact]
    public void Of_Frames_AreCrashSiteFirstAndTheTypeLast()
    {
        var path = PathOf("T", Main, Pay);

        Assert.Equal(3, path.Length);
        Assert.Equal(path[0], PathOf("T", Pay)[0]);
        Assert.Equal(path[1], PathOf("T", Main)[0]);
        Assert.NotEqual(path[2], PathOf("Other", Main, Pay)[2]);
    }

    [Fact]
    public void Of_LinesAndFolders_DoNotMatter() => Assert.Equal(
        PathOf("T", Main, Pay),
        PathOf("T", Main, """{"function":"pay","module":"shop.cart","lineno":7,"abs_path":"/releases/42/shop/cart.py"}"""));

    [Fact]
    public void Of_Recursion_IsOneStep() => Assert.Equal(PathOf("T", Main, Pay), PathOf("T", Main, Pay, Pay, Pay, Pay));

    [Fact]
    public void Of_LibraryAndNoise_AreInIt() =>
        Assert.Equal(4, PathOf("T", Main, """{"function":"wrapper","module":"functools","in_app":false}""", Pay).Length);

    [Fact]
    public void Of_DeepStack_KeepsTheFramesNearTheCrashAndTheType()
    {
        var deep = PathOf("T", [.. Enumerable.Range(0, 500).Select(i => $$"""{"function":"f{{i}}","module":"m"}""")]);

        Assert.Equal(StackPath.MaxFrames, deep.Length);
        Assert.Equal(PathOf("T", """{"function":"f499","module":"m"}""")[0], deep[0]);
        Assert.Equal(PathOf("T", Main)[1], deep[^1]);
    }

    [Fact]
    public void Of_NothingButAddresses_IsAPathOfItsOwn()
    {
        var path = PathOf("Crash", """{"instruction_addr":"0x10"}""", """{"instruction_addr":"0x20"}""");

        Assert.Equal(2, path.Length);
        Assert.Equal(path, PathOf("Crash", """{"instruction_addr":"0x999"}"""));
    }

    [Fact]
    public void Of_NoStack_IsNull()
    {
        Assert.Null(StackPath.Of(Normalized.Event("""{"message":"no stack"}""")));
        Assert.Null(StackPath.Of(Normalized.Event("""{"exception":[{"type":"T","value":"v"}]}""")));
        Assert.Null(StackPath.Of(Normalized.Event("{}")));
    }

    private static int[] PathOf(string type, params string[] frames) => StackPath.Of(Normalized.Event($$$"""
        {"platform":"python","exception":[{"type":"{{{type}}}","value":"v","stacktrace":{"frames":[{{{string.Join(',', frames)}}}]} }]}
        """))!.Frames.ToArray();
}

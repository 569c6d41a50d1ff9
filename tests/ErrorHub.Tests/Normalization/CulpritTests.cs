using ErrorHub.Normalization;

namespace ErrorHub.Tests.Normalization;

/// <summary>Where an event comes from, in one line (protocol.md section 8.2).</summary>
public sealed class CulpritTests
{
    [Theory]
    [InlineData("javascript", """{"function":"f","filename":"app.js"}""", "f(app.js)")]
    [InlineData("node", """{"filename":"app.js"}""", "?(app.js)")]
    [InlineData("python", """{"function":"f","module":"mod","filename":"mod.py"}""", "mod in f")]
    [InlineData("python", """{"function":"f","filename":"mod.py"}""", "mod.py in f")]
    [InlineData("native", """{"function":"f","filename":"a.c"}""", "f")]
    [InlineData("cocoa", """{"filename":"a.m"}""", "?")]
    [InlineData("python", """{"function":"f","module":"mod","platform":"native"}""", "f")]
    [InlineData("python", """{"function":"f"}""", "")]
    public void Of_Frame_ReadsAsOnItsPlatform(string platform, string frame, string culprit) =>
        Assert.Equal(culprit, Of($$$"""{"platform":"{{{platform}}}","exception":[{"type":"T","stacktrace":{"frames":[{{{frame}}}]}}]}"""));

    [Fact]
    public void Of_SeveralFrames_IsTheLastOfTheApp()
    {
        const string Frames = """
            [{"function":"main","module":"app","in_app":true},{"function":"pay","module":"app","in_app":true},
             {"function":"send","module":"lib","in_app":false}]
            """;

        Assert.Equal("app in pay", Of($$$"""{"exception":[{"type":"T","stacktrace":{"frames":{{{Frames}}} }}]}"""));
        Assert.Equal("lib in send", Of($$$"""{"exception":[{"type":"T","stacktrace":{"frames":{{{Frames.Replace("true", "false", StringComparison.Ordinal)}}} }}]}"""));
    }

    [Fact]
    public void Of_LastExceptionWithoutFrames_IsThatOfTheOneBefore() =>
        Assert.Equal("m in f", Of("""{"exception":[{"type":"A","stacktrace":{"frames":[{"function":"f","module":"m"}]}},{"type":"B"}]}"""));

    [Theory]
    [InlineData("""{"transaction":"GET /pay",*}""", "GET /pay")]
    [InlineData("""{"transaction":"GET /pay","culprit":"old",*}""", "GET /pay")]
    [InlineData("""{"culprit":"old",*}""", "old")]
    [InlineData("""{*}""", "m in f")]
    public void Of_Transaction_WinsOverFrames(string json, string culprit) => Assert.Equal(
        culprit,
        Of(json.Replace("*", """ "exception":[{"type":"T","stacktrace":{"frames":[{"function":"f","module":"m"}]}}]""", StringComparison.Ordinal)));

    [Fact]
    public void Of_SyntheticException_IsEmptyUnlessThereIsATransaction()
    {
        const string Synthetic = """
            "request":{"url":"http://shop/pay"},"exception":[{"type":"T","mechanism":{"type":"x","synthetic":true},
            "stacktrace":{"frames":[{"function":"f","module":"m"}]}}]
            """;

        Assert.Equal("", Of("{" + Synthetic + "}"));
        Assert.Equal("GET /pay", Of($$"""{"transaction":"GET /pay",{{Synthetic}}}"""));
    }

    [Fact]
    public void Of_NoFrames_IsTheUrl()
    {
        Assert.Equal("http://shop/pay", Of("""{"message":"hi","request":{"url":"http://shop/pay?a=1"}}"""));
        Assert.Equal("", Of("""{"message":"hi"}"""));
    }

    [Fact]
    public void Of_LongText_IsCutTo200()
    {
        var culprit = Of($$$"""{"request":{"url":"http://shop/{{{new string('x', 250)}}}"}}""");

        Assert.Equal(200, culprit.Length);
        Assert.EndsWith("...", culprit, StringComparison.Ordinal);
    }

    private static string Of(string json) => EventHeading.Of(Normalized.Event(json)).Culprit;
}

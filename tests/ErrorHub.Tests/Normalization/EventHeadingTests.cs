using ErrorHub.Normalization;

namespace ErrorHub.Tests.Normalization;

/// <summary>Title and metadata (protocol.md sections 8.1 and 8.3).</summary>
public sealed class EventHeadingTests
{
    [Theory]
    [InlineData("""{"type":"ValueError","value":"boom"}""", "ValueError: boom")]
    [InlineData("""{"type":"ValueError","value":"\n  first line \n second"}""", "ValueError: first line")]
    [InlineData("""{"type":"ValueError","value":""}""", "ValueError")]
    [InlineData("""{"type":"ValueError"}""", "ValueError")]
    [InlineData("""{"type":"ValueError","value":{"a":1}}""", "ValueError: {\"a\":1}")]
    [InlineData("""{"type":"ValueError","value":42}""", "ValueError: 42")]
    [InlineData("""{"value":"could not pay"}""", "Error: could not pay")]
    public void Of_Exception_IsTypeAndFirstLine(string exception, string title) => Assert.Equal(title, Title($$"""{"exception":[{{exception}}]}"""));

    [Fact]
    public void Of_SeveralExceptions_IsTheLastOne() =>
        Assert.Equal("Outer: o", Title("""{"exception":[{"type":"Inner","value":"i"},{"type":"Outer","value":"o"}]}"""));

    [Fact]
    public void Of_LongTexts_AreCutToTheirColumns()
    {
        var heading = Of($$"""{"exception":[{"type":"{{new string('T', 300)}}","value":"{{new string('v', 3_000)}}"}]}""");

        Assert.Equal((128, 1_024, 256), (heading.Type!.Length, heading.Value!.Length, heading.Title.Length));
        Assert.EndsWith("...", heading.Title, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_CutInsideAnEmoji_LeavesNoHalfOfIt()
    {
        // The 253 characters that stay would end in the first half of the emoji.
        var title = Title($$"""{"message":"{{new string('x', 252)}}😀{{new string('y', 10)}}"}""");

        Assert.Equal(new string('x', 252) + "...", title);
    }

    [Fact]
    public void Of_SyntheticException_IsTheFunctionThatCrashed()
    {
        Assert.Equal("main", TitleWith("""[{"function":"start"},{"function":"main"},{"function":"<redacted>"}]"""));
        Assert.Equal("<unknown>", TitleWith("[]"));

        static string TitleWith(string frames) => Title($$$"""
            {"exception":[{"type":"SIGSEGV","value":"Segfault","mechanism":{"type":"signalhandler","synthetic":true},
             "stacktrace":{"frames":{{{frames}}} }}]}
            """);
    }

    [Theory]
    [InlineData("""{"message":"hi"}""", "hi")]
    [InlineData("""{"message":"\n first \r\n second"}""", "first")]
    [InlineData("""{"message":{}}""", "<unlabeled event>")]
    [InlineData("""{"message":"  "}""", "<unlabeled event>")]
    [InlineData("{}", "<unlabeled event>")]
    [InlineData("""{"exception":{}}""", "<unlabeled event>")]
    [InlineData("""{"logentry":{"message":"hi %s","params":["x"]}}""", "hi x")]
    [InlineData("""{"logentry":{"formatted":"hi x"},"message":"other"}""", "hi x")]
    [InlineData("""{"message":"hi","exception":[{"stacktrace":{"frames":[{"function":"f"}]}}]}""", "hi")]
    public void Of_Message_IsItsFirstLine(string json, string title)
    {
        var heading = Of(json);

        Assert.Equal((title, null), (heading.Title, heading.Type));
    }

    [Theory]
    [InlineData("""[{"function":"app","filename":"app.py","in_app":true},{"function":"lib","filename":"lib.py","in_app":false}]""", "app", "app.py")]
    [InlineData("""[{"function":"outer","filename":"a.c"},{"function":"inner","filename":"b.c"}]""", "inner", "b.c")]
    [InlineData("""[{"function":"f","filename":"a.c"},{"function":"<unknown>","filename":"b.c"},{"filename":"c.c"}]""", "f", "a.c")]
    [InlineData("""[{"function":"f","abs_path":"/srv/a.c"}]""", "f", "/srv/a.c")]
    [InlineData("""[{"filename":"a.c"}]""", null, null)]
    public void Of_CrashFrame_IsTheLastNamedOneOfTheApp(string frames, string? function, string? filename)
    {
        var heading = Of($$$"""{"exception":[{"type":"T","stacktrace":{"frames":{{{frames}}}}}]}""");

        Assert.Equal((function, filename), (heading.Function, heading.Filename));
    }

    [Fact]
    public void Of_NoExceptionStack_CrashFrameIsOfTheOnlyThread()
    {
        const string Thread = """{"stacktrace":{"frames":[{"function":"run"}]}}""";

        Assert.Equal("run", Of($$"""{"message":"hi","threads":[{{Thread}}]}""").Function);
        Assert.Null(Of($$"""{"message":"hi","threads":[{{Thread}},{{Thread}}]}""").Function);
    }

    private static EventHeading Of(string json) => EventHeading.Of(Normalized.Event(json));

    private static string Title(string json) => Of(json).Title;
}

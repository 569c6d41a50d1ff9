using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Protocol.Events;

public sealed class ExceptionTests
{
    private const string ValueError = """{"type":"ValueError","value":"boom"}""";

    [Theory]
    [InlineData($"[{ValueError}]")]
    [InlineData($$"""{"values":[{{ValueError}}]}""")]
    [InlineData(ValueError)]
    public void TryParse_ExceptionShapes_AreOneList(string json)
    {
        var exception = Assert.Single(Event.Parse($$"""{"exception":{{json}}}""").Exceptions);

        Assert.Equal(("ValueError", "boom"), (exception.Type, exception.Value));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("""{"values":null}""")]
    [InlineData("""{"values":[]}""")]
    public void TryParse_NoException_IsNone(string json) => Assert.Empty(Event.Parse($$"""{"exception":{{json}}}""").Exceptions);

    [Fact]
    public void TryParse_EntriesThatSayNothing_AreLeftOut()
    {
        var e = Event.Parse($$"""{"exception":{"values":[null,{},{"module":"m"},5,{{ValueError}}]} }""");

        Assert.Equal("ValueError", Assert.Single(e.Exceptions).Type);
    }

    [Theory]
    [InlineData("""{"a":1}""", """{"a":1}""")]
    [InlineData("""[1, "x"]""", """[1,"x"]""")]
    [InlineData("42", "42")]
    [InlineData("null", null)]
    [InlineData("\"\"", "")]
    public void TryParse_ExceptionValue_IsTextOrItsJson(string json, string? value) =>
        Assert.Equal(value, Event.Parse($$$"""{"exception":{"type":"T","value":{{{json}}}}}""").Exceptions[0].Value);

    [Fact]
    public void TryParse_LongValue_IsCutTo8192()
    {
        var exception = Event.Parse($$$"""{"exception":{"type":"T","value":"{{{new string('x', 100_000)}}}"}}""").Exceptions[0];

        Assert.Equal(8_192, exception.Value!.Length);
        Assert.EndsWith("...", exception.Value, StringComparison.Ordinal);
        // A little over the limit is not worth a cut.
        Assert.Equal(8_392, Event.Parse($$$"""{"exception":{"type":"T","value":"{{{new string('x', 8_392)}}}"}}""").Exceptions[0].Value!.Length);
    }

    [Fact]
    public void TryParse_ValueThatHoldsTheType_IsSplit()
    {
        var exception = Event.Parse("""{"exception":{"value":"ValueError: boom"}}""").Exceptions[0];

        Assert.Equal(("ValueError", "boom"), (exception.Type, exception.Value));
        Assert.Null(Event.Parse("""{"exception":{"value":"could not pay: boom"}}""").Exceptions[0].Type);
    }

    [Fact]
    public void TryParse_150Exceptions_TheLast100AreKept()
    {
        var exceptions = Event.Parse($$"""{"exception":[{{string.Join(',', Enumerable.Range(0, 150).Select(i => $"{{\"type\":\"T{i}\"}}"))}}]}""").Exceptions;

        Assert.Equal((100, "T149"), (exceptions.Count, exceptions[^1].Type));
    }

    [Theory]
    [InlineData("{}", null, null)]
    [InlineData("null", null, null)]
    [InlineData("\"x\"", null, null)]
    [InlineData("""{"handled":null}""", "generic", null)]
    [InlineData("""{"type":"onerror","handled":false}""", "onerror", false)]
    [InlineData("""{"type":"onerror","handled":"true"}""", "onerror", true)]
    [InlineData("""{"posix_signal":{"number":11}}""", "generic", null)]
    public void TryParse_Mechanism_EveryShape(string json, string? type, bool? handled)
    {
        var mechanism = Event.Parse($$$"""{"exception":{"type":"T","mechanism":{{{json}}}}}""").Exceptions[0].Mechanism;

        Assert.Equal((type, handled), (mechanism?.Type, mechanism?.Handled));
    }

    [Fact]
    public void TryParse_ExceptionGroup_KeepsItsTree()
    {
        var e = Group((3, 1), (2, 0), (1, 0), (0, null));

        Assert.Equal([3, 2, 1, 0], e.Exceptions.Select(x => x.Mechanism!.ExceptionId!.Value));
        Assert.Equal([1, 0, 0, null], e.Exceptions.Select(x => x.Mechanism!.ParentId));
    }

    [Fact]
    public void TryParse_BrokenGroupIds_FallBackToAList()
    {
        AssertIsList(Group((2, 1), (1, 2), (0, null)));
        AssertIsList(Group((1, 1), (0, null)));
        AssertIsList(Group((0, null), (0, null)));
        AssertIsList(Group((1, 7), (0, null)));
        AssertIsList(Group((1, null), (0, null)));
    }

    [Theory]
    [InlineData("null", 0)]
    [InlineData("\"str\"", 0)]
    [InlineData("[]", 0)]
    [InlineData("""[null,{"function":"f"},"x"]""", 1)]
    public void TryParse_Frames_EveryShape(string json, int count) =>
        Assert.Equal(count, Event.Parse($$$"""{"exception":{"type":"T","stacktrace":{"frames":{{{json}}} } } }""").Exceptions[0].StackTrace?.Frames.Count ?? 0);

    [Fact]
    public void TryParse_600Frames_TheLast250WithDetailsAtBothEnds()
    {
        var frames = Event.Parse($$$"""{"stacktrace":{"frames":[{{{string.Join(',', Enumerable.Range(0, 600).Select(i => $"{{\"function\":\"f{i}\",\"vars\":{{\"a\":{i}}},\"context_line\":\"x\",\"pre_context\":[\"y\"]}}"))}}}]}}""").StackTrace!.Frames;

        Assert.Equal((250, "f350", "f599"), (frames.Count, frames[0].Function, frames[^1].Function));
        Assert.Equal([1, 0, 1], [frames[0].Vars.Count, frames[100].Vars.Count, frames[^1].Vars.Count]);
        Assert.Equal(("x", 0), (frames[100].ContextLine, frames[100].PreContext.Count));
    }

    [Fact]
    public void TryParse_FrameValues_AreCoerced()
    {
        var frame = Event.Parse("""
            {"stacktrace":{"frames":[{"lineno":"12","colno":3.0,"pre_context":null,"post_context":[null,"b"],"vars":["x",2],
             "abs_path":"https://shop/js/app.js?v=1","instruction_addr":4096,"trust":"cfi"}]}}
            """).StackTrace!.Frames[0];

        Assert.Equal((12, 3, null), (frame.LineNo, frame.ColNo, frame.InApp));
        Assert.Equal(["", "b"], frame.PostContext);
        Assert.Empty(frame.PreContext);
        Assert.Equal(["0", "1"], frame.Vars.Keys);
        Assert.Equal(("/js/app.js", "0x1000", "cfi"), (frame.Filename, frame.InstructionAddr, frame.Other["trust"].GetString()));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("0")]
    [InlineData("1.5")]
    [InlineData("\"x\"")]
    public void TryParse_LineThatIsNone_IsLeftOut(string json) =>
        Assert.Null(Event.Parse($$$"""{"stacktrace":{"frames":[{"function":"f","lineno":{{{json}}}}]}}""").StackTrace!.Frames[0].LineNo);

    [Theory]
    [InlineData("app:///main.js")]
    [InlineData("webpack:///./src/a.js")]
    [InlineData("/srv/app/a.py")]
    public void TryParse_OnlyAbsPath_IsTheFileName(string path) =>
        Assert.Equal(path, Event.Parse($$$"""{"stacktrace":{"frames":[{"abs_path":"{{{path}}}"}]}}""").StackTrace!.Frames[0].Filename);

    private static SentryEvent Group(params (int Id, int? Parent)[] ids) => Event.Parse($$"""
        {"exception":[{{string.Join(',', ids.Select(x => $$$"""
            {"type":"T","mechanism":{"type":"chained","exception_id":{{{x.Id}}},"parent_id":{{{x.Parent?.ToString() ?? "null"}}} }}
            """))}}]}
        """);

    private static void AssertIsList(SentryEvent e) => Assert.All(e.Exceptions, x => Assert.Null(x.Mechanism!.ExceptionId));
}

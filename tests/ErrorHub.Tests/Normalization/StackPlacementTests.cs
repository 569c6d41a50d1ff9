namespace ErrorHub.Tests.Normalization;

/// <summary>A stack belongs to the exception that was thrown there.</summary>
public sealed class StackPlacementTests
{
    private const string Stack = """{"frames":[{"function":"pay"}]}""";

    [Fact]
    public void Apply_OneExceptionAndALegacyStack_MovesItIn()
    {
        var e = Normalized.Event($$"""{"exception":{"type":"T"},"stacktrace":{{Stack}}}""");

        Assert.Equal("pay", Assert.Single(e.Exceptions).StackTrace?.Frames[0].Function);
        Assert.Null(e.StackTrace);
    }

    [Fact]
    public void Apply_OneExceptionAndOneCrashedThread_MovesItsStackIn()
    {
        var e = Normalized.Event($$"""
            {"exception":{"type":"T"},"threads":[{"id":1,"stacktrace":{{Stack}}},{"id":2,"crashed":true,"stacktrace":{{Stack}}}]}
            """);

        Assert.Equal(("2", "pay"), (e.Exceptions[0].ThreadId, e.Exceptions[0].StackTrace?.Frames[0].Function));
        Assert.Equal([true, false], e.Threads.Select(t => t.StackTrace is not null));
    }

    [Fact]
    public void Apply_TwoCrashedThreads_MovesNeither()
    {
        var e = Normalized.Event($$"""
            {"exception":{"type":"T"},"threads":[{"id":1,"crashed":true,"stacktrace":{{Stack}}},{"id":2,"crashed":true,"stacktrace":{{Stack}}}]}
            """);

        Assert.Null(e.Exceptions[0].StackTrace);
        Assert.All(e.Threads, t => Assert.NotNull(t.StackTrace));
    }

    [Fact]
    public void Apply_ExceptionWithAStack_KeepsBoth()
    {
        var e = Normalized.Event($$$"""{"exception":{"type":"T","stacktrace":{{{Stack}}}},"stacktrace":{"frames":[{"function":"other"}]}}""");

        Assert.Equal(("pay", "other"), (e.Exceptions[0].StackTrace?.Frames[0].Function, e.StackTrace?.Frames[0].Function));
    }

    [Fact]
    public void Apply_ExceptionWithoutTypeAndValueBesideAMessage_IsOnlyItsStack()
    {
        var e = Normalized.Event($$$"""{"message":"hi","exception":[{"stacktrace":{{{Stack}}}}]}""");

        Assert.Empty(e.Exceptions);
        Assert.Equal("pay", e.StackTrace?.Frames[0].Function);
    }

    [Fact]
    public void Apply_ExceptionWithoutTypeAndValueAlone_StaysAnException() =>
        Assert.Single(Normalized.Event($$$"""{"exception":[{"stacktrace":{{{Stack}}}}]}""").Exceptions);
}

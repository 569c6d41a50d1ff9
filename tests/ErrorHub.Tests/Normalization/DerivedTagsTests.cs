using ErrorHub.Normalization;

namespace ErrorHub.Tests.Normalization;

public sealed class DerivedTagsTests
{
    [Fact]
    public void Of_Attributes_AreTagsBeforeThoseTheAppSent()
    {
        var tags = Of("""
            {"level":"fatal","environment":"prod","release":"shop@1","dist":"7","server_name":"web-1","transaction":"GET /pay","logger":"pay",
             "exception":[{"type":"T","mechanism":{"type":"onerror","handled":false}}],
             "contexts":{"runtime":{"name":".NET","version":"10.0"},"os":{"raw_description":"Linux 6.1"},"browser":{"name":"Firefox"}},
             "tags":{"plan":"pro"},"user":{"id":"7"}}
            """);

        Assert.Equal(
            [
                new("level", "fatal"), new("environment", "prod"), new("release", "shop@1"), new("dist", "7"), new("server_name", "web-1"),
                new("transaction", "GET /pay"), new("logger", "pay"), new("handled", "no"), new("mechanism", "onerror"),
                new("runtime", ".NET 10.0"), new("runtime.name", ".NET"), new("os", "Linux 6.1"),
                new("browser", "Firefox"), new("browser.name", "Firefox"), new("plan", "pro"),
            ],
            tags);
    }

    [Fact]
    public void Of_EmptyEvent_IsItsLevel() => Assert.Equal([new("level", "error")], Of("{}"));

    [Fact]
    public void Of_SentTagNamedLikeAnAttribute_GivesWay() =>
        Assert.Equal([new("level", "error"), new("logger", "own")], Of("""{"logger":"own","tags":{"logger":"sent","level":"sent"}}"""));

    [Fact]
    public void Of_Handled_IsUnknownUnlessSaid()
    {
        Assert.Equal("yes", Value("""{"exception":[{"type":"T","mechanism":{"type":"x","handled":true}}]}""", "handled"));
        Assert.Null(Value("""{"exception":[{"type":"T","mechanism":{"type":"x"}}]}""", "handled"));
    }

    [Fact]
    public void Of_TextOfSeveralLinesOrTooLong_IsOneShortLine()
    {
        Assert.Equal("a b", Value("""{"contexts":{"runtime":{"name":" a\r\nb "}}}""", "runtime"));
        Assert.Equal(200, Value($$"""{"server_name":"{{new string('s', 250)}}"}""", "server_name")!.Length);
    }

    [Theory]
    [InlineData("""{"contexts":{"runtime":{"name":5}}}""")]
    [InlineData("""{"contexts":{"runtime":{"name":" "}}}""")]
    [InlineData("""{"contexts":{"runtime":{}}}""")]
    public void Of_ContextWithoutAName_IsNoTag(string json) => Assert.Null(Value(json, "runtime"));

    private static IReadOnlyList<KeyValuePair<string, string>> Of(string json) => DerivedTags.Of(Normalized.Event(json));

    private static string? Value(string json, string key) => Of(json).FirstOrDefault(tag => tag.Key == key).Value;
}

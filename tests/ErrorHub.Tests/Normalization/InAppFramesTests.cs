namespace ErrorHub.Tests.Normalization;

public sealed class InAppFramesTests
{
    [Theory]
    [InlineData("csharp", """{"module":"System.Collections.Generic.List`1"}""", false)]
    [InlineData("csharp", """{"module":"Microsoft.AspNetCore.Routing.EndpointMiddleware"}""", false)]
    [InlineData("csharp", """{"module":"SystemShop.Cart"}""", null)]
    [InlineData("java", """{"module":"org.springframework.web.Servlet"}""", false)]
    [InlineData("java", """{"module":"javafactory.Cart"}""", null)]
    [InlineData("python", """{"abs_path":"/usr/lib/python3/dist-packages/flask/app.py"}""", false)]
    [InlineData("python", """{"abs_path":"C:\\app\\venv\\Lib\\site-packages\\flask\\app.py"}""", false)]
    [InlineData("python", """{"abs_path":"/srv/shop/cart.py"}""", null)]
    [InlineData("node", """{"filename":"node:internal/process/task_queues"}""", false)]
    [InlineData("node", """{"filename":"/srv/shop/node_modules/express/lib/router.js"}""", false)]
    [InlineData("node", """{"filename":"/srv/shop/cart.js"}""", null)]
    [InlineData("go", """{"module":"System.Cart"}""", null)]
    public void Apply_SdkDidNotSay_OnlyKnownLibrariesAreMarked(string platform, string frame, bool? inApp) =>
        Assert.Equal(inApp, InAppOf(platform, frame));

    [Theory]
    [InlineData("""{"module":"System.Cart","in_app":true}""", true)]
    [InlineData("""{"module":"Shop.Cart","in_app":false}""", false)]
    public void Apply_SdkSaid_ItsWordStays(string frame, bool inApp) => Assert.Equal(inApp, InAppOf("csharp", frame));

    [Fact]
    public void Apply_FrameOfAnotherPlatform_IsJudgedByItsOwn() =>
        Assert.False(InAppOf("native", """{"module":"java.lang.Thread","platform":"java"}"""));

    [Fact]
    public void Apply_StacksOutsideExceptions_AreMarkedToo()
    {
        const string Stack = """{"frames":[{"module":"java.lang.Thread"}]}""";
        var e = Normalized.Event($$$"""{"platform":"java","stacktrace":{{{Stack}}},"threads":[{"id":1,"stacktrace":{{{Stack}}} }]}""");

        Assert.False(e.StackTrace!.Frames[0].InApp);
        Assert.False(e.Threads[0].StackTrace!.Frames[0].InApp);
    }

    private static bool? InAppOf(string platform, string frame) => Normalized
        .Event($$$"""{"platform":"{{{platform}}}","exception":{"type":"T","stacktrace":{"frames":[{{{frame}}}]} }}""")
        .Exceptions[0].StackTrace!.Frames[0].InApp;
}

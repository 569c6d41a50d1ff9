using ErrorHub.Web.Events;
using ErrorHub.Web.Tests.Issues;

namespace ErrorHub.Web.Tests.Events;

public sealed class EventMarkdownTests
{
    [Fact]
    public void Of_Exception_TellsFramesCrashSiteFirstWithTheAppsSource()
    {
        var text = MarkdownOf("""
            {"exception": [{"type": "TypeError", "value": "x is undefined", "stacktrace": {"frames": [
              {"function": "listen", "filename": "node:net", "context_line": "secret()"},
              {"function": "total", "filename": "cart.js", "lineno": 12, "in_app": true, "context_line": "return x.sum"}
            ]}}]}
            """);

        Assert.Contains("## Exception: TypeError\n\n```\nx is undefined\n\nat total (cart.js:12) [in app]\n  > return x.sum\nat listen (node:net)\n```", text, StringComparison.Ordinal);
        Assert.Contains("- Link: https://errors.example.com/issues/1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_PersonalData_LeavesItOut()
    {
        var text = MarkdownOf("""
            {"user": {"email": "ada@example.com", "ip_address": "192.0.2.7"},
             "request": {"url": "https://shop.example/cart", "headers": {"Authorization": "Bearer abc"}, "cookies": "sid=1", "data": "card=4111"},
             "exception": [{"type": "E", "stacktrace": {"frames": [{"function": "f", "in_app": true, "vars": {"password": "hunter2"}}]}}]}
            """);

        foreach (var secret in (string[])["ada@example.com", "192.0.2.7", "Bearer", "sid=1", "4111", "hunter2"])
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        Assert.Contains("https://shop.example/cart", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_FencesAndLinksInText_CannotLeaveTheirPlace()
    {
        var text = MarkdownOf("""{"exception": [{"type": "[a](javascript:b)\n# c", "value": "```\n# not a heading\n````"}]}""");

        Assert.Contains("\n`````\n```\n# not a heading\n````\n`````\n", text, StringComparison.Ordinal);
        Assert.Contains("## Exception: \\[a\\](javascript:b) \\# c\n", text, StringComparison.Ordinal);
    }

    private static string MarkdownOf(string json) =>
        EventMarkdown.Of(TestIssues.Row(), TestEvents.Details(TestEvents.Read(json)), "https://errors.example.com/issues/1");
}

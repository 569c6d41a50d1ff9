using System.Text;
using ErrorHub.Events;
using ErrorHub.Grouping;
using ErrorHub.Protocol;
using ErrorHub.Protocol.Events;
using ErrorHub.Web.Tests.Issues;

namespace ErrorHub.Web.Tests.Events;

internal static class TestEvents
{
    public static readonly SentryId First = new(Guid.Parse("11111111111111111111111111111111"));
    public static readonly SentryId Here = new(Guid.Parse("22222222222222222222222222222222"));
    public static readonly SentryId Last = new(Guid.Parse("33333333333333333333333333333333"));

    public static SentryStackFrame Frame(string function, bool? inApp) => new()
    {
        Function = function,
        Filename = "src/cart.js",
        LineNo = 12,
        ColNo = 7,
        InApp = inApp,
        PreContext = ["function total(cart) {"],
        ContextLine = $"  return {function}();",
        PostContext = ["}"],
    };

    /// <summary>Reads JSON as ingest does, so that tests show what an SDK can send.</summary>
    public static SentryEvent Read(string json)
    {
        Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes(json), out var e));
        return e;
    }

    public static EventDetails Details(SentryEvent e, EventNeighbours? neighbours = null) => new(
        new EventSummary(
            Guid.CreateVersion7(), 7, TestIssues.Row().Id, Here, TestIssues.Now, TestIssues.Now, SentryLevel.Error, "javascript",
            "TypeError: x is undefined", "production", "shop@1.1", 100),
        e, ReadOnlyMemory<byte>.Empty, neighbours ?? new EventNeighbours(First, First, Last, Last), Grouper.Explain(e));
}

using System.Text;
using ErrorHub.Grouping;
using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Grouping;

public sealed class CallPathsTests
{
    [Fact]
    public void TextOf_NoSplits_IsNull() => Assert.Null(CallPaths.TextOf([]));

    [Fact]
    public void TextOf_TheSameSplitsInAnyOrder_IsEqual()
    {
        (byte[], byte[])[] splits = [(new byte[16], [.. Enumerable.Repeat((byte)1, 16)]), (new byte[16], [.. Enumerable.Repeat((byte)2, 16)])];

        Assert.Equal(CallPaths.TextOf(splits), CallPaths.TextOf(splits.Reverse()));
    }

    [Fact]
    public void Divide_SplitPath_IsIdentifiedByItAndSaysSo()
    {
        var (e, other) = (Event("import_orders"), Event("checkout"));
        var (grouping, path) = (Grouper.GroupingOf(e), Grouper.CallPathOf(e));
        Assert.Equal(grouping.Hash.Value, Grouper.GroupingOf(other).Hash.Value);
        var splits = CallPaths.TextOf([(grouping.Hash.Value, path.Hash.Value)])!;

        var divided = CallPaths.Divide(grouping, e, splits);

        Assert.Equal(Grouper.HashesOf(e).Strict.Value, divided.Hash.Value);
        Assert.StartsWith("call path: ", divided.Why[^1], StringComparison.Ordinal);
        Assert.Contains("import_orders", divided.Why[^1], StringComparison.Ordinal);
        Assert.Same(grouping, CallPaths.Divide(grouping, other, splits));
    }

    [Fact]
    public void Divide_PathOfAnotherIdentity_ChangesNothing()
    {
        var e = Event("import_orders");
        var grouping = Grouper.GroupingOf(e);

        Assert.Same(grouping, CallPaths.Divide(grouping, e, CallPaths.TextOf([(new byte[16], Grouper.CallPathOf(e).Hash.Value)])!));
    }

    private static SentryEvent Event(string caller)
    {
        Assert.True(EventJson.TryParse(Encoding.UTF8.GetBytes($$$"""
            {"platform":"python","exception":{"values":[{"type":"ValueError","value":"no stock","stacktrace":{"frames":[
              {"module":"shop.app","function":"{{{caller}}}","in_app":true},{"module":"shop.cart","function":"pay","in_app":true}]}}]}}
            """), out var e));
        return e;
    }
}

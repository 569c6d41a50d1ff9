using ErrorHub.Protocol.Events;
using ErrorHub.Web.Events;

namespace ErrorHub.Web.Tests.Events;

public sealed class ExceptionTreeTests
{
    [Fact]
    public void Of_ChainWithoutNumbers_BeginsWithTheOutermost()
    {
        var nodes = ExceptionTree.Of([new() { Type = "Root" }, new() { Type = "Middle" }, new() { Type = "Outer" }]);

        Assert.Equal(["Outer", "Middle", "Root"], nodes.Select(n => n.Exception.Type));
        Assert.Equal([null, "Caused by", "Caused by"], nodes.Select(n => n.Relation));
    }

    [Fact]
    public void Of_Group_PutsItsMembersBelowItWithTheirCauses()
    {
        var nodes = ExceptionTree.Of([Numbered("CauseOfA", 3, 1), Numbered("B", 2, 0), Numbered("A", 1, 0), Numbered("Group", 0, null, isGroup: true)]);

        Assert.Equal([("Group", 0), ("A", 1), ("CauseOfA", 1), ("B", 1)], nodes.Select(n => (n.Exception.Type!, n.Depth)));
        Assert.Equal([null, "In the group of 2", "Caused by", "In the group of 2"], nodes.Select(n => n.Relation));
    }

    [Theory]
    [InlineData(0, 1)] // 1 and 0 are each other's parent: no root
    [InlineData(1, 7)] // an unknown parent
    [InlineData(0, 0)] // two with one number
    public void Of_NumbersThatMakeNoTree_ReadsAsAChain(int firstId, int firstParent)
    {
        var nodes = ExceptionTree.Of([Numbered("Cause", firstId, firstParent), Numbered("Outer", firstId == 0 && firstParent == 1 ? 1 : 0, firstParent == 1 ? 0 : null)]);

        Assert.Equal(["Outer", "Cause"], nodes.Select(n => n.Exception.Type));
        Assert.All(nodes, n => Assert.Equal(0, n.Depth));
    }

    private static SentryException Numbered(string type, int id, int? parent, bool isGroup = false) => new()
    {
        Type = type,
        Mechanism = new Mechanism { ExceptionId = id, ParentId = parent, IsExceptionGroup = isGroup },
    };
}

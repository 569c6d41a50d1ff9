using static ErrorHub.Tests.Grouping.Grouped;

namespace ErrorHub.Tests.Grouping;

/// <summary>Groups of exceptions (RFC 0079): AggregateException, ExceptionGroup, AggregateError. 0 is the outermost.</summary>
public sealed class ExceptionGroupTests
{
    [Fact]
    public void GroupingOf_GroupOfOne_IsThatOne() => AssertSame(Event(Values(Member("A", 0, null))), Event(Values(Member("A", 1, 0), Group(0, null))));

    [Fact]
    public void GroupingOf_GroupOfAlikes_IsOneOfThem() => AssertSame(
        Event(Values(Member("A", 0, null))), Event(Values(Member("A", 3, 0), Member("A", 2, 0), Member("A", 1, 0), Group(0, null))));

    [Fact]
    public void GroupingOf_GroupOfDifferentOnes_IsAllOfThemInAnyOrder()
    {
        var group = Event(Values(Member("B", 2, 0), Member("A", 1, 0), Group(0, null)));

        Assert.Equal(["type: A", "frame: a in shop", "type: B", "frame: b in shop"], group.Why);
        AssertSame(group, Event(Values(Member("A", 2, 0), Member("B", 1, 0), Group(0, null))));
        AssertSame(group, Event(Values(Member("B", 3, 0), Member("A", 2, 0), Member("B", 1, 0), Group(0, null))));
    }

    [Fact]
    public void GroupingOf_NestedGroups_AreTheirMembers() => AssertSame(
        Event(Values(Member("B", 2, 0), Member("A", 1, 0), Group(0, null))),
        Event(Values(Member("B", 3, 2), Group(2, 0), Member("A", 1, 0), Group(0, null))));

    [Fact]
    public void GroupingOf_MemberWithACause_IsTheCause() => AssertSame(
        Event(Values(Member("A", 0, null))), Event(Values(Member("A", 2, 1), Member("Wrapper", 1, 0), Group(0, null))));

    [Theory]
    [InlineData(1, 1)] // its own parent
    [InlineData(1, 7)] // no such parent
    [InlineData(0, 0)] // two of one id
    public void GroupingOf_IdsThatMakeNoTree_AreAPlainChain(int id, int parent) =>
        Assert.Equal(["type: A", "frame: a in shop"], Event(Values(Member("A", id, parent), Group(0, null))).Why);

    private static string Values(params string[] exceptions) => $$$"""{"platform":"python","exception":{"values":[{{{string.Join(',', exceptions)}}}]}}""";

    private static string Group(int id, int? parent) =>
        $$$"""{"type":"ExceptionGroup","mechanism":{"type":"chained","is_exception_group":true,"exception_id":{{{id}}}{{{Parent(parent)}}}}}""";

    private static string Member(string type, int id, int? parent) => $$$"""
        {"type":"{{{type}}}","mechanism":{"type":"chained","exception_id":{{{id}}}{{{Parent(parent)}}}},
         "stacktrace":{"frames":[{"function":"{{{char.ToLowerInvariant(type[0])}}}","module":"shop","in_app":true}]}}
        """;

    private static string Parent(int? parent) => parent is { } id ? $",\"parent_id\":{id}" : "";
}

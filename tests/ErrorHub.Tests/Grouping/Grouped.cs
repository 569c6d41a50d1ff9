using ErrorHub.Grouping;
using ErrorHub.Tests.Normalization;

namespace ErrorHub.Tests.Grouping;

/// <summary>The grouping of an event from JSON text, as on its way in.</summary>
internal static class Grouped
{
    internal static GroupingResult Event(string json) => Grouper.GroupingOf(Normalized.Event(json));

    /// <summary>Of an exception with these frames, oldest call first.</summary>
    internal static GroupingResult Frames(string platform, params string[] frames) => Event($$$"""
        {"platform":"{{{platform}}}","exception":[{"type":"T","value":"v","stacktrace":{"frames":[{{{string.Join(',', frames)}}}]} }]}
        """);

    internal static GroupingResult Message(string text) =>
        Event($$"""{"message":"{{System.Text.Json.JsonEncodedText.Encode(text)}}"}""");

    /// <summary>Fails when the two are not one issue, and shows what tells them apart.</summary>
    internal static void AssertSame(GroupingResult left, GroupingResult right)
    {
        Assert.Equal(left.Why, right.Why);
        Assert.Equal(left.Hash.ToString(), right.Hash.ToString());
    }

    internal static void AssertDifferent(GroupingResult left, GroupingResult right) =>
        Assert.NotEqual(left.Hash.ToString(), right.Hash.ToString());
}

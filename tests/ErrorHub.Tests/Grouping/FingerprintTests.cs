using ErrorHub.Grouping;
using static ErrorHub.Tests.Grouping.Grouped;

namespace ErrorHub.Tests.Grouping;

/// <summary>Fingerprints that the app sets (protocol.md section 7.3).</summary>
public sealed class FingerprintTests
{
    private const string Exception = """
        "exception":[{"type":"T","value":"v","stacktrace":{"frames":[{"function":"pay","module":"shop","filename":"shop.py","in_app":true}]}}]
        """;

    [Fact]
    public void GroupingOf_Fingerprint_IsAllThatCounts()
    {
        var grouping = Event($$"""{"fingerprint":["checkout","eu"],{{Exception}}}""");

        Assert.Equal(("custom", (int)Grouper.Version), (grouping.Variant, (int)grouping.Hash.Version));
        Assert.Equal(["fingerprint: checkout", "fingerprint: eu"], grouping.Why);
        AssertSame(grouping, Event("""{"fingerprint":["checkout","eu"],"message":"another"}"""));
    }

    [Theory]
    [InlineData("""["{{ default }}"]""")]
    [InlineData("""["{{default}}"]""")]
    [InlineData("""[" {{  default  }} "]""")]
    [InlineData("[]")]
    [InlineData("null")]
    public void GroupingOf_DefaultAlone_IsNoFingerprint(string fingerprint) =>
        AssertSame(Event($$"""{ {{Exception}} }"""), Event($$"""{"fingerprint":{{fingerprint}},{{Exception}}}"""));

    [Fact]
    public void GroupingOf_DefaultBesideOthers_StandsForTheDefaultParts() => Assert.Equal(
        ["fingerprint: eu", "type: T", "frame: pay in shop"],
        Event($$$$"""{"fingerprint":["eu","{{ default }}"],{{{{Exception}}}}}""").Why);

    [Theory]
    [InlineData("{{ transaction }}", "GET /pay")]
    [InlineData("{{ message }}", "v")]
    [InlineData("{{ error.type }}/{{ error.value }}", "T/v")]
    [InlineData("{{ function }}", "pay")]
    [InlineData("{{ stack.module }}", "shop")]
    [InlineData("{{ stack.filename }}", "shop.py")]
    [InlineData("{{ package }}", "<no-package>")]
    [InlineData("{{ level }}", "error")]
    [InlineData("{{ logger }}", "<no-logger>")]
    [InlineData("{{ tags.region }}", "eu")]
    [InlineData("{{ tags.plan }}", "<no-value-for-tag-plan>")]
    [InlineData("{{ wat }}", "{{ wat }}")]
    [InlineData("{{ default", "{{ default")]
    public void GroupingOf_Variable_IsReplaced(string part, string text) => Assert.Equal(
        ["fingerprint: " + text],
        Event($$$$"""{"transaction":"GET /pay","tags":{"region":"eu"},"fingerprint":["{{{{part}}}}"],{{{{Exception}}}}}""").Why);

    [Fact]
    public void GroupingOf_ChecksumOfAnOldSdk_IsAFingerprint() =>
        Assert.Equal(["fingerprint: abc"], Event($$"""{"checksum":"abc",{{Exception}}}""").Why);
}

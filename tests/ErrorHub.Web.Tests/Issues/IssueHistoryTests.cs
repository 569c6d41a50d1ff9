using ErrorHub.Issues;
using ErrorHub.Web.Issues;

namespace ErrorHub.Web.Tests.Issues;

public sealed class IssueHistoryTests
{
    [Theory]
    [InlineData(IssueTransitionKind.Created, null, "shop@1.0", "First seen", "in shop@1.0")]
    [InlineData(IssueTransitionKind.Regressed, null, "", "Regressed", "")]
    [InlineData(IssueTransitionKind.Resolved, "Ada", null, "Resolved", "by Ada")]
    [InlineData(IssueTransitionKind.Reopened, null, null, "Reopened", "")]
    public void Describe_Step_SaysWhatAndByWhom(IssueTransitionKind kind, string? user, string? release, string what, string detail)
    {
        Assert.Equal((what, detail), IssueHistory.Describe(new IssueHistoryEntry(kind, TestIssues.Now, user, null, release)));
    }

    [Fact]
    public void Describe_Merge_NamesTheOtherIssueAndWhoseStepItIs()
    {
        Assert.Equal(
            ("SHOP-7 merged into it", "by Ada"),
            IssueHistory.Describe(new IssueHistoryEntry(IssueTransitionKind.Merged, TestIssues.Now, "Ada", null, null, Other: "SHOP-7")));
        Assert.Equal(
            ("SHOP-7: first seen", "in shop@1.0"),
            IssueHistory.Describe(new IssueHistoryEntry(IssueTransitionKind.Created, TestIssues.Now, null, null, "shop@1.0", Of: "SHOP-7")));
        Assert.Equal(
            ("SHOP-7: SHOP-5 merged into it", ""),
            IssueHistory.Describe(new IssueHistoryEntry(IssueTransitionKind.Merged, TestIssues.Now, null, null, null, Of: "SHOP-7", Other: "SHOP-5")));
        Assert.Equal(
            ("Hashes taken out of it", "by Ada"), IssueHistory.Describe(new IssueHistoryEntry(IssueTransitionKind.Parted, TestIssues.Now, "Ada", null, null)));
    }
}

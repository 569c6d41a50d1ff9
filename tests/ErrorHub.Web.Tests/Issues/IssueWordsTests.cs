using ErrorHub.Web.Issues;

namespace ErrorHub.Web.Tests.Issues;

public sealed class IssueWordsTests
{
    [Theory]
    [InlineData(1, 1, "1 event")]
    [InlineData(2_415, 2_415, "2,415 events")]
    [InlineData(1_204_331, 5_120, "1,204,331 events, 5,120 kept")]
    public void Kept_FewerThanCounted_SaysBoth(long total, long kept, string words) =>
        Assert.Equal(words, IssueWords.Kept(TestIssues.Row() with { TotalEvents = total, KeptEvents = kept }));
}

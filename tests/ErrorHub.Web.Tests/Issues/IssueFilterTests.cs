using ErrorHub.Projects;
using ErrorHub.Web.Issues;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace ErrorHub.Web.Tests.Issues;

public sealed class IssueFilterTests
{
    [Theory]
    [InlineData("")]
    [InlineData("?project=shop&project=api&environment=production&query=browser%3AChrome&sort=freq&period=24h&status=archived&cursor=abc")]
    [InlineData("?query=a%20%26%20b%23")]
    public void ToQueryString_AfterOf_IsTheSameAddress(string address)
    {
        Assert.Equal(address, Of(address).ToQueryString());
    }

    [Fact]
    public void Of_WordsItDoesNotKnow_KeepsTheDefaults()
    {
        var filter = Of("?sort=nonsense&period=9y&status=lost&project=&environment=");

        Assert.Equal("", filter.ToQueryString());
        Assert.Equal(TimeSpan.FromDays(14), filter.PeriodLength);
    }

    [Theory]
    [InlineData("", "is:unresolved")]
    [InlineData("?query=cart", "is:unresolved cart")]
    [InlineData("?status=review&query=cart", "is:for_review cart")]
    [InlineData("?status=all&query=cart", "cart")]
    [InlineData("?query=is%3Aresolved%20cart", "is:resolved cart")]
    [InlineData("?query=%21is%3Aarchived", "!is:archived")]
    public void FullQuery_TabAndBox_TheBoxHasTheLastWord(string address, string expected)
    {
        Assert.Equal(expected, Of(address).FullQuery);
    }

    [Fact]
    public void IdsOf_ProjectTheCallerDoesNotSee_MatchesNothingInsteadOfEverything()
    {
        ProjectRow[] projects = [new(7, "shop", "Shop", "node", default, null, null, null)];

        Assert.Equal([7, 7, 0], IssuesPage.IdsOf(["shop", "7", "payroll"], projects));
    }

    private static IssueFilter Of(string address) => IssueFilter.Of(new QueryCollection(QueryHelpers.ParseQuery(address)));
}

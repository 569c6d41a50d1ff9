using System.Text.RegularExpressions;
using ErrorHub.Protocol;

namespace ErrorHub.Tests.Protocol;

public sealed class RateLimitHeaderTests
{
    [Fact]
    public void Format_SeveralLimits_OnlyWhatEverySdkParses()
    {
        RateLimit[] limits =
        [
            new(TimeSpan.FromSeconds(59.2), RateLimitHeader.EventCategories, RateLimitScope.Key, "key_quota"),
            new(TimeSpan.Zero, [], RateLimitScope.Organization, null),
            new(TimeSpan.FromDays(3), ["Error, x"], RateLimitScope.Project, "a:b,c d"),
        ];

        var header = RateLimitHeader.Format(limits);

        Assert.Equal("60:error;default;security:key:key_quota,1::organization,86400:errorx:project:abcd", header);
        Assert.All(header.Split(','), limit => Assert.Matches(new Regex("^[0-9]+:[a-z_;]*:(organization|project|key)(:[a-z_]+)?$"), limit));
        Assert.Equal(86_400, RateLimitHeader.RetryAfterSeconds(limits));
    }
}

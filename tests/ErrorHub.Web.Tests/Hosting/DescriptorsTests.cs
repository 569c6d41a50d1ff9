using ErrorHub.Web.Hosting;

namespace ErrorHub.Web.Tests.Hosting;

public sealed class DescriptorsTests
{
    [Theory]
    [InlineData(512)]
    [InlineData(640)]
    [InlineData(1_024)]
    [InlineData(65_536)]
    [InlineData(1L << 40)]
    public void Shares_UnderALimit_LeaveTheProgramItsOwn(long limit) =>
        Assert.True(Descriptors.DatabaseShare(limit) + (long)Descriptors.ClientShare(limit)! + 400 <= limit);

    [Fact]
    public void ClientShare_WithoutALimit_IsWithoutOne() => Assert.Null(Descriptors.ClientShare(null));
}

using Bunit;
using ErrorHub.Web.Shared;

namespace ErrorHub.Web.Tests.Shared;

public sealed class SparklineTests : BunitContext
{
    [Fact]
    public void Render_Values_DrawsABarForEachThatIsNotZeroAndTheLastApart()
    {
        var spark = Render<Sparkline>(p => p.Add(s => s.Values, [0, 10, 5, 20]));

        Assert.Equal("M4 20v-10h3v10zM8 20v-5h3v5z", spark.Find(".spark-bars").GetAttribute("d"));
        Assert.Equal("M12 20v-20h3v20z", spark.Find(".spark-now").GetAttribute("d"));
        Assert.Equal("35 events in 4 hours, at most 20 in one", spark.Find("title").TextContent);
    }

    [Fact]
    public void Render_OneAmongThousands_StaysVisible()
    {
        Assert.Equal("M0 20v-2h3v2zM4 20v-20h3v20z", Sparkline.Path([1, 100_000], 0, 2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(24)]
    public void Render_NoEvents_SaysSo(int hours)
    {
        var spark = Render<Sparkline>(p => p.Add(s => s.Values, new long[hours]));

        Assert.Equal($"No events in {hours} hours", spark.Find("title").TextContent);
        Assert.Equal("", spark.Find(".spark-now").GetAttribute("d"));
    }
}

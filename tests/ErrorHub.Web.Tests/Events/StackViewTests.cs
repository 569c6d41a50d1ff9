using Bunit;
using ErrorHub.Protocol.Events;
using ErrorHub.Web.Events;

namespace ErrorHub.Web.Tests.Events;

public sealed class StackViewTests : BunitContext
{
    [Fact]
    public void Render_MixedStack_OpensOwnFramesAndFoldsFrameworkFrames()
    {
        var view = Show(("main", false), ("listen", null), ("total", true), ("map", false));

        var own = Assert.Single(view.FindAll("details.frame.own"));
        Assert.True(own.HasAttribute("open"));
        Assert.Contains("return total();", own.QuerySelector(".line.current")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["1 framework frame", "2 framework frames"], view.FindAll(".folded").Select(f => f.QuerySelector("summary")!.ChildNodes[0].TextContent));
        Assert.All(view.FindAll(".folded"), folded => Assert.False(folded.HasAttribute("open")));
    }

    [Fact]
    public void Render_CrashSite_IsOnTop()
    {
        var view = Show(("outermost", true), ("inner", true), ("crash", true));

        Assert.Equal(["crash", "inner", "outermost"], view.FindAll("[data-testid=frame] .frame-function").Select(f => f.TextContent));
    }

    [Fact]
    public void Render_NoOwnFrame_FoldsNothingAndOpensTheCrashSite()
    {
        var view = Show(("main", false), ("crash", null));

        Assert.Empty(view.FindAll(".folded"));
        Assert.Equal([true, false], view.FindAll("details.frame").Select(f => f.HasAttribute("open")));
    }

    [Fact]
    public void Render_SourceLines_NumbersThemAroundTheCurrentOne()
    {
        var view = Show(("total", true));

        Assert.Equal(["11", "12", "13"], view.FindAll(".line-no").Select(n => n.TextContent));
        Assert.Equal("12", view.Find(".line.current .line-no").TextContent);
        Assert.Equal("src/cart.js:12:7", view.Find(".frame-place").TextContent);
    }

    [Fact]
    public void Render_NoLineNumber_ShowsTheSourceWithoutNumbers()
    {
        var frame = TestEvents.Frame("total", true);
        frame.LineNo = null;
        var view = Render<FrameView>(p => p.Add(v => v.Frame, frame).Add(v => v.Open, true));

        Assert.Equal(["", "", ""], view.FindAll(".line-no").Select(n => n.TextContent));
        Assert.Equal("  return total();", view.Find(".line.current code").TextContent);
    }

    [Fact]
    public void Render_FrameWithNothingInside_HasNothingToOpen()
    {
        var view = Render<FrameView>(p => p.Add(v => v.Frame, new SentryStackFrame { InstructionAddr = "0x7fff5c" }));

        Assert.Empty(view.FindAll("details"));
        Assert.Equal("0x7fff5c", view.Find("[data-testid=frame] .frame-function").TextContent);
    }

    private IRenderedComponent<StackView> Show(params (string Function, bool? InApp)[] frames) =>
        Render<StackView>(p => p.Add(v => v.Stack, new SentryStackTrace { Frames = [.. frames.Select(f => TestEvents.Frame(f.Function, f.InApp))] }));
}

using Bunit;
using ErrorHub.Feedback;
using ErrorHub.Web.Events;
using ErrorHub.Web.Tests.Issues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ErrorHub.Web.Tests.Events;

public sealed class FeedbackViewTests : BunitContext
{
    public FeedbackViewTests() => Services.AddSingleton<TimeProvider>(new FakeTimeProvider(TestIssues.Now));

    [Fact]
    public void Render_MarkupInEveryField_IsText()
    {
        var view = Render<FeedbackView>(p => p.Add(v => v.Feedback,
            [new FeedbackRow(Guid.CreateVersion7(), TestEvents.Here, TestIssues.Hostile, TestIssues.Hostile, TestIssues.Hostile, TestIssues.Hostile, TestIssues.Now)]));

        Assert.Empty(view.FindAll("img, script, a"));
        Assert.Equal(TestIssues.Hostile, view.Find("[data-testid=feedback] p").TextContent);
    }

    [Fact]
    public void Render_NoWords_ShowsNothing() => Assert.Equal("", Render<FeedbackView>(p => p.Add(v => v.Feedback, [])).Markup);
}

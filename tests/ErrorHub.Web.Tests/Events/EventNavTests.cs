using Bunit;
using ErrorHub.Events;
using ErrorHub.Web.Events;
using ErrorHub.Web.Tests.Issues;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ErrorHub.Web.Tests.Events;

public sealed class EventNavTests : BunitContext
{
    public EventNavTests() => Services.AddSingleton<TimeProvider>(new FakeTimeProvider(TestIssues.Now));

    [Fact]
    public void Render_InTheMiddle_LeadsToAllFour()
    {
        var nav = Show(new EventNeighbours(TestEvents.First, TestEvents.First, TestEvents.Last, TestEvents.Last));

        Assert.Equal(AddressOf(TestEvents.First), nav.Find("[data-testid=event-nav-first]").GetAttribute("href"));
        Assert.Equal(AddressOf(TestEvents.First), nav.Find("[data-testid=event-nav-prev]").GetAttribute("href"));
        Assert.Equal(AddressOf(TestEvents.Last), nav.Find("[data-testid=event-nav-next]").GetAttribute("href"));
        Assert.Equal(AddressOf(TestEvents.Last), nav.Find("[data-testid=event-nav-last]").GetAttribute("href"));
    }

    [Fact]
    public void Render_OnTheOnlyEvent_KeepsTheWaysAsText()
    {
        var nav = Show(new EventNeighbours(TestEvents.Here, null, null, TestEvents.Here));

        Assert.All(nav.FindAll(".event-nav > *"), way => Assert.Null(way.GetAttribute("href")));
        Assert.Equal("true", nav.Find("[data-testid=event-nav-next]").GetAttribute("aria-disabled"));
    }

    private static string AddressOf(ErrorHub.Protocol.SentryId id) => $"/issues/{TestIssues.Row().Id}/events/{id}";

    private IRenderedComponent<EventNav> Show(EventNeighbours neighbours) => Render<EventNav>(p => p
        .Add(n => n.IssueId, TestIssues.Row().Id)
        .Add(n => n.Details, TestEvents.Details(TestEvents.Read("{}"), neighbours)));
}

using Bunit;
using ErrorHub.Ingest;
using ErrorHub.Projects;
using ErrorHub.Stats;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Stats;
using ErrorHub.Web.Tests.Issues;
using MediatR;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace ErrorHub.Web.Tests.Stats;

public sealed class StatsPageTests : BunitContext
{
    private readonly Counted _counted = new();

    public StatsPageTests()
    {
        Services.AddSingleton<UseCaseSender>();
        Services.AddTransient<ServiceFactory>(provider => type => provider.GetService(type)!);
        Services.AddTransient<IMediator, Mediator>();
        Services.AddSingleton<IRequestHandler<ListProjects, IReadOnlyList<ProjectRow>>>(_counted);
        Services.AddSingleton<IRequestHandler<GetOutcomes, OutcomeStats>>(_counted);
        Services.AddSingleton<TimeProvider>(new FakeTimeProvider(TestIssues.Now));
        Services.AddHttpContextAccessor();
        Services.AddScoped<CallerScope>();
        ComponentFactories.AddStub<PageTitle>();
    }

    [Fact]
    public void Render_Outcomes_TellsEachReasonWithItsMeaning()
    {
        _counted.Groups =
        [
            new(Outcome.Accepted, "", "error", null, 1_204, [1_200, 4]),
            new(Outcome.Filtered, "duplicate", "error", null, 3, [3, 0]),
        ];

        var page = Show("");

        Assert.Equal("1.2k", page.Find("[data-testid=outcome-accepted] dd").TextContent);
        Assert.Equal("0", page.Find("[data-testid=outcome-invalid] dd").TextContent);
        var rows = page.FindAll("[data-testid=outcome-row]");
        Assert.Contains("1,204", rows[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("Sent twice with one event id", rows[1].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_ReasonOfAnSdk_IsText()
    {
        _counted.Groups = [new(Outcome.ClientDiscard, TestIssues.Hostile, TestIssues.Hostile, null, 1, [0, 1])];

        var page = Show("");

        Assert.Empty(page.FindAll("img, script"));
        Assert.Equal(TestIssues.Hostile, page.Find("[data-testid=outcome-row] code").TextContent);
    }

    [Theory]
    [InlineData("?period=24h", 1, 1)]
    [InlineData("", 7, 6)]
    [InlineData("?period=90d", 90, 24)]
    [InlineData("?period=nonsense", 7, 6)]
    public void Render_Period_AsksForThatTimeInFittingSteps(string address, int days, int stepHours)
    {
        Show(address);

        Assert.Equal((TimeSpan.FromDays(days), TimeSpan.FromHours(stepHours)), (_counted.Asked!.Until - _counted.Asked.From, _counted.Asked.Interval));
    }

    [Fact]
    public void Render_ProjectTheCallerDoesNotSee_AsksForNoneInsteadOfAll()
    {
        Show("?project=payroll");

        Assert.Equal([0], _counted.Asked!.ProjectIds);
    }

    private IRenderedComponent<StatsPage> Show(string address)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(address);
        return Render<StatsPage>(p => p.AddCascadingValue<HttpContext>(context));
    }

    private sealed class Counted : IRequestHandler<ListProjects, IReadOnlyList<ProjectRow>>, IRequestHandler<GetOutcomes, OutcomeStats>
    {
        public IReadOnlyList<OutcomeGroup> Groups { get; set; } = [];

        public GetOutcomes? Asked { get; private set; }

        public Task<IReadOnlyList<ProjectRow>> Handle(ListProjects request, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<ProjectRow>>([]);

        public Task<OutcomeStats> Handle(GetOutcomes request, CancellationToken cancellationToken)
        {
            Asked = request;
            return Task.FromResult(new OutcomeStats([TestIssues.Now.AddHours(-1), TestIssues.Now], Groups));
        }
    }
}

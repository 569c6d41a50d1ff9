using Bunit;
using ErrorHub.DeadLetters;
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
        Services.AddSingleton<IRequestHandler<ListDeadLetters, IReadOnlyList<DeadLetterRow>>>(_counted);
        Services.AddSingleton<IEventSpool>(_counted);
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

    [Fact]
    public void Render_NothingWaits_ShowsNeitherSpoolNorDeadLetters()
    {
        var page = Show("");

        Assert.Empty(page.FindAll("[data-testid=spool], [data-testid=dead-letter], [role=alert]"));
    }

    [Fact]
    public void Render_SpoolAndDeadLetters_AreShownWithTheWayOut()
    {
        _counted.State = new SpoolState(1_204, 1, null);
        _counted.Letters = [new(Guid.NewGuid(), Guid.NewGuid(), "shop", TestIssues.Hostile, "PostgreSQL error 22001", TestIssues.Now, 3_000)];

        var page = Show("");

        Assert.Contains("1,204 acknowledged events", page.Find("[data-testid=spool]").TextContent, StringComparison.Ordinal);
        var row = page.Find("[data-testid=dead-letter]");
        Assert.Contains(TestIssues.Hostile, row.TextContent, StringComparison.Ordinal);
        Assert.Contains("PostgreSQL error 22001", row.TextContent, StringComparison.Ordinal);
        Assert.Equal(["replay", "discard"], row.QuerySelectorAll("button").Select(b => b.GetAttribute("value")));
        Assert.Empty(page.FindAll("img, script"));
    }

    [Fact]
    public void Render_SpoolFull_SaysThatEventsAreRefused()
    {
        _counted.State = new SpoolState(9, 1, "the spool is full");

        Assert.Contains("the spool is full", Show("").Find("[role=alert]").TextContent, StringComparison.Ordinal);
    }

    private IRenderedComponent<StatsPage> Show(string address)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(address);
        return Render<StatsPage>(p => p.AddCascadingValue<HttpContext>(context));
    }

    private sealed class Counted
        : IRequestHandler<ListProjects, IReadOnlyList<ProjectRow>>, IRequestHandler<GetOutcomes, OutcomeStats>,
            IRequestHandler<ListDeadLetters, IReadOnlyList<DeadLetterRow>>, IEventSpool
    {
        public IReadOnlyList<OutcomeGroup> Groups { get; set; } = [];

        public GetOutcomes? Asked { get; private set; }

        public IReadOnlyList<DeadLetterRow> Letters { get; set; } = [];

        public SpoolState State { get; set; }

        public void Append(IReadOnlyList<ProcessedEvent> events) => throw new NotSupportedException();

        public void Append(SpoolNote note) => throw new NotSupportedException();

        public SpooledBatch? ReadOldest(int maxEvents) => null;

        public void Remove(SpooledBatch batch) => throw new NotSupportedException();

        public Task<IReadOnlyList<DeadLetterRow>> Handle(ListDeadLetters request, CancellationToken cancellationToken) =>
            Task.FromResult(Letters);

        public Task<IReadOnlyList<ProjectRow>> Handle(ListProjects request, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<ProjectRow>>([]);

        public Task<OutcomeStats> Handle(GetOutcomes request, CancellationToken cancellationToken)
        {
            Asked = request;
            return Task.FromResult(new OutcomeStats([TestIssues.Now.AddHours(-1), TestIssues.Now], Groups));
        }
    }
}

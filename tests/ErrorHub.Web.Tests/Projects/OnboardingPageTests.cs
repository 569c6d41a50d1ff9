using Bunit;
using ErrorHub.Projects;
using ErrorHub.UseCases;
using ErrorHub.Web.Account;
using ErrorHub.Web.Hosting;
using ErrorHub.Web.Projects;
using MediatR;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.Web.Tests.Projects;

public sealed class OnboardingPageTests : BunitContext
{
    private const string Key = "0123456789abcdef0123456789abcdef";
    private const string Hostile = "<img src=x onerror=alert(1)>\"'&";
    private readonly Stored _stored = new();

    public OnboardingPageTests()
    {
        Services.AddSingleton<UseCaseSender>();
        Services.AddTransient<ServiceFactory>(provider => type => provider.GetService(type)!);
        Services.AddTransient<IMediator, Mediator>();
        Services.AddSingleton<IRequestHandler<GetProject, ProjectRow?>>(_stored);
        Services.AddSingleton<IRequestHandler<ListKeys, IReadOnlyList<KeyRow>?>>(_stored);
        Services.AddSingleton<IRequestHandler<GetNewestIssue, Guid?>>(_stored);
        Services.AddHttpContextAccessor();
        Services.AddScoped<CallerScope>();
        Services.AddSingleton<IServer, NoServer>();
        Services.AddSingleton(new InstallationOptions(new Uri("https://errors.example.com/hub"), "/tmp", HostRoles.Web));
        Services.AddSingleton<PublicAddress>();
        Services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
    }

    [Theory]
    [InlineData("node", "require(\"@sentry/node\")")]
    [InlineData("javascript", "from \"@sentry/browser\"")]
    [InlineData("python", "sentry_sdk.init")]
    [InlineData("dotnet", "SentrySdk.Init")]
    [InlineData("sentry-cli", "sentry-cli send-event")]
    public void Snippets_EachPlatform_CarryTheRealDsn(string platform, string expected)
    {
        var page = RenderPage(platform);
        var code = string.Concat(page.FindAll("pre").Select(p => p.TextContent));

        Assert.Contains(expected, code, StringComparison.Ordinal);
        Assert.Contains($"https://{Key}@errors.example.com/hub/7", code, StringComparison.Ordinal);
        Assert.Equal("page", page.Find($"a[href$='platform={platform}']").GetAttribute("aria-current"));
    }

    [Fact]
    public void Snippets_Curl_PostsToTheStoreEndpointWithTheKey()
    {
        var page = RenderPage("curl");

        Assert.Contains(
            $"'https://errors.example.com/hub/api/7/store/?sentry_key={Key}'", page.Find("pre").TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cobol")]
    [InlineData("<script>alert(1)</script>")]
    public void Snippets_UnknownPlatform_AreThoseOfNode(string platform) =>
        Assert.Contains("@sentry/node", RenderPage(platform).Find("pre").TextContent, StringComparison.Ordinal);

    [Fact]
    public void Name_Hostile_IsText()
    {
        var page = RenderPage("node");

        Assert.Equal("Connect " + Hostile, page.Find("h1").TextContent);
        Assert.Empty(page.FindAll("img"));
    }

    [Fact]
    public void FirstEvent_NotThere_WaitsAndThenLinksToTheIssue()
    {
        var waiting = RenderPage("node");
        Assert.Equal("/projects/shop/first-event", waiting.Find(".waiting").GetAttribute("data-first-event"));
        Assert.Empty(waiting.FindAll("[data-testid=first-issue]"));

        _stored.Issue = Guid.CreateVersion7();
        var arrived = RenderPage("node");

        Assert.False(arrived.Find(".waiting").HasAttribute("data-first-event"));
        Assert.Equal($"/issues/{_stored.Issue}", arrived.Find("[data-testid=first-issue]").GetAttribute("href"));
    }

    [Fact]
    public void Keys_NoneActive_SaysSo()
    {
        _stored.KeyIsActive = false;

        Assert.Contains("no active key", RenderPage("node").Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<OnboardingPage> RenderPage(string platform)
    {
        ComponentFactories.AddStub<PageTitle>();
        Services.GetRequiredService<Microsoft.AspNetCore.Components.NavigationManager>().NavigateTo("/projects/shop/onboarding?platform=" + Uri.EscapeDataString(platform));
        return Render<OnboardingPage>(parameters => parameters
            .AddCascadingValue<HttpContext>(new DefaultHttpContext())
            .Add(p => p.Slug, "shop"));
    }

    private sealed class Stored :
        IRequestHandler<GetProject, ProjectRow?>, IRequestHandler<ListKeys, IReadOnlyList<KeyRow>?>, IRequestHandler<GetNewestIssue, Guid?>
    {
        public Guid? Issue { get; set; }

        public bool KeyIsActive { get; set; } = true;

        public Task<ProjectRow?> Handle(GetProject request, CancellationToken cancellationToken) => Task.FromResult<ProjectRow?>(
            new ProjectRow(7, "shop", Hostile, "node", DateTimeOffset.UnixEpoch, null, null, null));

        public Task<IReadOnlyList<KeyRow>?> Handle(ListKeys request, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<KeyRow>?>(
            [new KeyRow(Guid.NewGuid(), 7, Key, "Default", KeyIsActive, null, DateTimeOffset.UnixEpoch)]);

        public Task<Guid?> Handle(GetNewestIssue request, CancellationToken cancellationToken) => Task.FromResult(Issue);
    }

    private sealed class NoServer : IServer
    {
        public IFeatureCollection Features { get; } = new FeatureCollection();

        public Task StartAsync<TContext>(IHttpApplication<TContext> application, CancellationToken cancellationToken)
            where TContext : notnull => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public void Dispose()
        {
        }
    }
}

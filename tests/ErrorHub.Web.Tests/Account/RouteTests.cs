using System.Net;
using ErrorHub.Accounts;
using ErrorHub.Privacy;
using ErrorHub.Protocol;
using ErrorHub.Regrouping;
using ErrorHub.Web.Account;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Account;

/// <summary>
/// Who may call what, over the routing table itself: a route that is added later is tested without anybody remembering it, and one
/// that is open to all, or has a parameter that these tests do not know, fails them until its author says so here.
/// </summary>
public sealed class RouteTests : IAsyncLifetime
{
    private static readonly string[] OpenToAll =
    [
        "/healthz", "/readyz", "/metrics", "/setup", "/account/login", "/account/invite", "/theme", "/not-found", "/openapi/{documentName}.json",
        // Public by nature: the DSN's key in the request is all that an SDK has.
        "/api/{project}/envelope/", "/api/{project}/store/", "/api/tunnel/", "/api/store/",
        "/api/{project}/security/", "/api/{project}/csp-report/", "/api/{project}/minidump/", "/api/embed/error-page/",
        // Always 404: sentry-cli learns that there are no regions, everybody that there is nothing.
        "/api/0/users/me/regions/", "/api/{**rest}",
        // Blazor's own, and the answer 404 to files that are not there.
        "/{**path:file}",
        "/_framework/opaque-redirect", "/_framework/resource-collection{fingerprint}.js", "/_framework/resource-collection{fingerprint}.js.gz",
    ];

    private readonly AccountServer _server = new();
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>An issue with one event in a project that the member may not see, and a member of another project.</summary>
    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        var secret = await _server.AddProjectAsync("Secret");
        await _server.AddMemberAsync("member@example.com", "default");
        var eventId = SentryId.NewId();
        var issueId = await _server.AddEventAsync(secret.Id, eventId);
        await _server.SendAsync(new StartRescrub(_server.Owner, secret.Slug));
        var keyId = await _server.QueryAsync(db => db.ProjectKeys.Where(k => k.ProjectId == secret.Id).Select(k => k.Id).SingleAsync());
        var change = (await _server.SendAsync(new TryGroupingRules(_server.Owner, secret.Slug, "type:X -> x", 7))).Value!.Change.Id;
        foreach (var (name, value) in ((string, string)[])
            [
                ("org", "errorhub"), ("team", "errorhub"), ("slug", secret.Slug), ("project", secret.Slug), ("issueId", issueId.ToString()), ("issue", issueId.ToString()),
                ("eventId", eventId.ToString()), ("eventKey", "latest"), ("version", "shop@1.0.0"), ("attachmentId", (await _server.AddAttachmentAsync(secret.Id, eventId)).ToString()), ("keyId", keyId.ToString()), ("key", "environment"), ("changeId", change.ToString()),
            ])
        {
            _values.Add(name, value);
        }
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public void Routes_OpenToAll_AreNamedHere() =>
        Assert.Empty(Routes.Where(IsOpen).Select(PathOf).Except(OpenToAll));

    [Fact]
    public void Routes_OfTheApi_TakeTokensOnly() =>
        Assert.Empty(Routes.Where(r => IsApi(r) && !IsOpen(r)).Where(r => r.Metadata
            .GetOrderedMetadata<AuthorizationPolicy>().SelectMany(p => p.AuthenticationSchemes).Distinct().ToArray() is not [ApiTokenHandler.SchemeName])
            .Select(PathOf));

    [Fact]
    public async Task Pages_NobodyLoggedIn_SendToTheLogIn()
    {
        using var browser = _server.NewBrowser();
        var wrong = new List<string>();
        foreach (var route in Routes.Where(r => !IsApi(r) && !IsOpen(r) && Allows(r, "GET")))
        {
            await browser.GetAsync(Filled(route));
            if (!browser.Redirect.StartsWith("/account/login?returnUrl=", StringComparison.Ordinal))
                wrong.Add($"{PathOf(route)}: {browser.Status} {browser.Redirect}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Pages_OfAProjectThatTheMemberMayNotSee_AreNotFound()
    {
        using var owner = await _server.LogInAsync(AccountServer.OwnerEmail);
        using var member = await _server.LogInAsync("member@example.com");
        var (seen, wrong) = (0, new List<string>());
        foreach (var route in Routes.Where(r => !IsApi(r) && !IsOpen(r) && r.RoutePattern.Parameters.Count > 0 && Allows(r, "GET")))
        {
            seen++;
            // The owner's answer shows that the address is a good one, and the member's 404 therefore a refusal.
            var (allowed, refused) = ((await owner.GetAsync(Filled(route))).Status, (await member.GetAsync(Filled(route))).Status);
            if ((int)allowed >= 400 || refused != HttpStatusCode.NotFound)
                wrong.Add($"{PathOf(route)}: owner {allowed}, member {refused}");
            if (member.Html.Contains("Secret", StringComparison.Ordinal))
                wrong.Add($"{PathOf(route)}: its 404 names the project");
        }

        Assert.Empty(wrong);
        Assert.True(seen > 0);
    }

    [Fact]
    public async Task Api_OfAProjectThatTheMemberMayNotSee_IsNotFound()
    {
        using var member = _server.NewApiClient(await TokenOfAsync("member@example.com", UserRole.Member));
        using var owner = _server.NewApiClient(await TokenOfAsync(AccountServer.OwnerEmail, UserRole.Owner));
        var wrong = new List<string>();
        foreach (var route in Routes.Where(r => IsApi(r) && !IsOpen(r) && NamesSomethingSecret(r)))
        {
            foreach (var method in Methods(route))
            {
                var refused = await SendAsync(member, method, Filled(route));
                // Forbidden: no member's token has the scope that the route asks for, whatever the project.
                if (refused is not HttpStatusCode.NotFound && (refused is not HttpStatusCode.Forbidden || method == "GET"))
                    wrong.Add($"{method} {PathOf(route)}: member {refused}");
            }

            if (Allows(route, "GET") && await SendAsync(owner, "GET", Filled(route)) is var allowed and not HttpStatusCode.OK)
                wrong.Add($"GET {PathOf(route)}: owner {allowed}");
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Forms_OfAProjectThatTheMemberMayNotSee_ChangeNothing()
    {
        using var owner = await _server.LogInAsync(AccountServer.OwnerEmail);
        using var member = await _server.LogInAsync("member@example.com");
        await owner.GetAsync("/projects/secret/settings");
        var forms = owner.Forms("");
        await member.GetAsync("/projects/default/settings");
        var token = member.AntiforgeryToken();
        var before = await StateAsync();

        foreach (var form in forms)
        {
            await member.PostAsync(
                "/projects/secret/settings", token, form, ("verb", "toggle"), ("confirm", "secret"), ("Form.Name", "Taken"), ("Form.Count", "1"));
            Assert.InRange((int)member.Status, 400, 499);
        }

        foreach (var act in (string[])["resolve", "archive", "assign-me"])
            await member.PostAsync("/issues/actions", token, "", ("Id", _values["issueId"]), ("Act", act));

        Assert.Contains("delete", forms);
        Assert.Contains(forms, f => f.StartsWith("key-", StringComparison.Ordinal));
        Assert.Equal(before, await StateAsync());
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/account/login")]
    [InlineData("/projects")]
    [InlineData("/nothing/here")]
    [InlineData("/api/0/test/read")]
    public async Task Answers_OfEveryKind_CarryTheSecurityHeaders(string path)
    {
        using var client = _server.NewApiClient(null);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));

        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    private IEnumerable<RouteEndpoint> Routes => _server.Endpoints.OfType<RouteEndpoint>()
        .Where(r => r.Metadata.GetMetadata<StaticAssetDescriptor>() is null && r.RoutePattern.RawText?.Contains("/test/", StringComparison.Ordinal) is false);

    private async Task<string> StateAsync() => await _server.QueryAsync(async db => string.Join(
        '\n',
        [
            .. await db.Projects.Select(p => $"{p.Slug} {p.Name} {p.DeletedAt}").ToListAsync(),
            .. await db.ProjectKeys.Select(k => $"{k.Id} {k.Name} {k.IsActive}").ToListAsync(),
            .. await db.Issues.Select(i => $"{i.Id} {i.Status} {i.AssigneeId}").ToListAsync(),
        ]));

    private async Task<string> TokenOfAsync(string email, UserRole role)
    {
        var id = await _server.QueryAsync(db => db.Users.Where(u => u.Email == email).Select(u => u.Id).SingleAsync());
        var scope = (await _server.SendAsync(new GetAccess(id, null)))!;
        return (await _server.SendAsync(new CreateApiToken(scope, "all", ApiScopes.Of(role), null))).Value!.Token;
    }

    private static async Task<HttpStatusCode> SendAsync(HttpClient client, string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (method is "PUT" or "POST")
            request.Content = new StringContent("{}", null, "application/json");
        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private string Filled(RouteEndpoint route) => string.Concat(route.RoutePattern.PathSegments.Select(segment => "/" + string.Concat(
        segment.Parts.Select(part => part switch
        {
            RoutePatternParameterPart parameter => _values.TryGetValue(parameter.Name, out var value)
                ? value
                : throw new InvalidOperationException($"Say in this test what {{{parameter.Name}}} of {PathOf(route)} may stand for."),
            RoutePatternLiteralPart literal => literal.Content,
            _ => "",
        }))));

    private static bool NamesSomethingSecret(RouteEndpoint route) =>
        route.RoutePattern.Parameters.Any(p => p.Name is not ("org" or "team" or "key"));

    private static string PathOf(RouteEndpoint route) => "/" + route.RoutePattern.RawText!.TrimStart('/');

    private static bool IsApi(RouteEndpoint route) => PathOf(route).StartsWith("/api/", StringComparison.Ordinal);

    private static bool IsOpen(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IAllowAnonymous>() is not null
        || (route.Metadata.GetMetadata<IAuthorizeData>() is null && route.Metadata.GetMetadata<AuthorizationPolicy>() is null);

    private static IReadOnlyList<string> Methods(RouteEndpoint route) => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [];

    private static bool Allows(RouteEndpoint route, string method) => Methods(route).Contains(method);
}

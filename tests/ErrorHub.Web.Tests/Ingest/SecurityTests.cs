using System.Net;
using ErrorHub.Events;
using ErrorHub.Web.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>What browsers report of a Content-Security-Policy: rows 96 and 97 of protocol.md section 12, titles of section 8.3.</summary>
public sealed class SecurityTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private const string Address = $"/api/1/security/?sentry_key={Sdk.Key}";

    private readonly Sdk _sdk = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Row96_ReportUri_BecomesOneEventWithItsTitleAndTags()
    {
        var host = Host();
        var report = $$$"""
            {"csp-report":{"document-uri":"https://shop.example/cart","violated-directive":"script-src https://shop.example",
            "effective-directive":"script-src-elem","blocked-uri":"https://{{{host}}}/x.js","referrer":"https://search.example/"}}
            """;

        var answer = await _sdk.PostAsync(Address + "&sentry_release=shop%401.0", report, ("Content-Type", "application/csp-report; charset=utf-8"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var e = Assert.Single(await EventsAsync($"Blocked 'script' from '{host}'"));
        Assert.Equal("shop@1.0", e.Release);
        var issue = await server.QueryAsync(db => db.IssueFingerprints.Where(f => f.ProjectId == 1 && f.Hash == e.Hash)
            .Join(db.Issues.AsNoTracking(), f => f.IssueId, i => i.Id, (f, i) => i).SingleAsync(Cancelled));
        Assert.Equal(("script-src 'self'", "csp"), (issue.Culprit, issue.Logger));
    }

    [Fact]
    public async Task Row96_ReportingApi_EachReportOfABatchBecomesAnEvent()
    {
        var host = Host();
        var batch = $$$"""
            [{"type":"csp-violation","url":"https://shop.example/","body":{"documentURL":"https://shop.example/","effectiveDirective":"img-src","blockedURL":"https://{{{host}}}/a.png"}},
             {"type":"csp-violation","url":"https://shop.example/","body":{"documentURL":"https://shop.example/","effectiveDirective":"font-src","blockedURL":"https://{{{host}}}/b.woff"}}]
            """;

        var answer = await _sdk.PostAsync(Address, batch, ("Content-Type", "application/reports+json"));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Single(await EventsAsync($"Blocked 'image' from '{host}'"));
        Assert.Single(await EventsAsync($"Blocked 'font' from '{host}'"));
    }

    [Theory]
    [InlineData("script-src", "inline", "Blocked unsafe inline 'script'")]
    [InlineData("script-src", "eval", "Blocked unsafe eval() 'script'")]
    [InlineData("style-src", "", "Blocked inline 'style'")]
    [InlineData("form-action", "https://evil.example", "Blocked 'form' action to 'evil.example'")]
    public async Task Row96_Report_IsTitledByItsKind(string directive, string blocked, string title)
    {
        var report = $$$"""{"csp-report":{"document-uri":"https://shop.example/","violated-directive":"{{{directive}}}","blocked-uri":"{{{blocked}}}"}}""";

        await _sdk.PostAsync(Address, report, ("Content-Type", "application/csp-report"));

        Assert.NotEmpty(await EventsAsync(title));
    }

    [Fact]
    public async Task Row96_OtherContentType_415() =>
        (await _sdk.PostAsync(Address, "{}", ("Content-Type", "text/html"))).IsRefused(HttpStatusCode.UnsupportedMediaType);

    [Theory]
    [InlineData("/api/1/security/", "{}", HttpStatusCode.Unauthorized)]
    [InlineData("/api/1/csp-report/?sentry_key=0123456789abcdef0123456789abcde0", "{}", HttpStatusCode.Forbidden)]
    [InlineData(Address, "42", HttpStatusCode.BadRequest)]
    public async Task Row97_NoKeyForeignKeyOrNoObject_IsRefused(string address, string body, HttpStatusCode status) =>
        (await _sdk.PostAsync(address, body, ("Content-Type", "application/csp-report"))).IsRefused(status);

    [Fact]
    public async Task Row97_TwoMegabytes_413() =>
        (await _sdk.PostAsync(Address, new byte[2 * 1024 * 1024], ("Content-Type", "application/csp-report"))).IsRefused(HttpStatusCode.RequestEntityTooLarge);

    private static string Host() => $"h{Sdk.NewId()}.example";

    private Task<List<StoredEvent>> EventsAsync(string title) =>
        server.QueryAsync(db => db.Events.AsNoTracking().Where(e => e.Title == title).ToListAsync(Cancelled));
}

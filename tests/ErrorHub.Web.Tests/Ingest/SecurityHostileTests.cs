using System.Net;
using ErrorHub.Web.Tests.Server;
using Microsoft.EntityFrameworkCore;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Browsers' reports come from strangers: their text is cleaned and cut as that of any event, on both databases.</summary>
public abstract class SecurityHostileTests(ErrorHubServer server)
{
    private readonly Sdk _sdk = new(server);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("zero\\u0000byte")]
    [InlineData("cut \\ud83d")]
    [InlineData("LONG")]
    public async Task Row96_HostileText_StoredCleanAndShort(string text)
    {
        var value = text == "LONG" ? new string('x', 100_000) : text;
        var release = Uri.EscapeDataString(text == "LONG" ? value[..5_000] : "1.0\0");
        var before = await CountAsync();

        var answer = await _sdk.PostAsync(
            $"/api/1/security/?sentry_key={Sdk.Key}&sentry_release={release}",
            $$$"""{"csp-report":{"document-uri":"{{{value}}}","violated-directive":"img-src {{{value}}}","blocked-uri":"{{{value}}}","referrer":"{{{value}}}"}}""",
            ("Content-Type", "application/csp-report"));

        Assert.Equal((HttpStatusCode.OK, "{}"), (answer.Status, answer.Body));
        Assert.Equal(before + 1, await CountAsync());
        var tags = await server.QueryAsync(db => db.IssueTags.AsNoTracking().Where(t => t.ProjectId == 1).ToListAsync(Cancelled));
        Assert.All(tags, tag => Assert.InRange(tag.Value.Length, 1, 200));
        Assert.All(tags, tag => Assert.DoesNotContain('\0', tag.Value));
    }

    private Task<int> CountAsync() => server.QueryAsync(db => db.Events.CountAsync(e => e.ProjectId == 1, Cancelled));
}

public sealed class SqliteSecurityHostileTests(ErrorHubServer server) : SecurityHostileTests(server), IClassFixture<ErrorHubServer>;

public sealed class PostgreSqlSecurityHostileTests(PostgreSqlErrorHubServer server)
    : SecurityHostileTests(server), IClassFixture<PostgreSqlErrorHubServer>;

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ErrorHub.Ingest;
using ErrorHub.Sessions;
using ErrorHub.Web.Tests.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Release health: row 102 of protocol.md section 12, and section 10.</summary>
public sealed class SessionTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);
    private readonly string _release = $"shop@{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Row102_InitThenCrashedThenCrashedAgain_IsOneSessionThatCrashed()
    {
        var sid = Guid.NewGuid();
        var before = await _sdk.CountedAsync(Outcome.Accepted, "", "session");

        await SendAsync("session", Session(sid, "ok", "\"init\":true,"));
        await SendAsync("session", Session(sid, "crashed"));
        await SendAsync("session", Session(sid, "crashed"));

        Assert.Equal((1, 1, 0), await CountsAsync());
        Assert.Equal(before + 3, await _sdk.CountedAsync(Outcome.Accepted, "", "session"));
    }

    [Fact]
    public async Task Row102_Aggregates_AreAddedToTheSameHour()
    {
        await SendAsync("session", Session(Guid.NewGuid(), "crashed", "\"init\":true,"));
        await SendAsync("sessions", $$$"""
            {"aggregates":[{"started":"{{{Now}}}","exited":20,"errored":3,"crashed":2},{"started":"{{{Now}}}","exited":5}],"attrs":{"release":"{{{_release}}}","environment":"production"}}
            """);

        Assert.Equal((31, 3, 3), await CountsAsync());
    }

    [Theory]
    [InlineData("session", "{}")]
    [InlineData("session", """{"sid":"c07f4b0e5ac2487a9b7fd8d2ba1a2b11","started":"2026-11-25T10:00:00Z","attrs":{"release":" "}}""")]
    [InlineData("session", """{"sid":"no id","started":"2026-11-25T10:00:00Z","attrs":{"release":"a"}}""")]
    [InlineData("sessions", """{"aggregates":[{"started":"2026-11-25T10:00:00Z","exited":-4,"crashed":"many"}],"attrs":{"release":"a"}}""")]
    [InlineData("sessions", "[1")]
    public async Task Row102_WhatCannotBeCounted_IsTakenAndCountedInvalid(string type, string payload)
    {
        var before = await _sdk.CountedAsync(Outcome.Invalid, "invalid_json", "session");

        await SendAsync(type, payload);

        Assert.Equal(before + 1, await _sdk.CountedAsync(Outcome.Invalid, "invalid_json", "session"));
    }

    [Fact]
    public async Task SessionsApi_GroupedByRelease_TellsSumAndCrashFreeRate()
    {
        for (var i = 0; i < 4; i++)
            await SendAsync("session", Session(Guid.NewGuid(), i == 0 ? "crashed" : "exited", "\"init\":true,"));
        await server.Services.GetRequiredService<SessionBatcher>().FlushAsync(Cancelled);

        var stats = await ApiAsync($"field=sum(session)&field=crash_free_rate(session)&groupBy=release&statsPeriod=24h&release={_release}");
        var byStatus = await ApiAsync($"field=sum(session)&groupBy=session.status&release={_release}");

        var group = Assert.Single(stats.GetProperty("groups").EnumerateArray().ToList());
        Assert.Equal(_release, group.GetProperty("by").GetProperty("release").GetString());
        Assert.Equal(4, group.GetProperty("totals").GetProperty("sum(session)").GetDouble());
        Assert.Equal(0.75, group.GetProperty("totals").GetProperty("crash_free_rate(session)").GetDouble());
        Assert.Equal(stats.GetProperty("intervals").GetArrayLength(), group.GetProperty("series").GetProperty("sum(session)").GetArrayLength());
        Assert.Equal(
            [("healthy", 3.0), ("crashed", 1.0)],
            byStatus.GetProperty("groups").EnumerateArray()
                .Select(g => (g.GetProperty("by").GetProperty("session.status").GetString()!, g.GetProperty("totals").GetProperty("sum(session)").GetDouble()))
                .Where(g => g.Item2 > 0));
    }

    [Theory]
    [InlineData("field=count(users)")]
    [InlineData("field=sum(session)&groupBy=user")]
    [InlineData("field=sum(session)&interval=5m")]
    [InlineData("field=sum(session)&statsPeriod=900d")]
    public async Task SessionsApi_WhatItDoesNotKnow_400(string query)
    {
        using var answer = await server.Api.GetAsync(new Uri($"/api/0/organizations/errorhub/sessions/?{query}", UriKind.Relative), Cancelled);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static string Now => DateTimeOffset.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);

    private string Session(Guid sid, string status, string members = "") =>
        $$$"""{"sid":"{{{sid}}}",{{{members}}}"started":"{{{Now}}}","status":"{{{status}}}","attrs":{"release":"{{{_release}}}","environment":"production"}}""";

    private async Task SendAsync(string type, string payload) => Assert.Equal(
        HttpStatusCode.OK, (await _sdk.PostAsync(Sdk.Envelope, "{}\n" + $$"""{"type":"{{type}}"}""" + "\n" + payload.Trim(), Sdk.Auth)).Status);

    private async Task<(long Total, long Crashed, long Errored)> CountsAsync()
    {
        await server.Services.GetRequiredService<SessionBatcher>().FlushAsync(Cancelled);
        var hours = await server.QueryAsync(db => db.SessionHours.AsNoTracking().Where(h => h.Release == _release).ToListAsync(Cancelled));
        return (hours.Sum(h => h.Total), hours.Sum(h => h.Crashed), hours.Sum(h => h.Errored));
    }

    private async Task<JsonElement> ApiAsync(string query) =>
        await server.Api.GetFromJsonAsync<JsonElement>(new Uri($"/api/0/organizations/errorhub/sessions/?{query}", UriKind.Relative), Cancelled);
}

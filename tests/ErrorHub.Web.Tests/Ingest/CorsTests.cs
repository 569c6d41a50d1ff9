using System.Net;
using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>What browsers need: rows 32 and 33 of protocol.md section 12. That every answer has the header, <see cref="Sdk"/> checks.</summary>
public sealed class CorsTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    [Theory]
    [InlineData(Sdk.Envelope)]
    [InlineData(Sdk.Store)]
    [InlineData("/api/tunnel/")]
    public async Task Row32_Preflight_NeedsNoKeyAndAllowsWhatIsAsked(string path)
    {
        const string asked = "x-sentry-auth,content-type,sentry-trace,baggage";

        var answer = await _sdk.SendAsync(
            HttpMethod.Options, path, null, ("Origin", "https://shop.example"), ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", asked));

        Assert.Equal(HttpStatusCode.NoContent, answer.Status);
        Assert.Equal(asked, string.Join(',', answer.Headers.GetValues("Access-Control-Allow-Headers").SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries))));
        Assert.Contains("POST", string.Join(',', answer.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
        Assert.InRange(int.Parse(Assert.Single(answer.Headers.GetValues("Access-Control-Max-Age")), System.Globalization.CultureInfo.InvariantCulture), 1, 86400);
    }

    [Theory]
    [InlineData("?nothing=1", "{}", HttpStatusCode.Unauthorized)]
    [InlineData("?sentry_key=99999999999999999999999999999999", "{}", HttpStatusCode.Forbidden)]
    [InlineData($"?sentry_key={Sdk.Key}", "", HttpStatusCode.BadRequest)]
    [InlineData($"?sentry_key={Sdk.Key}", "no envelope", HttpStatusCode.BadRequest)]
    public async Task Row33_Errors_ExposeTheirReason(string query, string body, HttpStatusCode expected)
    {
        var answer = await _sdk.PostAsync(Sdk.Envelope + query, body, ("Origin", "null"));

        answer.IsRefused(expected);
        var exposed = answer.Headers.GetValues("Access-Control-Expose-Headers").SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries)).ToArray();
        Assert.Contains("X-Sentry-Error", exposed);
        Assert.Contains("X-Sentry-Rate-Limits", exposed);
        Assert.Contains("Retry-After", exposed);
    }
}

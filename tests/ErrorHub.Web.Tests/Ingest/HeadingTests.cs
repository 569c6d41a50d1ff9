using ErrorHub.Web.Tests.Server;

namespace ErrorHub.Web.Tests.Ingest;

/// <summary>Titles and culprits of the issues that events become: rows 94 and 95 of protocol.md section 12.</summary>
public sealed class HeadingTests(ErrorHubServer server) : IClassFixture<ErrorHubServer>
{
    private readonly Sdk _sdk = new(server);

    [Theory]
    [InlineData("""{"type":"E","value":"v","mechanism":{"type":"x","synthetic":true},"stacktrace":{"frames":[{"function":"main"}]}}""", "main")]
    [InlineData("""{"type":"E","value":"v2","mechanism":{"type":"x","synthetic":true}}""", "<unknown>")]
    [InlineData("""{"type":"E","value":"first\nsecond"}""", "E: first")]
    public async Task Row94_Exceptions_HaveTheirTitle(string exception, string title) =>
        Assert.Equal(title, (await _sdk.StoreRowAsync($$"""{"exception":{{exception}}}""")).Title);

    [Fact]
    public async Task Row94_Message_IsItsFirstLine() =>
        Assert.Equal("first", (await _sdk.StoreRowAsync("""{"message":"first\nsecond"}""")).Title);

    [Theory]
    [InlineData("""{"platform":"javascript","exception":{"type":"E","value":"1","stacktrace":{"frames":[{"function":"f","filename":"app.js"}]}}}""", "f(app.js)")]
    [InlineData("""{"platform":"python","exception":{"type":"E","value":"2","stacktrace":{"frames":[{"function":"f","module":"mod"}]}}}""", "mod in f")]
    [InlineData("""{"platform":"native","exception":{"type":"E","value":"3","stacktrace":{"frames":[{"function":"f","module":"mod"}]}}}""", "f")]
    [InlineData("""{"platform":"python","transaction":"GET /cart","exception":{"type":"E","value":"4","stacktrace":{"frames":[{"function":"g","module":"mod"}]}}}""", "GET /cart")]
    public async Task Row95_Culprits_ArePlatformsOwn(string payload, string culprit) =>
        Assert.Equal(culprit, (await _sdk.StoreRowAsync(payload)).Culprit);
}

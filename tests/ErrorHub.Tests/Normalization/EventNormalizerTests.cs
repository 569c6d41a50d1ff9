using ErrorHub.Protocol.Events;

namespace ErrorHub.Tests.Normalization;

public sealed class EventNormalizerTests
{
    private const string Client = "203.0.113.9";

    [Theory]
    [InlineData("""{"platform":"python","user":{"ip_address":"{{auto}}"}}""", Client)]
    [InlineData("""{"platform":"python","user":{"ip_address":"198.51.100.1"}}""", "198.51.100.1")]
    [InlineData("""{"platform":"python","user":{"id":1}}""", null)]
    [InlineData("""{"platform":"python","request":{"env":{"REMOTE_ADDR":"198.51.100.2"}}}""", "198.51.100.2")]
    [InlineData("""{"platform":"python","request":{"env":{"REMOTE_ADDR":"bogus"}}}""", null)]
    [InlineData("""{"platform":"javascript"}""", Client)]
    [InlineData("""{"platform":"javascript","user":{"ip_address":"bogus"}}""", Client)]
    [InlineData("""{"platform":"cocoa","user":{"id":"7"}}""", Client)]
    [InlineData("""{"platform":"javascript","sdk":{"name":"s","settings":{"infer_ip":"never"}}}""", null)]
    [InlineData("""{"platform":"node"}""", null)]
    public void Apply_UserAddress_IsTheSendersOnlyWhereThatIsTheUser(string json, string? address) =>
        Assert.Equal(address, Normalized.Event(json, Normalized.Context with { ClientIp = Client }).User?.IpAddress);

    [Theory]
    [InlineData("""{"platform":"javascript"}""")]
    [InlineData("""{"user":{"ip_address":"{{auto}}"}}""")]
    public void Apply_AddressOfTheSenderUnknown_StaysUnknown(string json) => Assert.Null(Normalized.Event(json).User?.IpAddress);

    [Fact]
    public void Apply_SdkOfTheEvent_WinsOverEnvelopeAndClient()
    {
        var context = Normalized.Context with { EnvelopeSdk = new SentrySdk("envelope", "2"), Client = "client/3" };

        Assert.Equal(("own", "1"), Sdk("""{"sdk":{"name":"own","version":"1"}}"""));
        Assert.Equal(("envelope", "2"), Sdk("{}"));
        Assert.Equal(("envelope", "9"), Sdk("""{"sdk":{"version":"9"}}"""));

        (string?, string?) Sdk(string json) => Normalized.Event(json, context).Sdk is { } sdk ? (sdk.Name, sdk.Version) : default;
    }

    [Theory]
    [InlineData("sentry.python/2.0.1", "sentry.python", "2.0.1")]
    [InlineData("curl", "curl", null)]
    [InlineData("/2", "/2", null)]
    public void Apply_NoSdkAnywhere_IsTheClientOfTheAuthentication(string client, string name, string? version) =>
        Assert.Equal(new SentrySdk(name, version), Normalized.Event("{}", Normalized.Context with { Client = client }).Sdk);

    [Fact]
    public void Apply_NothingKnownOfTheSdk_StaysNull() => Assert.Null(Normalized.Event("{}").Sdk);
}
